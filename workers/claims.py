"""What is claimed from a queue of rows, whatever it is: worked on with its lease kept, and given back."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar
from uuid import UUID

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from consultancy.actions.deliverables import ClaimLost
from tenants.database import tenant_session, transaction
from workers.leash import finishing

log = structlog.get_logger()

AWAY_SECONDS = 1  # between two tries to reach a database that is away


class OfTenant(Protocol):
    """A claim of whatever kind, inside one consultancy."""

    @property
    def tenant_id(self) -> UUID: ...


Held = TypeVar("Held", bound=OfTenant)
Held_contra = TypeVar("Held_contra", bound=OfTenant, contravariant=True)


class Postpone(Protocol[Held_contra]):
    """The verb that puts a claimed row back into its queue."""

    def __call__(self, claim: Held_contra, /, *, reason: str, fault_of_document: bool) -> None: ...


@contextmanager
def holding(app: Flask, claim: OfTenant) -> Iterator[None]:
    """A fresh context and one short transaction inside the claim's consultancy."""
    with app.app_context():
        tenant_session().enter(claim.tenant_id)
        with transaction():
            yield


def give_back(app: Flask, claim: Held, postpone: Postpone[Held], *, reason: str, fault_of_document: bool) -> None:
    """Postpone what was claimed. A database that is away is waited for as long as the lease may last; after that, or
    when the worker is to stop, the lease runs out by itself."""
    until = time.monotonic() + app.config["LEASE_SECONDS"]
    while True:
        try:
            with holding(app, claim):
                postpone(claim, reason=reason, fault_of_document=fault_of_document)
            return
        except ClaimLost:
            return
        except OperationalError:
            if time.monotonic() > until or finishing.wait(AWAY_SECONDS):
                raise


@contextmanager
def kept_lease(app: Flask, claim: Held, keep: Callable[[Held, int], None]) -> Iterator[None]:
    """Renew the lease in the background for as long as the block runs."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(app.config["HEARTBEAT_SECONDS"]):
            try:
                with holding(app, claim):
                    keep(claim, app.config["LEASE_SECONDS"])
            except ClaimLost:
                return  # the fence will refuse the write itself
            except OperationalError as error:  # away for a moment: the next beat may still be in time
                log.warning("lease.not_kept", kind=type(error).__name__)

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
