"""The pieces several starters share: cover, document control, contents, facts, finding card, signatures."""

from __future__ import annotations

from collections.abc import Sequence

from tools.starters.markup import (
    NOTHING,
    SPACER,
    choose,
    each,
    field,
    header_row,
    p,
    row,
    row_each,
    row_when,
    run,
    table,
    when,
)

CARD = (2200, 7206)
# A grade as it stands in a table, by its code.
GRADE_CHIPS = (("major", "GradeMajor", "× Major"), ("minor", "GradeMinor", "◊ Minor"),
               ("strength", "GradeStrength", "● Strength"), ("", "GradeOFI", "○ Opportunity"))
# Edge colour of a card and its literal grade chip: authors then see real cards in Word.
GRADES = {
    "major": ("OHSCard0", "CardGradeMajor", "× Major"),
    "minor": ("OHSCard1", "CardGradeMinor", "◊ Minor"),
    "ofi": ("OHSCardNV", "CardGradeOFI", "○ Opportunity"),
}


def cover(subtitle: str, facts: Sequence[tuple[str, str]], strip: bool = False, brand: str = "{{ firm.name }}") -> str:
    """Full-page cover with eight facts; the strip shows one dot for each requirement. `brand` is whose paper it is."""
    page = (12240,)
    white: list[str] = [p("CoverNote"), p("CoverNote")]
    if strip:
        white += [
            p("CoverStrip", "{{r clauses|dots }}"),
            p("CoverNote", "Each dot is one requirement, in the order of the standard. "
                           "The section Results at a glance gives the words."),
        ]
    quarter = (2952, *(2152,) * 3)  # the number of a document is the longest fact
    fact_rows = [
        row(quarter, [(p("CoverLabel", label), p("CoverFact", value)) for label, value in facts[start:start + 4]])
        for start in (0, 4)
    ]
    return "".join([
        table("OHSCoverPlain", page, [row(page, [p("CoverBrand", brand)], height=1900, middle=True)],
              says="Cover, firm", look="plain"),
        NOTHING,
        table("OHSCoverBand", page, [row(page, [(p("CoverKicker", "{{ document.kicker }}"),
                                                 p("Title", "{{ document.title }}"), p("Subtitle", run(subtitle)),
                                                 p("CoverKicker"))], height=7400)],
              says="Cover, title", look="plain"),
        NOTHING,
        table("OHSCoverRule", page, [row(page, [NOTHING], height=170, exact=True)], says="Cover, rule", look="plain"),
        NOTHING,
        table("OHSCoverPlain", page, [row(page, [white], height=2600)], says="Cover, ratings", look="plain"),
        NOTHING,
        table("OHSCoverFacts", quarter, fact_rows, says="Cover, document facts", look="plain", indent=1417),
    ])


COVER_FACTS = (
    ("Document", "{{ document.number }}"),
    ("Version", "{{ document.version }}"),
    ("Issued", "{{ document.issued }}"),
    ("Classification", "{{ document.classification }}"),
    ("Prepared for", "{{ client.contact }}"),
    ("Prepared by", "{{ author.name }}"),
    ("Reviewed by", "{{ reviewer.name }}"),
    ("Language", "{{ document.language_name }}"),
)


def fact_strip(facts: Sequence[tuple[str, str]], width: int) -> str:
    """One row of labelled facts under the title of a short deliverable."""
    others = width // len(facts) - 80
    widths = (width - others * (len(facts) - 1), *(others,) * (len(facts) - 1))  # the document's number comes first
    cells = [(p("CoverLabel", label), p("CoverFact", value)) for label, value in facts]
    return table("OHSCoverFacts", widths, [row(widths, cells)], says="Document facts", look="plain") + SPACER


def document_control() -> str:
    history = (1100, 1600, 4506, 2200)
    team = (3300, 6106)
    readers = (6106, 3300)
    return "".join([
        p("FrontHeading", "Document control"),
        table("OHSTable", history, [
            header_row(history, "Version", "Date", "Change", "Status"),
            row_each(history, "v in versions", row(history, [p("TableText", "{{ v.version }}"),
                     p("TableText", "{{ v.date }}"), p("TableText", "{{ v.change }}"),
                     p("TableText", "{{ v.status }}")])),
        ], says="Version history"),
        p("FrontHeading2", "Responsibility"),
        table("OHSTable", team, [
            header_row(team, "Role", "Name"),
            row_each(team, "t in team", row(team, [p("TableRowHeader", "{{ t.role }}"),
                                                   p("TableText", "{{ t.name }}")])),
        ], says="Responsibility"),
        when("distribution",
             p("FrontHeading2", "Distribution"),
             table("OHSTable", readers, [
                 header_row(readers, "Recipient", "Classification"),
                 row_each(readers, "d in distribution", row(readers, [
                     p("TableText", "{{ d.recipient }}"), p("TableText", "{{ document.classification }}")])),
             ], says="Distribution")),
    ])


def contents(levels: int, style: str = "FrontHeadingPage") -> str:
    switches = '\\h \\z \\t "Heading 1 Run On,1,Appendix Heading,1,Appendix Heading Run On,1"'
    return p(style, "Contents") + p("TOC1", field(
        f'TOC \\o "1-{levels}" {switches}', "Right-click here and choose Update Field to list the sections."))


def fact_table(loop: str, says: str, width: int) -> str:
    """Label on the left, value on the right, one row for each entry that has a value."""
    widths = (2600, width - 2600)
    facts = table("OHSFacts", widths, [row_each(widths, loop, row(widths, [
        p("TableRowHeaderKeep", "{{ x.label }}"), p("TableTextKeep", "{{ x.value }}")]))], says=says, look="label")
    return when(loop.split(" in ")[1], facts, SPACER)


def paragraphs(name: str) -> str:
    return each(f"t in {name}", p("BodyText", "{{ t }}"))


def bullets(name: str, style: str = "ListBullet") -> str:
    return each(f"t in {name}", p(style, "{{ t }}"))


def _card_line(label: str, value: str) -> str:
    return row(CARD, [p("CardLabel", label), p("CardText", value)])


def _card(grade: str, labels: dict[str, str], chip: str) -> str:
    edge, chip_style, _ = GRADES[grade]
    facts = ("Clause {{ f.clauses }}{% if f.priority %}   |   Priority {{ f.priority }}{% endif %}"
             "{% if f.effort %}   |   Effort {{ f.effort }}{% endif %}")
    optional = "".join(row_when(CARD, f"f.{name}", _card_line(label, f"{{{{ f.{name} }}}}"))
                       for name, label in labels.items())
    who = ("{% if f.owner %}{{ f.owner }}{% else %}Owner to be agreed{% endif %}"
           "{% if f.due %}, by {{ f.due }}{% else %}; date to be agreed{% endif %}")
    return table(edge, CARD, [
        row(CARD, [p("FindingID", "{{ f.number }}"), p("FindingTitle", "{{ f.title }}")], header=True),
        row(CARD, [p(chip_style, chip), p("CardText", facts)]),
        optional,
        row(CARD, [p("CardLabelLast", "Who and when"), p("CardTextLast", who)]),
    ], says="Finding {{ f.number }}") + SPACER


def grade_chip(row_name: str) -> str:
    """The chip of a grade, written out so that authors can restyle each."""
    return choose(*[(f"{row_name}.grade == '{code}'" if code else "", p(style, words))
                    for code, style, words in GRADE_CHIPS])


def finding_cards(loop: str, labels: dict[str, str], chips: dict[str, str]) -> str:
    """One card for each finding of the loop, its edge and chip by grade; no card breaks over a page."""
    branches = [("f.grade == 'major'", _card("major", labels, chips["major"])),
                ("f.grade == 'minor'", _card("minor", labels, chips["minor"])),
                ("", _card("ofi", labels, chips["ofi"]))]
    return each(loop, choose(*branches))


def signatures(width: int, height: int = 620) -> str:
    """Room to sign, one row for each signatory; the height of a row in twips."""
    widths = (width - 4900, 3200, 1700)
    return table("OHSTable", widths, [
        header_row(widths, "Name and function", "Signature", "Date"),
        row_each(widths, "s in signatories", row(widths, [
            p("TableTextKeep", "{{ s.name }}{% if s.function %}, {{ s.function }}{% endif %}"),
            p("TableText"), p("TableText")], height=height, middle=True)),
    ], says="Signatures") + SPACER


def steps_table(steps: str, heading: str) -> str:
    """What is done, by whom and what is recorded, of a procedure or of a chapter of the manual."""
    widths = (600, 4606, 2100, 2100)
    return when(steps,
                p(heading, "Steps"),
                table("OHSTable", widths, [
                    header_row(widths, "#No.", "What is done", "Who", "Record"),
                    row_each(widths, f"s in {steps}", row(widths, [
                        p("TableNumber", "{{ loop.index }}"),
                        [p("TableRowHeader", "{{ s.title }}"), when("s.text", p("TableText", "{{ s.text }}"))],
                        p("TableText", "{{ s.who }}"),
                        p("TableText", "{% if s.record %}{{ s.record }}{% else %}–{% endif %}")])),
                ], says="Steps"),
                SPACER)


def records_table(records: str, heading: str) -> str:
    """Where the records of a procedure or a chapter are kept, and for how long."""
    widths = (4206, 2900, 2300)
    return when(records,
                p(heading, "Records"),
                table("OHSTable", widths, [
                    header_row(widths, "Record", "Kept where", "Kept for"),
                    row_each(widths, f"x in {records}", row(widths, [
                        p("TableRowHeader", "{{ x.name }}"), p("TableText", "{{ x.place }}"),
                        p("TableText", "{{ x.period }}")])),
                ], says="Records"),
                SPACER)
