"""Evidence by its pages: brought in, refused, linked, opened, taken out of use; nothing typed is lost on the way."""

import gc
import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from blueprints.forms import shown_name
from consultancy.calendar import today
from consultancy.models.evidence import Evidence, EvidenceLink
from tenants.audit import AuditEntry
from tenants.limits import EVIDENCE_FILES_AT_ONCE, MEGABYTE, NAME_CHARACTERS
from tests.document_templates.test_evidence import PAGE, pdf, photograph, png_of
from tests.factories import entered, make_evidence

pytestmark = pytest.mark.usefixtures("storage")

PDF = pdf()
CODE = "6.1.3"


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def path(ids):
    return f"/northgate/engagements/{ids['engagement']}/evidence"


@pytest.fixture
def desk(ids):
    return f"/northgate/engagements/{ids['engagement']}/assessment/{CODE}"


@pytest.fixture
def bring(consultant, path):
    """Send files, as (name, content); answers what the page says."""

    def send(*files, visitor=consultant, **fields):
        sent = {"files": [(io.BytesIO(content), name) for name, content in files], "source": "record"}
        return visitor.post(path, sent | fields)

    return send


@pytest.fixture
def kept(app, stand, ids):
    """Rows of the shelf in the order of their coming, the one of the stand left out."""

    def look():
        with entered(app, stand.here.tenant) as session:
            rows = session.scalars(sa.select(Evidence).where(Evidence.id != ids["evidence"]))
            mine = sorted((row for row in rows if row.client_id == ids["client"]), key=lambda row: row.uploaded_at)
            session.expunge_all()
            return mine

    return look


def files_in(storage):
    return [path for path in storage.rglob("*") if path.is_file()] if storage.exists() else []


def test_several_files_at_once_are_kept_and_speak_for_the_requirement(consultant, bring, kept, desk):
    made = bring(
        ("Policy 2026.pdf", PDF), ("guard.jpg", photograph()),
        requirement=CODE, effective_on="2026-03-02", note="Two of five.", then="desk",
    )  # fmt: skip
    assert made.location == desk
    assert [(row.title, row.kind, row.state, row.source) for row in kept()] == [
        ("Policy 2026", "pdf", "clean", "record"), ("guard", "jpg", "clean", "record"),
    ]  # fmt: skip
    page = consultant.get(desk).text
    assert "Policy 2026.pdf: kept." in page
    assert page.count("Two of five.") == 2
    for row in kept():
        assert f"/evidence/{row.id}/thumbnail" in page
        assert row.effective_on == date(2026, 3, 2)


def test_a_refused_file_stops_no_other_and_says_why(consultant, bring, kept, path):
    made = bring(("policy.pdf", PDF), ("virus.exe", b"MZ"), ("empty.txt", b""))
    assert made.status_code == 303
    page = consultant.get(path).text
    assert "policy.pdf: kept." in page
    assert "virus.exe: Files of this kind are not taken." in page
    assert "empty.txt: The file is empty." in page
    assert len(kept()) == 1


def test_when_nothing_is_kept_the_words_typed_stay_in_the_form(bring, kept, storage):
    answer = bring(("vast.png", png_of(60_000, 60_000)), note="Sample of three.", requirement=CODE)
    assert answer.status_code == 422
    assert "vast.png: The picture has more than 50 million pixels." in answer.text
    assert "Sample of three." in answer.text
    assert (kept(), files_in(storage)) == ([], [])


@pytest.mark.parametrize("fields", [{"source": "rumour"}, {"effective_on": "1066-10-14"}, {"requirement": "99"}])
def test_what_is_said_of_a_file_must_be_of_the_field(bring, kept, fields):
    assert bring(("policy.pdf", PDF), **fields).status_code == 422
    assert kept() == []


def test_a_sending_has_at_least_one_file_and_not_too_many(bring):
    assert "Choose at least one file." in bring().text
    many = bring(*((f"{number}.txt", b"words") for number in range(EVIDENCE_FILES_AT_ONCE + 1)))
    assert many.status_code == 422
    assert f"At most {EVIDENCE_FILES_AT_ONCE} files at once." in many.text


def test_the_script_is_told_of_each_file_in_a_sentence(consultant, path):
    def told(name, content):
        sent = {"files": (io.BytesIO(content), name), "source": "record"}
        answer = consultant.post(path, sent, headers={"Accept": "application/json"})
        return answer.status_code, answer.json

    assert told("policy.pdf", PDF) == (200, {"sentence": "policy.pdf: kept.", "kept": True})
    assert told("again.pdf", PDF) == (
        200, {"sentence": "again.pdf: already there as “policy”.", "kept": True},
    )  # fmt: skip
    status, refused = told("a.exe", b"MZ")
    assert (status, refused["kept"]) == (422, False)
    assert refused["sentence"].startswith("a.exe: Files of this kind are not taken.")


def test_the_same_file_is_stored_once_and_linked_again(app, stand, bring, kept):
    bring(("guard.jpg", photograph()), requirement=CODE)
    again = bring(("IMG_0001.jpg", photograph()), requirement="8.2")
    assert again.status_code == 303
    (row,) = kept()
    with entered(app, stand.here.tenant) as session:
        links = session.scalars(sa.select(EvidenceLink.requirement).where(EvidenceLink.evidence_id == row.id))
        assert sorted(links) == [CODE, "8.2"]


def test_our_own_copy_of_a_photograph_is_the_same_file_too(app, consultant, bring, kept):
    bring(("guard.jpg", photograph()))
    copy = consultant.get(f"/northgate/evidence/{kept()[0].id}/file").data
    bring(("downloaded.jpg", copy))
    assert len(kept()) == 1


def test_another_client_may_have_the_same_file(app, stand, consultant, bring):
    other = stand.here.employers[1].ids["engagement"]
    bring(("policy.pdf", PDF))
    consultant.post(
        f"/northgate/engagements/{other}/evidence", {"files": (io.BytesIO(PDF), "policy.pdf"), "source": "record"}
    )
    with entered(app, stand.here.tenant) as session:
        clients = sa.select(sa.func.count(Evidence.client_id.distinct())).where(Evidence.kind == "pdf")
        assert session.scalar(clients) == 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\x\\y.pdf", "y.pdf"),
        ("../../etc/y.pdf", "y.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("con", "_con"),
        (".pdf", "file.pdf"),
        ("报告.pdf", "报告.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("a" * 5000 + ".pdf", "a" * (NAME_CHARACTERS - 4) + ".pdf"),
    ],
)
def test_a_name_is_cleaned_for_show(name, shown):
    assert shown_name(name) == shown


@pytest.mark.parametrize(("name", "shown"), [("../报告.pdf", "报告.pdf"), ("CON.pdf", "_CON.pdf")])
def test_a_name_never_reaches_the_storage(bring, kept, storage, name, shown):
    assert bring((name, PDF)).status_code == 303
    assert [row.file_name for row in kept()] == [shown]
    assert all(len(path.stem) == 64 for path in files_in(storage))


@pytest.mark.parametrize("name", ["../../etc/passwd", "\u202efdp.exe", "invoice.docm"])
def test_an_ending_that_is_not_taken_is_refused_after_cleaning(bring, name):
    assert bring((name, PDF)).status_code == 422


def test_a_pdf_that_is_a_web_page_too_is_only_ever_saved_to_disk(app, stand, consultant, bring, kept):
    bring(("a.pdf", PDF + PAGE))
    answer = consultant.get(f"/northgate/evidence/{kept()[0].id}/file")
    assert answer.data == PDF + PAGE
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    with entered(app, stand.here.tenant) as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "evidence.downloaded")).one()
        assert entry.subject_id == kept()[0].id


def test_thumbnails_are_asked_for_again_each_time_and_sent_once(signed_in, consultant, bring, kept):
    bring(("guard.jpg", photograph()))
    for size in ("thumbnail", "preview"):
        address = f"/northgate/evidence/{kept()[0].id}/{size}"
        first = consultant.get(address)
        assert (first.mimetype, first.headers["Cache-Control"]) == ("image/jpeg", "private, no-cache")
        known = {"If-None-Match": first.headers["ETag"]}
        assert consultant.get(address, headers=known).status_code == 304
        assert signed_in("cli").get(address, headers=known).status_code == 404
        assert signed_in("out_con").get(address, headers=known).status_code == 404


@pytest.mark.parametrize(
    ("state", "download", "thumbnail"), [("clean", 200, 200), ("quarantined", 409, 200), ("infected", 404, 404)]
)
def test_what_the_scanner_has_not_cleared_is_not_opened(
    app, stand, consultant, bring, kept, desk, state, download, thumbnail
):
    bring(("guard.jpg", photograph()), requirement=CODE)
    (row,) = kept()
    with entered(app, stand.here.tenant) as session:
        session.get_one(Evidence, (row.tenant_id, row.id)).state = state
    address = f"/northgate/evidence/{row.id}"
    assert consultant.get(f"{address}/file").status_code == download
    assert consultant.get(f"{address}/thumbnail").status_code == thumbnail
    words = {"clean": "Download", "quarantined": "Being checked for viruses", "infected": "ask for a clean copy"}[state]
    assert words in consultant.get(address).text


def test_with_a_scanner_files_wait_for_it(app, consultant, bring, kept, path):
    assert "no virus scanner is set up" in consultant.get(path).text
    app.config["SCANNER_URL"] = "clamd://127.0.0.1:9"
    try:
        bring(("policy.pdf", PDF))
        assert "no virus scanner is set up" not in consultant.get(path).text
    finally:
        app.config["SCANNER_URL"] = ""
    assert [row.state for row in kept()] == ["quarantined"]


def test_which_ways_a_requirement_was_seen_stands_on_its_page(consultant, bring, desk):
    def seen():
        page = consultant.get(desk).text
        return page[page.index('class="ways"') :].split("</ul>")[0].count('class="yes"')

    assert seen() == 0
    bring(("policy.pdf", PDF), requirement=CODE)
    assert seen() == 1
    bring(("guard.jpg", photograph()), requirement=CODE, source="observation")
    assert seen() == 2


@pytest.mark.parametrize(("code", "days", "old"), [(CODE, 367, 1), (CODE, 300, 0), ("5.2", 367, 0)])
def test_old_records_are_marked_where_the_standard_wants_records(consultant, bring, ids, code, days, old):
    bring(("drill.pdf", PDF), requirement=code, effective_on=f"{today() - timedelta(days=days)}")
    page = consultant.get(f"/northgate/engagements/{ids['engagement']}/assessment/{code}").text
    assert page.count("Older than 12 months") == old


def test_what_is_there_is_found_and_linked(consultant, bring, kept, desk):
    bring(("Fire drill.pdf", PDF), ("guard.jpg", photograph()))
    page = consultant.get(f"{desk}/evidence?q=drill").text
    assert (page.count(">Fire drill<"), page.count(">guard<")) == (1, 0)
    drill = next(row for row in kept() if row.title == "Fire drill")
    linked = consultant.post(
        f"/northgate/evidence/{drill.id}/links",
        {"engagement": str(drill.engagement_id), "requirement": CODE, "then": "desk"},
    )
    assert linked.location == desk
    assert ">Fire drill<" in consultant.get(desk).text
    assert ">Fire drill<" not in consultant.get(f"{desk}/evidence?q=drill").text


def test_a_piece_is_linked_within_its_own_client_only(stand, consultant, ids):
    address = f"/northgate/evidence/{ids['evidence']}/links"
    elsewhere = stand.here.employers[1].ids["engagement"]
    for engagement, status in ((elsewhere, 404), (uuid4(), 404), ("nonsense", 422)):
        answer = consultant.post(address, {"engagement": str(engagement), "requirement": "4.2"})
        assert answer.status_code == status
    assert consultant.post(address, {"requirement": "99"}).status_code == 422


def test_what_a_piece_is_can_be_said_anew_and_a_stale_page_overwrites_nothing(consultant, ids):
    address = f"/northgate/evidence/{ids['evidence']}"
    fields = consultant.form(address, address) | {"title": "Guard of press 4", "effective_on": "2026-01-05"}
    assert consultant.post(address, fields).status_code == 303
    assert "Guard of press 4" in consultant.get(address).text
    assert consultant.post(address, fields | {"title": "Other"}).status_code == 409
    assert consultant.post(address, fields | {"title": ""}).status_code == 422


def test_a_link_is_taken_off_again(consultant, ids):
    desk = f"/northgate/engagements/{ids['engagement']}/assessment/6.1.2.1"
    shown = f"/evidence/{ids['evidence']}\""
    assert shown in consultant.get(desk).text
    consultant.post(f"/northgate/evidence/{ids['evidence']}/links/{ids['evidence_link']}/remove")
    assert shown not in consultant.get(desk).text


def test_what_is_taken_out_of_use_needs_a_reason_and_leaves_every_page_but_its_own(consultant, ids, path):
    address = f"/northgate/evidence/{ids['evidence']}"
    desk = f"/northgate/engagements/{ids['engagement']}/assessment/6.1.2.1"
    assert consultant.post(f"{address}/retire", {"reason": " "}).status_code == 422
    assert consultant.post(f"{address}/retire", {"reason": "Another site."}).status_code == 303
    assert "Another site." in consultant.get(address).text
    for page in (desk, path):
        assert f"{address}\"" not in consultant.get(page).text
    assert f"{address}\"" in consultant.get(f"{path}?filter=retired").text


def test_the_shelf_shows_fifty_and_finds_what_speaks_for_nothing(app, stand, consultant, ids, path):
    from_here = stand.here.employers[0]
    with entered(app, stand.here.tenant) as session:
        piece = session.get_one(Evidence, (stand.here.tenant, ids["evidence"]))
        for number in range(60):
            make_evidence(engagement=piece.engagement, title=f"Sheet {number:02}", note="", file_name="scan.txt")
    both = (path, f"/northgate/clients/{from_here.ids['client']}/evidence")
    for address in both:
        assert consultant.get(address).text.count('class="name"') == 50
        assert consultant.get(f"{address}?page=2&view=grid").text.count('class="name"') == 11
        assert consultant.get(f"{address}?filter=unlinked&page=2").text.count('class="name"') == 10
        assert consultant.get(f"{address}?q=sheet+07&view=list").text.count('<td data-k="Dated"') == 1


def test_a_closed_engagement_takes_no_evidence(app, stand, bring, consultant, ids):
    with entered(app, stand.here.tenant) as session:
        session.get_one(Evidence, (stand.here.tenant, ids["evidence"])).engagement.closed_on = today()
    assert bring(("policy.pdf", PDF)).status_code == 409
    assert consultant.post(f"/northgate/evidence/{ids['evidence']}/retire", {"reason": "x"}).status_code == 409


def raw(token, size=10):
    """A form as a browser sends it, with one file of this many bytes."""
    head = "--line\r\nContent-Disposition: form-data; name="
    typed = f'{head}"csrf_token"\r\n\r\n{token}\r\n{head}"source"\r\n\r\nrecord\r\n'
    return f'{typed}{head}"files"; filename="a.txt"\r\n\r\n{"a" * size}\r\n--line--\r\n'.encode()


FORM = "multipart/form-data; boundary=line"


def test_more_parts_than_a_form_has_are_refused(consultant, path, kept):
    field = b'--line\r\nContent-Disposition: form-data; name="files"\r\n\r\n\r\n'
    sent = field * 1001 + raw(consultant.token)
    assert consultant.client.post(path, data=sent, content_type=FORM).status_code == 413
    assert kept() == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what had arrived is dropped unclosed
def test_a_body_that_is_cut_or_shorter_than_it_said_leaves_nothing(consultant, path, kept, storage):
    sent = raw(consultant.token, size=5000)
    for content, length in ((sent[: len(sent) // 2], len(sent)), (sent, len(sent) + 500)):
        answer = consultant.client.post(
            path, input_stream=io.BytesIO(content), content_type=FORM, environ_overrides={"CONTENT_LENGTH": str(length)}
        )
        assert answer.status_code == 400
    gc.collect()
    assert (kept(), files_in(storage)) == ([], [])


def test_an_endless_body_without_a_length_is_cut_off(consultant, path, kept):
    sent = raw(consultant.token, size=28 * MEGABYTE)
    answer = consultant.client.post(
        path, input_stream=io.BytesIO(sent), content_type=FORM, environ_overrides={"wsgi.input_terminated": True}
    )
    assert answer.status_code == 413
    assert kept() == []


def test_the_panel_never_shows_another_employers(stand, consultant):
    theirs = stand.here.employers[1].ids["evidence"]
    mine = stand.here.employers[0].ids
    page = consultant.get(f"/northgate/engagements/{mine['engagement']}/assessment/6.1.2.1").text
    assert str(mine["evidence"]) in page
    assert str(theirs) not in page


def test_the_search_of_everything_leads_to_a_piece(consultant, bring, kept):
    bring(("forklift-log.pdf", PDF))
    [piece] = kept()
    assert f'href="/northgate/evidence/{piece.id}"' in consultant.get("/northgate/search?q=forklift").text
