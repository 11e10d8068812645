"""A document that eats memory or never ends fails alone: the next one is written by the same run."""

import zipfile
from io import BytesIO

import pytest

from document_templates import library
from document_templates.branding import render_branded
from document_templates.child import Child
from tests.document_templates import child_work
from tests.faults.conftest import Figures
from tests.workers.documents import Eye, Office, fields
from workers.deliverables import claim_next, write

pytestmark = pytest.mark.faults
POISON = {
    "memory": "{% for a in rows %}{% for b in rows %}{{ text }}{% endfor %}{% endfor %}",
    "endless": "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% endfor %}{% endfor %}{% endfor %}",
}


class Impatient(Child):
    """The same child with less patience; `poison` is what it fills instead of the next starter."""

    def __init__(self, poison: list[bytes]) -> None:
        super().__init__(memory_bytes=256 << 20, cpu_seconds=1, wall_seconds=20)
        self.poison = poison

    def __call__(self, function, *arguments):  # type: ignore[no-untyped-def,override]
        if function is render_branded and self.poison:
            arguments = (self.poison.pop(0), *arguments[1:])
        return super().__call__(function, *arguments)


def poisoned(words: str) -> bytes:
    """The shipped policy with one more paragraph: what a consultant's template might hold."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(library.starter("policy").content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                paragraph = f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>".encode()
                content = content.replace(b"<w:body>", b"<w:body>" + paragraph, 1)
                assert paragraph in content
            target.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("poison", sorted(POISON))
def test_a_poison_template_does_not_block_the_next(office: Office, eye: Eye, figures: Figures, poison: str):
    bad = office.queue(snapshot=fields("policy") | {"rows": list(range(700)), "text": "x" * 1000})
    good = [office.queue() for _ in range(3)]
    with Impatient([poisoned(POISON[poison])]) as render:
        while claim := claim_next(office.app):
            write(office.app, claim, render)
    assert [eye.production(row) for row in (bad, *good)] == ["failed", "ready", "ready", "ready"]
    assert (eye.entries(bad), eye.column("attempts", bad)) == (["requested", "failed"], 1)
    assert eye.column("failure", bad).endswith(".")
    figures(failed=1, ready=3, said=repr(eye.column("failure", bad)))


@pytest.mark.parametrize("work", [child_work.eats_memory, child_work.never_ends, child_work.dies])
def test_work_that_breaks_the_renderer_fails_its_document_alone(office: Office, eye: Eye, figures: Figures, work):
    """The same with what no template can do: whatever breaks the process that writes."""
    bad, good = office.queue(), office.queue()
    with Child(memory_bytes=256 << 20, cpu_seconds=1, wall_seconds=20) as weak, Child() as child:
        broken = claim_next(office.app)
        assert broken is not None
        write(office.app, broken, lambda *_asked: weak(work))  # type: ignore[arg-type]
        while claim := claim_next(office.app):
            write(office.app, claim, child)
    assert (eye.production(bad), eye.production(good)) == ("failed", "ready")
    assert eye.column("attempts", bad) == 1
    figures(failed=1, ready=1, said=repr(eye.column("failure", bad)))
