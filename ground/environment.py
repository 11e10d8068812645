"""What the product's processes are told: read from the environment, checked once, completed by the built-in servers."""

import json
import os
import secrets
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from ground.folders import write_private
from ground.ports import is_taken
from ground.refusal import CannotStart

CHECKOUT = Path(__file__).resolve().parents[1]
SECRET_BYTES = 32
TELLTALES = ("changeme", "change-me", "change_me", "secret", "password", "default", "example", "insecure")
DIFFERENT_CHARACTERS = 8  # a random key of 32 bytes has more; "aaaa…" and "12341234…" have fewer
REACHED_WITHIN = 5  # seconds


@dataclass(frozen=True)
class Environment:
    """The wishes of whoever starts the product. An empty address means the built-in server."""

    home: Path
    port: int
    production: bool
    secret_key: str
    public_base_url: str
    storage_url: str
    database_url: str
    owner_database_url: str
    redis_url: str

    @property
    def uses_built_in_servers(self) -> bool:
        """Whether PostgreSQL, Valkey or both are ours to start."""
        return not (self.database_url and self.redis_url)

    def warnings(self) -> list[str]:
        """What is allowed and still worth a thought."""
        if self.production and not self.database_url:
            return ["Warning: production mode on the built-in database; it suits one small office that keeps backups."]
        return []

    def variables(self, *, database_url: str = "", owner_database_url: str = "", redis_url: str = "") -> dict[str, str]:
        """The environment of the product's processes; the addresses given are those of the built-in servers."""
        ours = {
            "CONSULTANCY_HOME": str(self.home),
            "PORT": str(self.port),
            "PUBLIC_BASE_URL": self.public_base_url,
            "STORAGE_URL": self.storage_url,
            "SECRET_KEY": self.secret_key or kept_secret(self.home / "secret_key"),
            "DATABASE_URL": self.database_url or database_url,
            "OWNER_DATABASE_URL": self.owner_database_url or owner_database_url,
            "REDIS_URL": self.redis_url or redis_url,
        }
        return ours | ({"CONSULTANCY_MODE": "production"} if self.production else {})


def read(given: Mapping[str, str], directory: Path | None = None) -> Environment:
    """Read and check the wishes; `directory` is where a relative path starts."""
    production = given.get("CONSULTANCY_MODE", "")
    if production not in ("", "production"):
        raise CannotStart(f"CONSULTANCY_MODE is {production!r}; it knows only the word production.")
    database, owner = given.get("DATABASE_URL", ""), given.get("OWNER_DATABASE_URL", "")
    if bool(database) != bool(owner):
        absent = "OWNER_DATABASE_URL" if database else "DATABASE_URL"
        raise CannotStart(f"{absent} is missing: DATABASE_URL and OWNER_DATABASE_URL are given together or not at all.")
    port = read_port(given.get("PORT", ""))
    home = ((directory or Path.cwd()) / (given.get("CONSULTANCY_HOME") or CHECKOUT / "var")).resolve()
    if production:
        check_secret(given.get("SECRET_KEY", ""))
    return Environment(
        home=home,
        port=port,
        production=bool(production),
        secret_key=given.get("SECRET_KEY", ""),
        # In production a wrong guess would go out in mails: the product asks for the address itself.
        public_base_url=given.get("PUBLIC_BASE_URL") or ("" if production else f"http://127.0.0.1:{port}"),
        storage_url=given.get("STORAGE_URL") or str(home / "files"),
        database_url=with_driver(database),
        owner_database_url=with_driver(owner),
        redis_url=given.get("REDIS_URL", ""),
    )


def read_port(text: str) -> int:
    """The port of the pages, 8000 when none is wished."""
    text = text or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CannotStart(f"PORT is {text!r}; it has to be a number from 1 to 65535.")
    return int(text)


def check_secret(secret: str) -> None:
    """Production signs with a key nobody can guess."""
    advice = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' makes one"
    if not secret:
        raise CannotStart(f"SECRET_KEY is missing; production mode does not start without it ({advice}).")
    if len(secret.encode()) < SECRET_BYTES:
        raise CannotStart(f"SECRET_KEY is shorter than {SECRET_BYTES} bytes; production needs a longer one ({advice}).")
    if len(set(secret)) < DIFFERENT_CHARACTERS or any(word in secret.lower() for word in TELLTALES):
        raise CannotStart(f"SECRET_KEY can be guessed; production needs a random one ({advice}).")


def kept_secret(file: Path) -> str:
    """The signing key of a practice that was only set up for trying; random, and the same at every start."""
    if not file.exists():
        write_private(file, secrets.token_urlsafe(48))
    return file.read_text()


def has_office(given: Mapping[str, str]) -> bool:
    """Is there a LibreOffice that counts pages?"""
    named = given.get("OFFICE", "")
    return named != "none" if named else any(shutil.which(name) for name in ("soffice", "libreoffice"))


def with_driver(address: str) -> str:
    """The address in the spelling that names the driver we have."""
    scheme, separator, rest = address.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in ("postgres", "postgresql") else address


def check_reachable(wanted: Environment) -> None:
    """Knock at the servers that are not ours, so that a wrong address is one sentence and not five logs."""
    for name, address in (
        ("DATABASE_URL", wanted.database_url),
        ("OWNER_DATABASE_URL", wanted.owner_database_url),
    ):
        if address:
            try:
                psycopg.connect(address.replace("+psycopg", "", 1), connect_timeout=REACHED_WITHIN).close()
            except (psycopg.Error, ValueError):  # the error's own text may repeat the address, password and all
                raise CannotStart(f"The database of {name} cannot be reached: {shown(address)}.") from None
    if wanted.redis_url and not wanted.redis_url.startswith("unix"):
        try:
            parts = urlsplit(wanted.redis_url)
            socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), REACHED_WITHIN).close()
        except (OSError, ValueError):
            raise CannotStart(f"The queue of REDIS_URL cannot be reached: {shown(wanted.redis_url)}.") from None


def shown(address: str) -> str:
    """The address without its password, or nothing of it when it is not well formed: it may be all password."""
    try:
        parts = urlsplit(address)
        place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        place = None
    if not place or "@" in parts.path:  # a password with an unescaped slash ends in the path
        return "the address is not well formed"
    return place + parts.path


def check_port(port: int) -> None:
    """The pages need their port."""
    if is_taken(port):
        raise CannotStart(f"Port {port} is taken by another program; PORT names another one.")


def note_running(home: Path, variables: Mapping[str, str]) -> Path:
    """Write down the environment of what runs, for the command line beside it."""
    file = home / "environment.json"
    write_private(file, json.dumps(dict(variables), indent=1) + "\n")
    return file


def complete(variables: Mapping[str, str]) -> dict[str, str]:
    """Our own environment with the product's variables on top."""
    return {**os.environ, **variables, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(CHECKOUT)}
