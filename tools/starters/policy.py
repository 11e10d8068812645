"""Health and safety policy on the client's own paper: one page, posted and signed."""

from __future__ import annotations

from tools.starters.blocks import fact_strip, signatures
from tools.starters.markup import PORTRAIT_TEXT, choose, header_row, p, row, row_when, run, table, when
from tools.starters.package import Starter

FACTS = (
    ("Document", "{{ document.number }}"),
    ("Revision", "{{ document.version }}"),
    ("In force", "{{ policy.in_force }}"),
    ("Next review", "{{ policy.next_review }}"),
)
WIDTHS = (2400, 7006)
ASKED = ("{% if client.representation == 'jhsc' %}the joint health and safety committee"
         "{% elif client.representation == 'hsr' %}the health and safety representative"
         "{% else %}each other, everyone at the same table,{% endif %}")
WATCHES = "Inspects monthly, recommends, takes part in investigations; written answer in 21 days"
# The five commitments that clause 5.2 asks for, and consultation, in our own words.
COMMITMENTS = (
    ("Safe and healthy work:", "provide and keep workplaces, equipment and ways of working that prevent injury and "
                               "ill health, of body and mind."),
    ("The law and our word:", "meet the Occupational Health and Safety Act, its regulations and the other "
                              "commitments we take on."),
    ("Risk at its source:", "remove hazards where we can, and reduce risk by substitution, engineering and "
                            "organization before we rely on protective equipment."),
    ("Asking and deciding together:", f"consult workers and {ASKED} before we decide, and let those who do the work "
                                      "take part."),
    ("Getting better:", "set measurable objectives, look at our results every year, improve the system."),
)


def duty(who: str, does: str) -> str:
    return row(WIDTHS, [p("TableRowHeader", who), p("TableText", does)])


def responsibilities() -> str:
    return table("OHSTableDense", WIDTHS, [
        header_row(WIDTHS, "Who", "Does"),
        duty("{{ policy.leader }}", "Provides means and time; reviews this policy and the system at least once a year"),
        duty("Managers and supervisors", "Make sure that work is planned, taught and supervised; act on every report"),
        duty("Workers", "Work safely, use the protection provided, report hazards, incidents and contraventions"),
        row_when(WIDTHS, "client.representation == 'jhsc'",
                 duty("Committee", WATCHES)),
        row_when(WIDTHS, "client.representation == 'hsr'",
                 duty("Representative", WATCHES)),
        duty("Contractors, visitors", "Follow our rules; we tell them of our hazards and ask for theirs"),
    ], says="Responsibilities")


def made_with() -> str:
    posted = "posted, and reviewed at least once a year."
    return choose(
        ("client.representation == 'jhsc'",
         p("BodyText", f"Made with the joint health and safety committee; {posted}")),
        ("client.representation == 'hsr'",
         p("BodyText", f"Made with the health and safety representative; {posted}")),
        ("", p("BodyText", f"Made with all of our workers, whom we consult directly; {posted}")))


def body() -> str:
    return "".join([
        p("CoverBrand", "{{ client.legal_name }}"),
        p("TitlePlain", "{{ document.title }}"),
        p("SubtitlePlain", "For everyone who works at or for {{ client.name }}"),
        fact_strip(FACTS, PORTRAIT_TEXT),
        p("Lead", "{{ policy.statement }}"),
        when("policy.introduction", p("BodyText", "{{ policy.introduction }}")),
        p("FrontHeading2", "We commit to"),
        *[p("ListBullet", run(name, "Strong"), run(f" {words}")) for name, words in COMMITMENTS],
        p("FrontHeading2", "What you can expect, and what we expect"),
        responsibilities(),
        p("CalloutInfoTitle", "You may stop"),
        p("CalloutInfo", "Every person may stop a job that looks unsafe and may refuse unsafe work as the Act "
                         "provides. Nobody will suffer for reporting, stopping, refusing or asking."),
        made_with(),
        signatures(PORTRAIT_TEXT, height=460),
    ])


STARTER = Starter(kind="policy", subject="Health and safety policy", body=body(), page="sheet",
                  footer_left="{{ document.number }}  ·  Revision {{ document.version }}",
                  author="{{ client.legal_name }}")
