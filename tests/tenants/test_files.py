"""Files are whole or absent, are listed by consultancy, and can be destroyed for good."""

import io
from uuid import UUID, uuid4

import pytest

from tenants.files import Folder, content_key, prefix_of, sha256_in


@pytest.fixture
def files(tmp_path) -> Folder:
    return Folder(tmp_path)


def test_a_consultancys_files_are_listed_and_nobody_elses(files):
    mine, theirs = uuid4(), uuid4()
    keys = {tenant: content_key(tenant, "exports", str(tenant).encode(), "zip") for tenant in (mine, theirs)}
    for tenant, key in keys.items():
        files.put_stream(key, io.BytesIO(str(tenant).encode()))
    assert list(files.listing(prefix_of(mine))) == [keys[mine]]
    assert list(files.listing(f"{prefix_of(mine)}deliverables/")) == []
    assert sha256_in(keys[mine]) in keys[mine]


@pytest.mark.parametrize("prefix", ["", "t/", "t/../", "/", "t/x/", f"t/{UUID(int=7)}/../"])
def test_what_is_no_consultancys_prefix_lists_nothing(files, prefix):
    with pytest.raises(ValueError, match="not a prefix"):
        list(files.listing(prefix))


def test_a_destroyed_file_is_gone_and_may_be_destroyed_again(files):
    key = content_key(uuid4(), "deliverables", b"x", "docx")
    files.put(key, b"x")
    for _time in range(2):
        files.delete(key)
        with pytest.raises(FileNotFoundError):
            files.open(key)
