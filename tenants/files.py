"""Where files lie: a folder by default, a bucket when STORAGE_URL names one. Keys are made of ids and hashes only.

A key starts with its tenant and ends with the content's SHA-256, so writing twice is writing once, and the name a
person gave a file never reaches the disk.
"""

import hashlib
import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol
from uuid import UUID

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import from_url

HALF = ".half-"
KEY = re.compile(r"t/[0-9a-f-]{36}/[a-z_]+/[0-9a-f]{64}\.[a-z]{3,4}")


def content_key(tenant_id: UUID, shelf: str, content: bytes, extension: str) -> str:
    """`t/<tenant>/<shelf>/<sha256>.<extension>`."""
    return f"t/{tenant_id}/{shelf}/{hashlib.sha256(content).hexdigest()}.{extension}"


class Files(Protocol):
    """A folder and a bucket keep files alike."""

    def put(self, key: str, content: bytes) -> None: ...
    def get(self, key: str) -> bytes: ...
    def sweep(self) -> int: ...


class Folder:
    """Files on a local disk: complete or absent, never half."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError(f"not a storage key: {key}")
        return self.root / key

    def put(self, key: str, content: bytes) -> None:
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=path.parent, prefix=HALF, delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                temporary.replace(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name survives a power cut too
        finally:
            os.close(folder)

    def get(self, key: str) -> bytes:
        return self.path(key).read_bytes()

    def sweep(self) -> int:
        """Take away what a killed writer left half-written more than an hour ago; answers how many files."""
        swept = 0
        for path in self.root.rglob(f"{HALF}*"):
            with suppress(FileNotFoundError):  # its writer finished it this moment
                if path.stat().st_mtime < time.time() - 3600:
                    path.unlink()
                    swept += 1
        return swept


class BucketAway(OSError):
    """The bucket does not answer or does not let us in: a fault of the same kind as a disk's."""


class Bucket:
    """Files in an S3-compatible bucket."""

    def __init__(self, url: str) -> None:
        self.store: Any = from_url(url)

    def put(self, key: str, content: bytes) -> None:
        try:
            self.store.put(key, content, mode="create")
        except AlreadyExistsError:
            return  # content-named: what lies there is what we would write
        except BaseError as error:
            raise BucketAway(type(error).__name__) from error

    def get(self, key: str) -> bytes:
        try:
            return bytes(self.store.get(key).bytes())
        except BaseError as error:
            raise BucketAway(type(error).__name__) from error

    def sweep(self) -> int:
        return 0  # a bucket never shows half a file


def open_files(url: str) -> Files:
    return Bucket(url) if url.startswith("s3://") else Folder(Path(url.removeprefix("file://")))


def file_store(settings: Mapping[str, Any]) -> Files:
    """The store the settings name: `STORAGE_URL`, a folder or `s3://bucket/prefix`."""
    return open_files(settings["STORAGE_URL"])
