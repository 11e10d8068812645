"""HSEp evidence pack: the clock first, then each topic with its five steps and what shows them."""

from __future__ import annotations

from tools.starters.blocks import bullets, fact_strip
from tools.starters.markup import SPACER, choose, each, header_row, p, row, row_each, table, when
from tools.starters.package import Starter

WIDTH = 9406
STEPS = (2300, 3506, 1400, 2200)
FACTS = (("Document", "{{ document.number }}"), ("Provider", "{{ hsep.provider }}"),
         ("Plan approved", "{% if hsep.approved %}{{ hsep.approved }}{% else %}–{% endif %}"),
         ("Standing", "{{ hsep.standing }}"))


def topics() -> str:
    chip = choose(("s.status == 'done'", p("LegalCompliant", "● Done")),
                  ("s.status == 'done_late'", p("LegalPartly", "◑ Done late")),
                  ("s.status == 'overdue'", p("LegalNot", "× Overdue")),
                  ("", p("TableText", "○ Open")))
    return each(
        "t in hsep.topics",
        p("Heading2", "{{ t.title }}"),
        p("SourceNote", "{{ t.place }}"),
        each("n in t.notes", p("BodyText", "{{ n }}")),
        table("OHSTable", STEPS, [
            header_row(STEPS, "Step", "What, who, when", "=Status", "Evidence"),
            row_each(STEPS, "s in t.steps", row(STEPS, [
                p("TableRowHeader", "{{ s.number }} {{ s.name }}"),
                [each("w in s.what", p("TableText", "{{ w }}")),
                 p("TableText", "{% if s.who %}{{ s.who }}{% else %}–{% endif %}"
                                "{% if s.when %}, {{ s.when }}{% endif %}"),
                 each("r in s.remark", p("TableSmall", "{{ r }}"))],
                chip,
                [each("f in s.files", p("TableText", "{{ f.title }}{% if f.date %}, {{ f.date }}{% endif %}")),
                 when("not s.files", p("TableText", "–"))]])),
        ], says="{{ t.title }}"),
        SPACER)


def body() -> str:
    return "".join([
        p("CoverBrand", "{{ firm.name }}"),
        p("TitlePlain", "{{ document.title }}"),
        p("SubtitlePlain", "{{ client.legal_name }}"),
        fact_strip(FACTS, WIDTH),
        p("Lead", "{{ hsep.lead }} {{ hsep.clock }}"),
        each("r in hsep.remarks", p("BodyText", "{{ r }}")),
        p("Heading1RunOn", "Topics and evidence"),
        topics(),
        p("Heading1RunOn", "What a validator looks for"),
        bullets("hsep.hints"),
        each("t in limits", p("SourceNote", "{{ t }}")),
    ])


STARTER = Starter(kind="hsep_evidence_pack", subject="HSEp evidence pack", body=body())
