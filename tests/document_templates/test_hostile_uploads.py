"""Ten or more attacks of each kind are refused with a sentence; the same file without its sting is let in."""

import pytest

from document_templates.intake import inspect_archive
from document_templates.refusals import FileRefusal
from tests.document_templates.hostile import KINDS
from tests.document_templates.test_sandbox import HOSTILE as ESCAPES

CASES = [(kind, name) for kind, attacks in KINDS.items() for name in attacks]


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_an_attack_is_refused_and_its_clean_twin_is_let_in(kind, name):
    attack = KINDS[kind][name]
    with pytest.raises(FileRefusal) as refused:
        inspect_archive(attack.hostile(), kind="docx")
    assert refused.value.sentence.endswith(".")
    inspect_archive(attack.clean(), kind="docx")


def test_there_are_ten_or_more_of_each_kind():
    assert {kind: len(attacks) for kind, attacks in KINDS.items() if len(attacks) < 10} == {}
    assert len(ESCAPES) >= 10
