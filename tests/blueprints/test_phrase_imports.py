"""Phrases as a table: looked at before they are taken over, and taken along so that no spreadsheet computes them."""

import csv
import io
from io import BytesIO

import pytest
import sqlalchemy as sa

from consultancy.models.phrase import Phrase
from consultancy.models.phrase_import import PhraseImport
from tenants.audit import AuditEntry
from tests.blueprints.requests import TABLE
from tests.factories import entered, make_phrase

HEAD = b"standard,clause,part,language,text\n"
AT = "/northgate/phrases/file"


def send(visitor, table=TABLE, name="phrases.csv"):
    return visitor.post(AT, {"file": (BytesIO(table), name)})


def texts(app, stand):
    with entered(app, stand.here.tenant) as session:
        return sorted(session.scalars(sa.select(Phrase.text)))


def waiting(app, stand):
    with entered(app, stand.here.tenant) as session:
        return session.scalar(sa.select(sa.func.count(PhraseImport.id)))


@pytest.fixture
def before(app, stand):
    return texts(app, stand)


def test_a_table_is_looked_at_and_nothing_is_written_until_it_is_taken_over(app, stand, consultant, before):
    assert send(consultant).status_code == 303
    page = consultant.get(AT).text
    assert "Nobody knew the issues." in page
    assert "1 new, 0 there already" in page
    assert texts(app, stand) == before
    assert consultant.post(f"{AT}/take-over", {}).status_code == 303
    assert texts(app, stand) == sorted([*before, "Nobody knew the issues."])
    assert "Nobody knew the issues." in consultant.get("/northgate/phrases").text
    with entered(app, stand.here.tenant) as session:
        verbs = session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.number.desc()).limit(2)).all()
    assert set(verbs) == {"phrase.written", "phrase.brought_in"}


def test_the_same_table_again_brings_nothing_and_a_second_press_does_nothing(app, stand, consultant):
    send(consultant)
    consultant.post(f"{AT}/take-over", {})
    kept = texts(app, stand)
    assert consultant.post(f"{AT}/take-over", {}).status_code == 303
    assert texts(app, stand) == kept
    send(consultant)
    page = consultant.get(AT).text
    assert "0 new, 1 there already" in page
    assert f"{AT}/take-over" not in page
    consultant.post(f"{AT}/take-over", {})
    assert texts(app, stand) == kept


def test_a_fault_is_told_with_its_row_and_column_and_nothing_of_the_table_is_taken(app, stand, consultant, before):
    send(consultant, TABLE + b"ISO 45001,99.9,statement,en,Lost.\nISO 45001,4.1,opinion,en,Found.\n")
    page = consultant.get(AT).text
    assert "Row 3, column clause" in page
    assert "Row 4, column part" in page
    assert f"{AT}/take-over" not in page
    assert consultant.post(f"{AT}/take-over", {}).status_code == 409
    assert texts(app, stand) == before


def test_the_first_fifty_faults_are_listed(consultant):
    send(consultant, HEAD + b"".join(b"ISO 45001,%d.99,statement,en,Text\n" % n for n in range(1, 70)))
    page = consultant.get(AT).text
    assert page.count("column clause") == 50
    assert "And 19 more." in page


def test_a_newer_table_takes_the_place_of_the_one_that_waited_and_set_aside_it_is_gone(app, stand, consultant):
    send(consultant)
    send(consultant, HEAD + b"ISO 45001,4.2,statement,fr,Second.\n", "second.csv")
    assert waiting(app, stand) == 1
    assert "second.csv" in consultant.get(AT).text
    consultant.post(f"{AT}/set-aside", {})
    assert waiting(app, stand) == 0
    assert consultant.post(f"{AT}/set-aside", {}).status_code == 303


def test_what_one_member_looks_at_is_not_before_another(app, stand, consultant, signed_in, before):
    owner = signed_in("own")
    send(consultant)
    assert "Nobody knew the issues." not in owner.get(AT).text
    owner.post(f"{AT}/take-over", {})
    assert (texts(app, stand), waiting(app, stand)) == (before, 1)


def test_no_file_is_refused(consultant):
    assert consultant.post(AT, {}).status_code == 422


def test_markup_is_shown_as_it_was_typed(consultant):
    send(consultant, HEAD + b"ISO 45001,4.1,statement,en,<b>bold</b>\n")
    assert "&lt;b&gt;bold&lt;/b&gt;" in consultant.get(AT).text


def test_the_library_is_taken_along_so_that_it_comes_back_and_no_cell_computes(app, stand, consultant):
    with entered(app, stand.here.tenant):
        make_phrase(requirement="6.1.2.1", text='=HYPERLINK("http://e","x")')
        make_phrase(requirement="6.1.2.1", text="Out of use.", retired_at=sa.func.now())
    answer = consultant.get("/northgate/phrases/download")
    assert answer.mimetype == "text/csv"
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert lines[0] == ["standard", "clause", "part", "language", "text"]
    assert ["iso45001-2018-amd1", "6.1.2.1", "statement", "en", '\'=HYPERLINK("http://e","x")'] in lines
    assert "Out of use." not in answer.text
    send(consultant, answer.data)
    assert f"0 new, {len(lines) - 1} there already" in consultant.get(AT).text


def test_the_page_of_phrases_leads_to_both(consultant):
    page = consultant.get("/northgate/phrases").text
    assert f'href="{AT}"' in page
    assert 'href="/northgate/phrases/download"' in page
