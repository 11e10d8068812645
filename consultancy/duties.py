"""Duties under Ontario law that headcount and sector bring with them: a quick check, never legal advice.

The table carries the source of each line and how sure we are of it; what is not sure is printed as such.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

APPLIES, CHECK, OUTSIDE = "applies", "check", "outside"
CERTIFIED_IN_CONSTRUCTION_FROM = 50
# Reg. 851 speaks of industrial establishments; what it leaves out has a regulation of its own.
INDUSTRIAL = ("manufacturing", "warehousing", "food", "research", "transportation")
NOT_INDUSTRIAL = ("construction", "mining", "farming")
LONGEST_RANGE = 100  # sections; more is a slip of the keyboard
UNTOLD = ("", "other")


@dataclass(frozen=True)
class Employer:
    """What decides which duties apply; None or "" is not known."""

    headcount: int | None = None
    sector: str = ""
    wsib_schedule: int | None = None
    hazardous_products: bool | None = None


@dataclass(frozen=True)
class Duty:
    key: str
    title: dict[str, str]
    least: int
    most: int | None
    applies: str
    citation: dict[str, str]
    evidence: dict[str, str]
    clauses: tuple[str, ...]
    certain: bool
    source: str

    def standing(self, employer: Employer) -> str:
        """Applies, must be asked about, or does not concern this employer."""
        told = self._by_sector(employer)
        if told == OUTSIDE or self._outside_headcount(employer):
            return OUTSIDE
        return CHECK if employer.headcount is None and self._has_threshold else told

    @property
    def _has_threshold(self) -> bool:
        return self.least > 1 or self.most is not None

    def _outside_headcount(self, employer: Employer) -> bool:
        count = employer.headcount
        return count is not None and (count < self.least or (self.most is not None and count > self.most))

    def _by_sector(self, employer: Employer) -> str:
        sector, untold = employer.sector, employer.sector in UNTOLD
        few = employer.headcount is None or employer.headcount < CERTIFIED_IN_CONSTRUCTION_FROM
        building = CHECK if untold else APPLIES if sector == "construction" else OUTSIDE
        industrial = APPLIES if sector in INDUSTRIAL else OUTSIDE if sector in NOT_INDUSTRIAL else CHECK
        products = {None: CHECK, True: APPLIES, False: OUTSIDE}[employer.hazardous_products]
        return {
            "all": APPLIES,
            "check": CHECK,
            "certified": CHECK if few and sector in ("construction", *UNTOLD) else APPLIES,
            "construction": building,
            "construction_project": CHECK if building == APPLIES else building,  # nobody asked how long a project lasts
            "hazardous_products": products,
            "industrial": industrial,
            "public_buyer": APPLIES if sector == "municipal" else CHECK if untold else OUTSIDE,
            "wsia": APPLIES if employer.wsib_schedule else CHECK,
        }[self.applies]

    def spoken_of(self, legal_duty: str) -> bool:
        """Whether a finding's legal duty cites this one: the same section, or a subsection of it."""
        ours = [one for language in self.citation for one in _sections(self.citation[language])]
        return any(
            act == own_act and (section == own or section.startswith(f"{own}(") or "" in (own, section))
            for act, section in _sections(legal_duty)
            for own_act, own in ours
        )


_ACT = re.compile(
    r"(?P<act>OHSA|LSST|WSIA|LSPAAT)|(?P<regulation>(?:O\. )?Reg\.|Règl\.(?: de l[’']Ont\.)?)\s*(?P<number>\d+/?\d*)"
)
_SECTION = re.compile(r"\d+(?:\.\d+)*(?:\([\w.]+\))*(?:\s*(?:-|–|to)\s*\(?\d*[\w.]*\)?)?")


def _sections(citation: str) -> list[tuple[str, str]]:
    """(act or regulation, section): "OHSA 25(2)(j)-(k), 25(4)" is OHSA 25(2)(j), 25(2)(k) and 25(4).

    A regulation without a section stands for all of it.
    """
    found = []
    acts = list(_ACT.finditer(citation))
    for place, act in enumerate(acts):
        name = act["number"] or {"LSST": "OHSA", "LSPAAT": "WSIA"}.get(act["act"], act["act"])
        end = acts[place + 1].start() if place + 1 < len(acts) else len(citation)
        sections = [(name, one) for part in _SECTION.finditer(citation, act.end(), end) for one in _range(part[0])]
        found += sections or [(name, "")] * bool(act["number"])
    return found


def _range(section: str) -> list[str]:
    """Sections 32.0.6-32.0.8 are three, 25(2)(j)-(k) two. People type these: what is no range stays as it stands."""
    first, dash, last = (part.strip() for part in re.sub(r"–|\bto\b", "-", section).partition("-"))
    if not dash:
        return [first]
    whole = last.partition(".")[0]
    if first.isdigit() and whole.isdigit():  # the last may be one that was put in later, such as 53.1
        return list(dict.fromkeys([*_steps(first, whole), last]))
    if last.startswith("(") and first.endswith(")"):
        stem, _, step = first[:-1].rpartition("(")
        return [f"{stem}({one})" for one in _steps(step, last.strip("()"))]
    stem, _, step = first.rpartition(".")
    return [f"{stem}.{one}" for one in _steps(step, last.rpartition(".")[2])] if stem else [first]


def _steps(first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit():
        return [str(number) for number in range(int(first), min(int(last), int(first) + LONGEST_RANGE) + 1)]
    if len(first) == len(last) == 1 and (first + last).isalpha():
        return [chr(letter) for letter in range(ord(first), ord(last) + 1)]
    return [first]


def _read() -> tuple[Duty, ...]:
    with (Path(__file__).parent / "standards" / "ohsa_duties.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Duty(
                key=line["id"],
                title={"en": line["duty_en"], "fr": line["duty_fr"]},
                least=int(line["min_workers"] or 0),
                most=int(line["max_workers"]) if line["max_workers"] else None,
                applies=line["applies"],
                citation={"en": line["citation_en"], "fr": line["citation_fr"]},
                evidence={"en": line["evidence_en"], "fr": line["evidence_fr"]},
                clauses=tuple(one.strip() for one in line["clauses"].split(";")),
                certain=line["certainty"] == "high",
                source=line["source"],
            )
            for line in csv.DictReader(file)
        )


DUTIES = _read()
