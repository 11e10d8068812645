"""A good request for every route: its address in an employer's rows, and the fields a browser would send."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.blueprints.offices import NEXT_CENTURY, PASSWORD, YESTERDAY, Employer, Office, Stand
from tests.blueprints.papers import paper
from tests.consultancy.checklists.files import excel, row
from tests.document_templates.word_files import template

with (Path(__file__).parents[1] / "permissions.csv").open(encoding="utf-8", newline="") as file:
    ROWS: list[dict[str, str]] = list(csv.DictReader(file))
ROLES = list(ROWS[0])[5:]
ISO = "iso45001-2018-amd1"

# Which of an employer's rows a variable of the address means; the route's own word wins over the general one.
MEANT: dict[str, dict[str, str]] = {
    "": {"deliverable": "draft", "checklist": "whole"},
    "M.D5": {"deliverable": "failed"},
    "M.HS7": {"hsep_topic": "hsep_bare"},
    "M.HS12": {"hsep_plan": "hsep_begun"},
    "M.RC5": {"client": "clean_client", "recognition": "clean_recognition"},
    "M.RC8": {"client": "clean_client", "recognition": "clean_recognition"},
    "M.D6": {"deliverable": "queued"},
    "M.D4": {"deliverable": "released"},
    "M.P2": {"deliverable": "released"},
    "M.P8": {"deliverable": "released"},
    "M.P9": {"deliverable": "released"},
    "M.P10": {"deliverable": "released"},
    "M.D8": {"deliverable": "released"},
    "M.D11": {"deliverable": "in_review"},
    "M.D15": {"deliverable": "newer"},
    "M.D16": {"deliverable": "newer"},
    "M.D17": {"deliverable": "newer"},
    "M.D12": {"deliverable": "in_review"},
    "M.G4": {"checklist": "asked"},
    **{f"M.P{one}": {"engagement": "pre_audit"} for one in (
        "A1", "A2", "A3", "A4", "A5", "A6", "P1", "P2", "P3", "P7", "P8", "P9", "S1", "S2", "T1", "T2",
    )},
    "M.Q1": {"engagement": "program"},
    "M.Q2": {"engagement": "program"},
    "M.Q3": {"engagement": "program"},
    "M.Q4": {"engagement": "program"},
    "M.Q5": {"engagement": "program"},
    "M.Q6": {"engagement": "program"},
    "M.Q7": {"engagement": "program"},
    "V1": {"secret": "invitation_secret"},
    "V2": {"secret": "invitation_secret"},
    "M.C5": {"client": "leaving"},
    "M.A5f": {"made": "whole_made"},
    "M.U3p": {"member": "user"},
    "M.S10": {"own_standard": "own_published"},
}


@dataclass(frozen=True)
class Asked:
    """One request of the matrix: where to, and with what."""

    path: str
    fields: dict[str, Any]
    ids: tuple[Any, ...]


def asked(
    row: dict[str, str], *, slug: str, employer: Employer, ids: Callable[[str], Any] | None = None, sign_in: Any = None
) -> Asked:
    """`ids` answers the id for a word (engagement, finding, …); without it the employer's own."""
    words = MEANT[""] | MEANT.get(row["id"], {})
    used: list[Any] = []

    def of(name: str) -> Any:
        word = words.get(name, name)
        chosen = ids(word) if ids else sign_in if name == "sign_in" else employer.ids[word]
        used.append(chosen)
        return chosen

    parts = [
        slug if part == "<tenant>" else "4.1" if part == "<requirement>" else "gap_report" if part == "<wanted>"
        else "cor2020" if part == "<standard>"
        else "findings" if part == "<list_name>"
        else "supervisors" if part == "<role>"
        else ("FA-S" if row["id"] == "M.J14" else "WHMIS") if part == "<course>"
        else str(of(part[6:-1])) if part.startswith("<uuid:")
        else "form" if part == "<slot>"
        else "P1" if part.endswith(":code>")
        else "1" if part == "<int:number>"
        else str(of("secret")) if part == "<secret>" else "gap_report" if part == "<name>" else part
        for part in row["route"].split("/")
    ]  # fmt: skip
    fields = FIELDS[row["id"]](employer) if row["id"] in FIELDS else {}
    return Asked("/".join(parts), fields, tuple(used))


def _revised(name: str, /, **fields: Any) -> Callable[[Employer], dict[str, Any]]:
    return lambda employer: fields | {"revision": employer.revisions[name]}


CLIENT = {"legal_name": "Harrow Millwork Ltd.", "jurisdiction": "ontario", "language": "en"}
FINDING = {"requirement": "4.1", "grade": "minor", "title": "No list exists.", "statement": "Seen.", "status": "open"}
ACTION = {"action": "Write the list.", "status": "planned", "owner_text": "Dana", "verified_by": "Sam"}
ENGAGEMENT = {
    "kind": "gap_analysis", "title": "Gap analysis", "standard": ISO, "language": "en", "opened_on": "2026-03-02",
}  # fmt: skip

PHRASE = {"place": f"{ISO}/10.2", "part": "statement", "language": "en", "text": "Causes were not sought."}
TABLE = b"standard,clause,part,language,text\nISO 45001,4.1,statement,en,Nobody knew the issues.\n"
LOOK = {"primary": "#7A1E4C", "accent": "#8A4B00", "heading_font": "Georgia", "body_font": "Verdana"}
SETTINGS = {"name": "Northgate", "legal_name": "Northgate Safety Inc.", "language": "en"}


def suggested(employer: Employer) -> dict[str, Any]:
    """What the rating in an engagement by another standard suggests for 4.1."""
    return {"key": f"{employer.ids['program']} csa-z45001-2019 4.1 2", "revision": 0}


def own_template() -> tuple[BytesIO, str]:
    """A template that any kind of document can be written with."""
    return BytesIO(template("Written for {{ client.name }}.")), "ours.docx"


LINE = {"day": "2026-03-03", "starts": "13:00", "ends": "14:30", "activity": "Lockout"}
FIELDS: dict[str, Callable[[Employer], dict[str, Any]]] = {
    "U2": lambda _: {"theme": "dark"},
    "U3": lambda _: {"old": PASSWORD, "new": "copper kettle sings at dawn"},
    "S6": lambda _: {"code": "123456"},
    "S8": lambda _: {"email": "nobody@example.org"},
    "M.C3": lambda _: CLIENT | {"code": "HARROW", "revision": 0},
    "M.C4": _revised("client", **CLIENT),
    "M.E2": lambda _: ENGAGEMENT,
    "M.E3": lambda _: {"stage": "assess"},
    "V2": lambda _: {"name": "Nadia Roy", "password": "seven lamps over a quiet harbour"},
    "M.U2": lambda _: {"email": "new@example.org", "role": "consultant"},
    "M.U4": lambda _: {"role": "admin"},
    "M.U3p": lambda _: {"part": "sponsor"},
    "M.U5": lambda _: {"successor": ""},
    "M.U8": lambda _: {"email": "new@example.org", "part": "jhsc"},
    "M.R5": lambda _: {"partner": "Association of par", "reference": "R-1", "expires_on": "2099-01-01"},
    "M.E4": _revised("engagement", headline="One sentence."),
    "M.G1": lambda _: {"rating": "2", "recommendation": "Write it down.", "revision": 0},
    "M.G1n": lambda _: {"requirement": "8.1.4.3", "reason": "Nothing is outsourced."},
    "M.G9": suggested,
    "M.G7i": suggested,
    "M.G6c": lambda employer: {"source": employer.ids["program"], "parts": ["ratings"]},
    "M.G1y": lambda _: {"revision": 0},
    "M.G1z": lambda _: {"revision": 0},
    "M.G1o": lambda _: {"reopen_reason": "A record turned up."},
    "M.G1h": _revised("rating"),
    "M.N2": _revised("observation", text="Seen again.", method="document"),
    "M.G2": lambda _: {"file": (BytesIO(excel(row("4.2", 3))), "checklist.xlsx")},
    "M.G4": lambda _: {"question_0": "2"},
    "M.G5": lambda employer: {"revision": employer.revisions["assessment"]},
    "M.W2": lambda _: {"site": "", "language": "fr"},
    "M.W4": lambda employer: {"file": (BytesIO(employer.ids["filled"]), "filled.docx")},
    "M.W6": lambda employer: {"revision": employer.revisions["assessment"], "seen_on": "2026-03-05"},
    "M.V1": lambda _: {"files": (BytesIO(b"Signed on 2 March."), "policy.txt"), "source": "document"},
    "M.V2w": _revised("evidence", title="Policy", source="document"),
    "M.V3": lambda _: {"reason": "Sent by mistake."},
    "M.V4": lambda employer: {"engagement": str(employer.ids["engagement"]), "requirement": "4.2"},
    "M.G7k": lambda _: {"headcount": "40", "shifts": "2"},
    "M.PA2": lambda employer: {"member": str(employer.ids["colleague"]), "part": "consultant", "reason": "Alone."},
    "M.PA3": lambda employer: {f"{employer.ids['assignment']}-reason": "Alone."},
    "M.PA5": lambda employer: {
        "member": str(employer.ids["colleague"]), "part": "wrote", "what": "Lockout", "from_on": "2026-01-05",
    },
    "M.PP2": _revised("audit_plan", objectives="See.", stage_2_on="2026-04-01"),
    "M.PP3": lambda _: LINE | {"revision": 0},
    "M.PP5": _revised("plan_line", **LINE),
    "M.PP7": _revised("audit_plan", **{"name-0": "Dana Frey", "role-0": "Plant manager", "opening-0": "y"}),
    "M.PP9": _revised("audit_plan", personnel="80", risk="medium", shifts="1", sites="1"),
    "M.PS2": lambda _: {"answer-scope": "yes", "note-scope": "Dated.", "evidence-scope": "E-1", "revision-scope": "0"},
    "M.PT2": lambda _: {"name": "The cut of March"},
    "M.PT4": _revised(
        "followed_trail", name="The cut", result="holds",
        **{"requirement-0": "10.2", "seen-0": "Form 7", "method-0": "document"},
    ),
    "M.I2": lambda _: {"role": "supervisors", "site": "", "shift": "2", "held_on": "2026-03-04"},
    "M.I4": _revised("interview", role="workers", held_on="2026-03-04", **{"confirmed-5.4": "no", "note-5.4": "So."}),
    "M.F1c": lambda _: FINDING | {"revision": 0},
    "M.F3": _revised("finding", **FINDING),
    "M.F4": lambda employer: {
        "marked": f"{employer.ids['finding']}:{employer.revisions['finding']}",
        "status": "verification",
    },
    "M.F5": lambda _: {"name": "Open majors", "query": "grade=major&status=open"},
    "M.Y3": lambda _: PHRASE | {"revision": 0},
    "M.Y8": lambda _: {"file": (BytesIO(TABLE), "phrases.csv")},
    "M.Y5": _revised("phrase", **PHRASE),
    "M.K2": lambda _: ACTION | {"revision": 0},
    "M.K4": _revised("action", **ACTION),
    "M.K5": lambda employer: {
        "marked": f"{employer.ids['action']}:{employer.revisions['action']}",
        "status": "done",
    },
    "M.K6": _revised("action", status="done"),
    "M.K7": lambda employer: {"numbers": "F-01", "engagement": str(employer.ids["engagement"])},
    "M.Q5": lambda _: {"state": "needs_work", "note": "Old names.", "revision": 1},
    "M.Q6": lambda _: {
        "kind": "consultation",
        "consultation-held_on": "2026-03-02",
        "consultation-part": "committee",
        "consultation-outcome": "Agreed.",
    },
    "M.Q7": lambda _: {"reason": "Recorded twice."},
    "M.Q2": lambda _: {"state-P1": "needs_work", "note-P1": "", "revision-P1": 1},
    "M.RM2": lambda employer: {"task": f"finding:{employer.ids['finding']}", "side": "client", "revision": 0},
    "M.RM4": lambda employer: {"start": NEXT_CENTURY, "seen": employer.ids["proposal"]},
    "M.T2": lambda _: {"name": "Ours", "kind": "policy", "language": "en", "file": own_template()},
    "M.T4": lambda _: {"file": own_template()},
    "M.B2": _revised("brand", **LOOK),
    "M.D1": lambda _: {"kind": "gap_report", "language": "en", "request_key": "a-key-of-this-form"},
    "M.D4": lambda _: {"reason": "A figure was wrong."},
    "M.H2": lambda _: {"record_class": "engagement", "years": "10"},
    "M.H3": lambda employer: {"seen": employer.ids["plan"]},
    "M.E4p": lambda _: {"reason": "Counsel: a claim of March."},
    "M.X2": lambda _: {"profile": "client"},
    "M.C5": lambda employer: {"typed": employer.ids["leaving_code"], "reason": "The contract ended."},
    "M.A6": lambda _: {"typed": "Northgate Safety", "reason": "We close."},
    "M.D8": lambda _: {"text": "We will look at it."},
    "M.D22": lambda employer: {
        "engagements": str(employer.ids["engagement"]),
        "when": "now",
        "language": "en",
        "request_key": "k" * 24,
    },
    "M.D15": lambda employer: {"file": (BytesIO(paper(employer.ids["number"], "Edited.")), "edited.docx")},
    "M.D12": lambda _: {"reason": "The summary names four gaps."},
    "M.D13": lambda _: {"page": "2", "remark": "The chart has no title."},
    "M.P8": lambda _: {"text": "Which day suits you?"},
    "M.A1": lambda _: {"name": "Harbour Safety", "language": "en", "owner": "dana@example.org"},
    "M.A2": lambda _: {"suspend-reason": "They asked us to."},
    "M.A4": lambda employer: SETTINGS | {"seen": employer.ids["seen"]},
    "M.S4": lambda _: {"name": "House rules", "version": "1", "kind": "standard"},
    "M.S6": lambda _: {"file": (BytesIO(b"code,title\n9.9,Ninth\n"), "ours.csv")},
    "M.S7": _revised("own_standard"),
    "M.S9": _revised("own_standard", licence="y"),
    "M.S10": lambda _: {"version": "2"},
    "M.S12": lambda _: {"code": "9.8", "title": "Another", "weight": "1", "revision": 0},
    "M.S14": _revised("own_requirement", code="1.1", title="Once more", weight="1"),
    "M.S21": lambda employer: {"standard": "csa-z45001-2019", "revision": employer.revisions["assessment"]},
    "M.J2": lambda _: {"name": "Robin Marsh", "roles": "Welder", "revision": 0},
    "M.J4": _revised("worker", name="Robin Marsh", roles="Welder"),
    "M.J6": lambda _: {"course": "WAH", "done_on": "2025-03-02", "proof": "Card seen.", "verified": "y"},
    "M.J7": lambda _: {"proof": "Card seen."},
    "M.J10": lambda _: {"role": "Welder", "course": "WAH"},
    "M.J13": lambda employer: {"engagement": str(employer.ids["engagement"]), "grade": "major"},
    "M.J14": lambda employer: {"engagement": str(employer.ids["program"])},
    "M.J16": lambda _: {"file": (BytesIO(b"name,role,course,date,proof\nRobin,Welder,WAH,2025-03-02,seen\n"), "p.csv")},
    "M.J18": lambda employer: {"seen": employer.ids["list_seen"]},
    "M.J22": lambda _: {"code": "CRANE", "title_en": "Crane", "basis": "hazard", "certainty": "unsure", "revision": 0},
    "M.J24": _revised("own_course", title_en="Crane", basis="hazard", certainty="unsure"),
    "M.RB2": lambda _: {"year": "2025", "amount": "11840.00", "predictability": "low"},
    "M.RB4": lambda _: {
        "sose-program_year": "2", "sose-amount": "2500", "sose-source": "A letter", "sose-seen_on": "2026-03-02",
    },
    "M.RB7": lambda _: {
        "lowest": "50001", "highest": "100000", "amount": "3000", "source": "Manual, p. 9", "seen_on": "2026-03-02",
    },
    "M.HS2": lambda _: {"provider": "Harbour Safety"},
    "M.HS4": _revised("hsep_plan", provider="Harbour Safety", approved_on="2026-03-02"),
    "M.HS5": lambda _: {"code": "F1"},
    "M.HS8": lambda employer: {"step1-what": "Write it.", "step1-revision": employer.revisions["hsep_step"]},
    "M.HS9": lambda employer: {"evidence": str(employer.ids["evidence"])},
    "M.CT3": lambda _: {
        "standard": "cor2020", "standing": "in_force", "issued_on": "2026-01-15", "expires_on": "2029-01-15",
        "revision": 0,
    },
    "M.CT5": _revised(
        "certificate", standard="iso45001", standing="in_force", issued_on="2026-03-02", expires_on="2029-03-01"
    ),
    "M.RC4": lambda employer: {
        "certificate_id": str(employer.ids["applied_with"]), "answer-convictions": "no", "note-convictions": "Said.",
        "revision": employer.revisions["recognition"],
    },
    "M.RC5": lambda _: {"applied_on": str(YESTERDAY)},
    "M.RC6": lambda employer: {"evidence": str(employer.ids["evidence"])},
    "M.A7": lambda employer: {"consultancy": employer.ids["consultancy"], "reason": "A report will not open."},
}


def sign_in_fields(stand: Stand) -> dict[str, str]:
    return {"email": stand.emails["con"], "password": PASSWORD}


def offices(stand: Stand, role: str) -> tuple[Office, Office]:
    """Whose rows are asked for, and the other consultancy: an outsider asks for the first like everybody else."""
    return stand.here, stand.elsewhere
