"""The web server that a browser test walks on."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask

from blueprints.app import create_app
from blueprints.settings import HOME, Settings

START_WITHIN = 30  # seconds


def settings_for(url: str, owner_url: str, redis_url: str, home: Path) -> Settings:
    return Settings(
        OFFICE="none",
        DATABASE_URL=url, OWNER_DATABASE_URL=owner_url, REDIS_URL=redis_url, CONSULTANCY_HOME=home,
        SECRET_KEY="browser-tests-only-" * 3,
    )  # fmt: skip


def make_app(settings: Settings) -> Flask:
    return create_app(settings)


@contextmanager
def served_at(settings: Settings, port: int, log: Path) -> Iterator[str]:
    """gunicorn with the product in it, until the block ends."""
    environment = {name: value for name, value in os.environ.items() if name not in Settings.model_fields}
    environment |= {name: str(value) for name, value in settings.model_dump().items() if value}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgi:app",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "8",
        "--log-level",
        "warning",
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=HOME, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health", process, log)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the web server did not answer: {log.read_text()[-2000:]}")
