"""Where files lie: a folder by default, a bucket when STORAGE_URL names one. Keys are made of ids and hashes only.

A key starts with its tenant and ends with the content's SHA-256, so writing twice is writing once, and the name a
person gave a file never reaches the disk.
"""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, BinaryIO, Protocol
from uuid import UUID

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import from_url

HALF = ".half-"
KEY = re.compile(r"t/[0-9a-f-]{36}/[a-z_]+/[0-9a-f]{64}\.[a-z]{3,4}")
PREFIX = re.compile(r"t/[0-9a-f-]{36}/([a-z_]+/)?")


def content_key(tenant_id: UUID, shelf: str, content: bytes, extension: str) -> str:
    """`t/<tenant>/<shelf>/<sha256>.<extension>`."""
    return digest_key(tenant_id, shelf, sha256_of(content), extension)


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digest_key(tenant_id: UUID, shelf: str, sha256: str, extension: str) -> str:
    """The same key for content whose digest is known already."""
    return f"t/{tenant_id}/{shelf}/{sha256}.{extension}"


def is_key(text: str | None) -> bool:
    return bool(text and KEY.fullmatch(text))


def prefix_of(tenant_id: UUID) -> str:
    """Under which all files of a consultancy lie."""
    return f"t/{tenant_id}/"


def sha256_in(key: str) -> str:
    return key.rsplit("/", 1)[1].split(".")[0]


class Files(Protocol):
    """A folder and a bucket keep files alike."""

    def put(self, key: str, content: bytes) -> None: ...
    def put_stream(self, key: str, content: BinaryIO) -> None: ...
    def get(self, key: str) -> bytes: ...
    def open(self, key: str) -> BinaryIO: ...
    def delete(self, key: str) -> None: ...
    def listing(self, prefix: str) -> Iterator[str]: ...
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
        self.put_stream(key, BytesIO(content))

    def put_stream(self, key: str, content: IO[bytes]) -> None:
        """For what is too large to hold in memory."""
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=path.parent, prefix=HALF, delete=False) as file:
            temporary = Path(file.name)
            try:
                shutil.copyfileobj(content, file)
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

    def open(self, key: str) -> BinaryIO:
        return self.path(key).open("rb")

    def delete(self, key: str) -> None:
        """Gone for good; what is gone already may be deleted again."""
        self.path(key).unlink(missing_ok=True)

    def listing(self, prefix: str) -> Iterator[str]:
        """The keys of all whole files below a consultancy's prefix."""
        if not PREFIX.fullmatch(prefix):
            raise ValueError(f"not a prefix of storage keys: {prefix}")
        for path in sorted((self.root / prefix).rglob("*")):
            key = path.relative_to(self.root).as_posix()
            if KEY.fullmatch(key) and path.is_file():
                yield key

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
        # Its own patience would be three minutes; a page waits less, and the queue tries again.
        self.store: Any = from_url(
            url,
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
            client_options={"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=30)},
        )

    def put(self, key: str, content: bytes) -> None:
        try:
            self.store.put(key, content, mode="create")
        except AlreadyExistsError:
            return  # content-named: what lies there is what we would write
        except BaseError as error:
            raise BucketAway(type(error).__name__) from error

    def put_stream(self, key: str, content: IO[bytes]) -> None:
        try:
            self.store.put(key, content)
        except BaseError as error:
            raise BucketAway(type(error).__name__) from error

    def get(self, key: str) -> bytes:
        try:
            return bytes(self.store.get(key).bytes())
        except BaseError as error:
            raise BucketAway(type(error).__name__) from error

    def open(self, key: str) -> BinaryIO:
        return BytesIO(self.get(key))

    def delete(self, key: str) -> None:
        try:
            with suppress(FileNotFoundError):
                self.store.delete(key)
        except BaseError as error:
            raise BucketAway(type(error).__name__) from error

    def listing(self, prefix: str) -> Iterator[str]:
        if not PREFIX.fullmatch(prefix):
            raise ValueError(f"not a prefix of storage keys: {prefix}")
        try:
            for chunk in self.store.list(prefix=prefix):
                yield from sorted(entry["path"] for entry in chunk)
        except BaseError as error:
            raise BucketAway(type(error).__name__) from error

    def sweep(self) -> int:
        return 0  # a bucket never shows half a file


def open_files(url: str) -> Files:
    return Bucket(url) if url.startswith("s3://") else Folder(Path(url.removeprefix("file://")))


def file_store(settings: Mapping[str, Any]) -> Files:
    """The store the settings name: `STORAGE_URL`, a folder or `s3://bucket/prefix`."""
    return open_files(settings["STORAGE_URL"])
