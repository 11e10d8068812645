"""What the environment may say, checked once at start."""

import os
import secrets
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tenants.limits import OFFICE_WALL_SECONDS

IDLE_LIMIT = "-c idle_in_transaction_session_timeout=60000"  # ms: a frozen machine must not hold its row locks
MOST_HOPS = 5
OFFICES, NO_OFFICE = ("soffice", "libreoffice"), "none"
HOME = Path(__file__).resolve().parents[1]


class SettingsRefused(SystemExit):
    """The environment cannot be served. Ends the process with one sentence and no traceback, whoever started it."""


class Settings(BaseModel):
    """Environment variables by their own names; everything else in the environment is not ours."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    CONSULTANCY_MODE: str = ""
    CONSULTANCY_HOME: Path = HOME / "var"
    SECRET_KEY: str = ""
    DATABASE_URL: str
    OWNER_DATABASE_URL: str = ""
    REDIS_URL: str
    STORAGE_URL: str = ""
    PUBLIC_BASE_URL: str = ""
    TRUSTED_HOSTS: str = ""
    SMTP_URL: str = ""
    SCANNER_URL: str = ""
    PROXY_HOPS: int = 0
    LEASE_SECONDS: int = Field(60, ge=1)
    HEARTBEAT_SECONDS: int = Field(20, ge=1)
    OFFICE: str = ""
    OFFICE_SECONDS: int = Field(OFFICE_WALL_SECONDS, ge=1)

    @model_validator(mode="after")
    def _production_is_strict(self) -> "Settings":
        if self.CONSULTANCY_MODE not in ("", "production"):
            raise SettingsRefused("CONSULTANCY_MODE is either `production` or not set.")
        if self.production and len(self.SECRET_KEY.encode()) < 32:
            raise SettingsRefused("SECRET_KEY must be set to 32 bytes or more in production mode.")
        if self.production and not self.PUBLIC_BASE_URL:
            raise SettingsRefused("PUBLIC_BASE_URL must be set in production mode: links in mail are made from it.")
        if not 0 <= self.PROXY_HOPS <= MOST_HOPS:
            raise SettingsRefused(f"PROXY_HOPS is the number of proxies before the pages, from 0 to {MOST_HOPS}.")
        server = urlsplit(self.SMTP_URL)
        if self.SMTP_URL and not (server.scheme in ("smtp", "smtps") and server.hostname):
            raise SettingsRefused("SMTP_URL is written smtp://user:password@host:port, or smtps://… .")
        scanner = urlsplit(self.SCANNER_URL)
        if self.SCANNER_URL and not (scanner.scheme == "clamd" and scanner.hostname):
            raise SettingsRefused("SCANNER_URL is written clamd://host:port.")
        return self

    @property
    def production(self) -> bool:
        return self.CONSULTANCY_MODE == "production"

    @property
    def storage_url(self) -> str:
        return self.STORAGE_URL or str(self.CONSULTANCY_HOME / "files")

    @property
    def office(self) -> str:
        """The program that lays Word files out: the one that is named, else the one that is installed, else none."""
        if self.OFFICE:
            return "" if self.OFFICE == NO_OFFICE else self.OFFICE
        return next((found for name in OFFICES if (found := shutil.which(name))), "")

    def for_flask(self) -> dict[str, Any]:
        hosts = [host.strip() for host in self.TRUSTED_HOSTS.split(",") if host.strip()]
        return {
            "SECRET_KEY": self.SECRET_KEY or secrets.token_urlsafe(32),
            "SQLALCHEMY_DATABASE_URI": with_driver(self.DATABASE_URL),
            "SQLALCHEMY_ENGINE_OPTIONS": {
                "pool_pre_ping": True,
                "connect_args": {"prepare_threshold": None, "options": IDLE_LIMIT},
            },
            "OWNER_DATABASE_URL": with_driver(self.OWNER_DATABASE_URL),
            "REDIS_URL": self.REDIS_URL,
            "STORAGE_URL": self.storage_url,
            "PUBLIC_BASE_URL": self.PUBLIC_BASE_URL,
            "TRUSTED_HOSTS": hosts or None,
            "SMTP_URL": self.SMTP_URL,
            "SCANNER_URL": self.SCANNER_URL,
            "PROXY_HOPS": self.PROXY_HOPS,
            "MAIL_FOLDER": str(self.CONSULTANCY_HOME / "mail"),
            "PRODUCTION": self.production,
            "LEASE_SECONDS": self.LEASE_SECONDS,
            "HEARTBEAT_SECONDS": self.HEARTBEAT_SECONDS,
            "OFFICE": self.office,
            "OFFICE_SECONDS": self.OFFICE_SECONDS,
            "SESSION_COOKIE_NAME": "__Host-practice" if self.production else "practice",
            "SESSION_COOKIE_SECURE": self.production,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "WTF_CSRF_CHECK_DEFAULT": False,  # the guards check it: after sign-in, before the row is loaded
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "en",
            "BABEL_TRANSLATION_DIRECTORIES": "translations",
        }


def with_driver(url: str) -> str:
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def from_environment(environment: Any = os.environ) -> Settings:
    known = {name: environment[name] for name in Settings.model_fields if environment.get(name)}
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if name not in known]
    if missing:
        raise SettingsRefused(f"{' and '.join(missing)} must be set; ./dev run and ./dev flask set them for you.")
    return Settings(**known)
