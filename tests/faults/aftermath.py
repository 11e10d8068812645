"""What must hold after every fault: each document once, whole, and recorded once."""

import hashlib
from io import BytesIO
from uuid import UUID

import docx

from tests.running import Running, until
from tests.workers.documents import Eye


def all_ready(product: Running, eye: Eye, rows: list[UUID]) -> dict[str, int]:
    """Wait for the documents, check each against its file, and count what was left behind."""
    until(lambda: eye.counts().get("ready") == len(rows), what=f"{len(rows)} written documents", patience=180)
    found = eye.rows("select id, file_key, sha256, size from deliverable")
    assert {row for row, *_ in found} == set(rows)
    for _row, key, sha256, size in found:
        content = (product.files / key).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size)
    assert docx.Document(BytesIO(content)).paragraphs
    assert eye.written() == (len(rows), len(rows))
    assert eye.rows("select 1 from audit_entry where verb = 'deliverable.failed'") == []
    stored = {str(path.relative_to(product.files)) for path in product.stored()}
    assert stored == {key for _row, key, *_ in found}
    tries, claims = eye.rows("select max(attempts), sum(fence) from deliverable")[0]
    return {
        "ready": len(rows), "files": len(stored), "recorded": eye.written()[0],
        "half_files": len(product.half_stored()), "most_tries": tries, "claims": int(claims),
    }  # fmt: skip
