"""Every screen: an address of the product, who may see it, and where its ids come from."""

from dataclasses import dataclass, field
from typing import Literal

STAFF, CLIENT, PARTNER, OUT = ("owner", "consultant"), ("client",), ("partner",), ("nobody",)
OWNER = ("owner",)
OPERATOR = ("operator",)
SIGNED_IN = (*STAFF, *CLIENT, *PARTNER, *OPERATOR)
EVERYBODY = (*SIGNED_IN, *OUT)

PRODUCTIONS = ("queued", "writing", "failed", "cancelled")
STANDINGS = ("draft", "in_review", "approved", "released", "superseded", "withdrawn")

PEOPLE = {
    "owner": "p.oyelaran@northfield-ridge.example",
    "consultant": "s.dhaliwal@northfield-ridge.example",
    "client": "dale@tolmie-metalfab.example",
    "partner": "i.solheim@gltfa.example",
    "operator": "operator@platform.example",
    "nobody": "",
}


@dataclass(frozen=True)
class Screen:
    """`values` fill the address: the name of a place (served.py) becomes its id."""

    endpoint: str
    state: str = ""
    seen_by: tuple[str, ...] = STAFF
    values: dict[str, str] = field(default_factory=dict)
    kind: Literal["page", "part", "file", "door"] = "page"  # a door only leads on to another page

    @property
    def name(self) -> str:
        return f"{self.endpoint} {self.state}".strip()


def of(endpoint: str, state: str = "", *, seen_by: tuple[str, ...] = STAFF, kind="page", **values: str) -> Screen:
    return Screen(endpoint, state, seen_by, values, kind)


SCREENS = (
    of("sign_in.show", seen_by=EVERYBODY),
    of("sign_in.choose", "one door", seen_by=SIGNED_IN, kind="door"),
    of("health.show", seen_by=EVERYBODY, kind="file"),
    of("me.show", seen_by=SIGNED_IN),
    of("second_factor.ask", "already in", seen_by=SIGNED_IN),
    of("second_factor.show", seen_by=SIGNED_IN),
    of("reset.show", seen_by=EVERYBODY),
    of("reset.choose", seen_by=EVERYBODY, link="reset_secret"),
    of("partner.index", seen_by=PARTNER),
    of("ops.index", seen_by=OPERATOR),
    of("ops.new", seen_by=OPERATOR),
    of("ops.show", seen_by=OPERATOR, consultancy="tenant"),
    of("ops.show", "suspended", seen_by=OPERATOR, consultancy="suspended"),
    of("ops.trail", seen_by=OPERATOR),
    of("portal.index", seen_by=CLIENT),
    of("portal.show", seen_by=CLIENT, deliverable="released"),
    of("portal.download", seen_by=CLIENT, kind="file", deliverable="released"),
    of("portal.download_pdf", seen_by=CLIENT, kind="file", deliverable="released"),
    of("practice.show", seen_by=("owner",)),
    of("brand.show", seen_by=OWNER),
    of("standards.index", seen_by=OWNER),
    of("standards.shipped", seen_by=OWNER, standard="hsep-2026"),
    of("standards.new", seen_by=OWNER),
    of("standards.show", "draft", seen_by=OWNER, own_standard="own_draft"),
    of("standards.show", "published", seen_by=OWNER, own_standard="own_questions"),
    of("standards.new_requirement", seen_by=OWNER, own_standard="own_draft"),
    of("standards.edit_requirement", seen_by=OWNER, own_requirement="own_requirement"),
    of("brand.logo", seen_by=OWNER, kind="file"),
    of("document_templates.index"),
    of("document_templates.new", seen_by=OWNER),
    of("document_templates.show", document_template="template"),
    of("document_templates.show", "retired", document_template="retired_template"),
    of("document_templates.report", version="template_version"),
    of("document_templates.download", kind="file", version="template_version"),
    of("document_templates.sample", kind="file", version="template_version"),
    of("previews.sample", kind="file", version="template_version"),
    of("document_templates.starter", kind="file", name="gap_report"),
    of("clients.index"),
    of("clients.index", "nothing found", q="zzzz"),
    of("insight.show"),
    of("insight.show", "nothing found", standard="cor2020", sector="food"),
    of("search.show"),
    of("search.show", "found", q="guard"),
    of("search.show", "nothing found", q="zzzz"),
    of("clients.new"),
    of("clients.show", client="client"),
    of("clients.show", "another", client="other_client"),
    of("clients.edit", client="client"),
    of("engagements.new", client="client"),
    of("engagements.show", "gap analysis", engagement="gap"),
    of("engagements.show", "pre-audit of ISO 45001", engagement="rated"),
    of("engagements.show", "program development", engagement="program"),
    of("engagements.show", "pre-audit", engagement="pre_audit"),
    of("engagements.show", "nothing rated", engagement="unrated"),
    of("engagements.show", "closed", engagement="closed"),
    of("engagements.scope", engagement="gap"),
    of("presence.show", kind="part", engagement="gap", requirement="6.1.2.1"),
    of("sampling.show", engagement="gap"),
    of("rating_grid.show", engagement="gap"),
    of("rating_grid.show", "nothing rated", engagement="unrated"),
    of("assessments.show", engagement="rated", requirement="6.1.2.1"),
    of("assessments.show", "nothing rated", engagement="unrated", requirement="4.1"),
    of("assessments.show", "last", engagement="gap", requirement="10.3"),
    of("assessments.show", "element of COR", engagement="pre_audit", requirement="1"),
    of("assessments.show", "closed", engagement="gap", requirement="4.1"),
    of("assessments.show", "carried over and suggested", engagement="carried", requirement="7.4.1"),
    of("assessments.show", "suggested at a site", engagement="carried", requirement="7.4.1", site="north"),
    of("assessments.show", "source changed", engagement="carried", requirement="7.4.1", site="south"),
    of("assessments.show", "sites propose", engagement="carried", requirement="8.2"),
    of("rating_grid.show", "several sites", engagement="carried"),
    of("assessments.show", "locked", engagement="locked", requirement="4.1"),
    of("rating_grid.show", "locked", engagement="locked"),
    of("carry_overs.show", engagement="carried"),
    of("carry_overs.show", "preview", engagement="carried", earlier="locked"),
    of("assessments.show", "question by points", engagement="by_points", requirement="3.01"),
    of("engagements.show", "by points", engagement="by_points"),
    of("standard_moves.show", engagement="rated"),
    of("standard_moves.marks", engagement="by_points"),
    of("standard_moves.marks", "not by points", engagement="gap"),
    of("standard_moves.earlier", engagement="moved", assessment="left_behind"),
    of("standard_moves.show", "moved", engagement="moved"),
    of("checklists.upload", engagement="rated"),
    of("checklists.download", engagement="gap", kind="file"),
    of("checklists.show", "preview", engagement="upload", checklist="preview"),
    of("checklists.show", "questions", engagement="upload", checklist="questions"),
    of("checklists.show", "problems", engagement="upload", checklist="problems"),
    of("checklists.show", "applied", engagement="gap", checklist="applied"),
    of("field_workbooks.index", engagement="visit"),
    of("field_workbooks.index", "none", engagement="unrated"),
    of("field_workbooks.download", kind="file", engagement="visit", field_workbook="field_workbook"),
    of("field_workbooks.show", "preview", engagement="visit", returned="returned"),
    of("field_workbooks.show", "applied", engagement="visit", returned="applied_return"),
    of("evidence.index", engagement="rated"),
    of("evidence.index", "as a list", engagement="rated", view="list"),
    of("evidence.index", "none", engagement="unrated", filter="unlinked"),
    of("evidence.of_client", client="client"),
    of("evidence.choose", engagement="rated", requirement="4.1"),
    of("evidence.show", evidence="photograph"),
    of("evidence.show", "infected", evidence="infected"),
    of("evidence.show", "being checked", evidence="waiting"),
    of("evidence.download", kind="file", evidence="photograph"),
    of("evidence.thumbnail", kind="file", evidence="photograph"),
    of("evidence.preview", kind="file", evidence="photograph"),
    of("findings.index", engagement="gap"),
    of("findings.index", "none", engagement="unrated"),
    of("findings.index", "filtered", engagement="gap", grade="major", sort="due"),
    of("findings.index", "nothing found", engagement="gap", text="zzzz"),
    of("findings.new", engagement="rated", requirement="6.1.2.1"),
    of("findings.edit", finding="finding"),
    of("findings.edit", "closed", finding="closed_finding"),
    of("corrective_actions.index", engagement="gap"),
    of("corrective_actions.index", "none", engagement="unrated"),
    of("corrective_actions.index", "board", engagement="gap", view="board"),
    of("corrective_actions.new", finding="finding"),
    of("corrective_actions.edit", action="action"),
    of("corrective_actions.edit", "closed", action="closed_action"),
    of("phrases.index"),
    of("phrases.index", "none of COR", standard="cor2020"),
    of("phrases.new"),
    of("phrases.edit", phrase="phrase"),
    of("members.index"),
    of("members.show", seen_by=("owner",), member="member"),
    of("members.show", "client user", seen_by=("owner",), member="portal_user"),
    of("members.show", "off-boarded", seen_by=("owner",), member="former_member"),
    of("members.users", client="client"),
    of("consents.index", seen_by=("owner",), engagement="gap"),
    of("invitation.show", seen_by=EVERYBODY, secret="invitation"),
    of("register.index", engagement="program"),
    of("register.index", "none", engagement="gap"),
    of("roadmap.index", engagement="gap"),
    of("roadmap.index", "planning a task", engagement="program", edit="requirement:4.1"),
    of("roadmap.index", "program", engagement="program"),
    of("roadmap.index", "nothing to do", engagement="unrated"),
    of("roadmap.placing", engagement="program"),
    of("audit.index", seen_by=OWNER),
    of("audit.index", "nothing found", seen_by=OWNER, subject="00000000-0000-4000-8000-000000000000"),
    of("privacy.rules", seen_by=OWNER),
    of("privacy.hold", seen_by=OWNER, engagement="closed"),
    of("privacy.client_data", seen_by=OWNER, client="client"),
    of("privacy.client_deletion", seen_by=OWNER, client="client"),
    of("privacy.data", seen_by=OWNER),
    of("privacy.client_file", seen_by=OWNER, kind="file", client="client", made="client_export"),
    of("privacy.tenant_file", seen_by=OWNER, kind="file", made="whole_export"),
    of("deliverables.index", engagement="gap"),
    of("deliverables.index", "none", engagement="unrated"),
    of("problems.show", engagement="gap", wanted="gap_report"),
    *(
        of("deliverables.show", state, deliverable=state)
        for state in (*PRODUCTIONS, *STANDINGS)
    ),
    of("deliverables.progress", deliverable="writing", kind="part"),
    of("deliverables.download", deliverable="draft", kind="file"),
    of("previews.download", deliverable="in_review", kind="file"),
    of("previews.page", deliverable="in_review", number="1", kind="file"),
    of("redlines.show", deliverable="newer"),
    of("redlines.download", deliverable="newer", kind="file"),
    of("bulk_requests.index"),
    of("bulk_requests.new", wanted="gap_report"),
    of("bulk_requests.show", bulk_request="bulk_request"),
    of("bulk_requests.progress", bulk_request="bulk_request", kind="part"),
)  # fmt: skip

PAGES = tuple(screen for screen in SCREENS if screen.kind == "page")
