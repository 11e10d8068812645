"""SOSE readiness letter: the answer first, the checklist, when to apply, and whose decision it is."""

from __future__ import annotations

from tools.starters.markup import caption, choose, each, header_row, p, row, row_each, run, table, when
from tools.starters.package import Starter

WIDTHS = (4706, 1600, 3100)


def checklist() -> str:
    chip = choose(("c.state == 'shown'", p("LegalCompliant", "● Have")),
                  ("c.state == 'planned'", p("LegalPartly", "◊ Planned")),
                  ("c.state == 'too_old'", p("LegalNot", "× Too old")),
                  ("", p("LegalNot", "× Not yet shown")))
    return "".join([
        caption("Table", 1, "Checklist for the application: {{ letter.shown }} of {{ letter.total }} shown"),
        table("OHSTableDense", WIDTHS, [
            header_row(WIDTHS, "Item", "=Status", "Proof, date or next step"),
            row_each(WIDTHS, "c in checklist", row(WIDTHS, [
                p("TableRowHeader", "{{ c.item }}"), chip, p("TableText", "{{ c.proof }}")])),
        ], says="Checklist for the application"),
        p("SourceNote", "{{ letter.sources }}"),
    ])


def body() -> str:
    return "".join([
        p("CoverBrand", "{{ firm.name }}"),
        when("firm.detail", p("LetterheadDetail", "{{ firm.detail }}")),
        p("LetterAddress", "{{ document.issued }}"),
        each("t in letter.addressee", p("LetterAddress", "{{ t }}")),
        p("LetterSubject", "{{ letter.subject }}"),
        p("LetterText", "{{ letter.salutation }}"),
        p("LetterText", run("{{ letter.answer }}", "Strong"), run(" {{ letter.status }}")),
        checklist(),
        p("LetterText", "{{ letter.window }} {{ letter.how }}"),
        each("t in letter.limits", p("LetterText", "{{ t }}")),
        p("LetterText", "Yours truly,"),
        p("SignatureLine"),
        p("Signature", "{{ author.name }}, {{ firm.name }}"),
    ])


STARTER = Starter(kind="sose_letter", subject="Readiness for recognition (SOSE)", body=body(), page="sheet")
