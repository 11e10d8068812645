"""How often someone may try. Counted in the database, so that it holds when the queue's server is down."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db, now
from tenants.refusal import Refusal

WINDOW_SECONDS = 30  # a span is counted in whole windows, the one that began before it included: never too few


class Throttle(db.Model):
    """Tries under one key (an account, an address, everybody) in one window of time. The key is a hash."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    window: Mapped[datetime] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)


class TooManyTries(Refusal):
    """The limit of a purpose is reached. The same for accounts that exist and those that do not."""

    status = 429


class Limit(NamedTuple):
    tries: int
    within: timedelta


@dataclass(frozen=True)
class Purpose:
    """What is tried, and how often that may be: by one account, from one address, by everybody together."""

    name: str
    account: tuple[Limit, ...] = ()
    address: tuple[Limit, ...] = ()
    everybody: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Taken:
    """A try that was counted."""

    keys: tuple[str, ...] = field(default=())
    window: datetime = datetime.min


FIVE_MINUTES, HOUR, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)
SIGN_IN = Purpose(
    "sign_in",
    account=(Limit(10, FIVE_MINUTES),),
    address=(Limit(10, FIVE_MINUTES),),
    everybody=(Limit(1000, FIVE_MINUTES),),
)
PASSWORD = Purpose("password", account=(Limit(10, FIVE_MINUTES),))  # the old one, asked before a change
SECOND_FACTOR = Purpose("second_factor", account=(Limit(5, FIVE_MINUTES), Limit(20, HOUR), Limit(50, DAY)))
RESET = Purpose("reset", account=(Limit(5, DAY),), address=(Limit(5, DAY),))


def take(purpose: Purpose, *, account: str = "", address: str = "") -> Taken:
    """Count one try, or raise TooManyTries: then it is not counted, or a knocking stranger would lock a door for good.

    The caller commits at once, before anything else is done, so that it counts whatever becomes of the request.
    """
    limits = _limits(purpose, account=account, address=address)
    keys = sorted(limits)  # one order for all: two requests never wait for each other in a circle
    db.session.execute(sa.select(*(sa.func.pg_advisory_xact_lock(_number(key)) for key in keys)))
    moment = now()
    window = _window(moment)
    counted = insert(Throttle).values([{"key": key, "window": window, "tries": 1} for key in keys])
    db.session.execute(
        counted.on_conflict_do_update(index_elements=["key", "window"], set_={"tries": Throttle.tries + 1})
    )
    rows = db.session.execute(
        sa.select(Throttle.key, Throttle.window, Throttle.tries).where(
            Throttle.key.in_(keys), Throttle.window > moment - _longest(purpose) - timedelta(seconds=WINDOW_SECONDS)
        )
    ).all()
    for key, bounds in limits.items():
        for limit in bounds:
            since = moment - limit.within - timedelta(seconds=WINDOW_SECONDS)
            if sum(row.tries for row in rows if row.key == key and row.window > since) > limit.tries:
                raise TooManyTries
    return Taken(tuple(keys), window)


def give_back(taken: Taken) -> None:
    """The try was no guess: it succeeded."""
    db.session.execute(
        sa.update(Throttle)
        .where(Throttle.key.in_(taken.keys), Throttle.window == taken.window, Throttle.tries > 0)
        .values(tries=Throttle.tries - 1)
    )


def clear(purpose: Purpose, account: str) -> None:
    """The person proved who they are: what was tried under their account is forgotten."""
    db.session.execute(sa.delete(Throttle).where(Throttle.key == _key(purpose, "account", _email(account))))


def sweep() -> int:
    """Windows that no limit looks at any more."""
    old = db.session.execute(sa.delete(Throttle).where(Throttle.window < now() - DAY - HOUR))
    return old.rowcount  # type: ignore[attr-defined, no-any-return]


def _limits(purpose: Purpose, *, account: str, address: str) -> dict[str, tuple[Limit, ...]]:
    told = {
        _key(purpose, "account", _email(account)): purpose.account,
        _key(purpose, "address", _network(address)): purpose.address,
        _key(purpose, "everybody", ""): purpose.everybody,
    }
    return {key: bounds for key, bounds in told.items() if bounds}


def _longest(purpose: Purpose) -> timedelta:
    return max(limit.within for limit in (*purpose.account, *purpose.address, *purpose.everybody))


def _key(purpose: Purpose, kind: str, subject: str) -> str:
    return f"{purpose.name}:{hashlib.sha256(f'{kind}:{subject}'.encode()).hexdigest()}"


def _number(key: str) -> int:
    """The key as the 64 bits an advisory lock is known by."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)


def _window(moment: datetime) -> datetime:
    return datetime.fromtimestamp(moment.timestamp() // WINDOW_SECONDS * WINDOW_SECONDS, UTC)


def _email(account: str) -> str:
    return account.strip().lower()


def _network(address: str) -> str:
    """One household has 2**64 addresses of version 6: they count as one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)
