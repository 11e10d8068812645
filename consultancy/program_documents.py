"""The 32 documents of an occupational health and safety program, and which of them a client probably needs.

What is proposed is a proposal: our own reading of the profile, which the consultant accepts or changes.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

# A firm this size is answered with a few merged documents; our own rule.
SMALL_FIRM_BELOW = 20
# OHSA 8 and 9: from six workers a representative, from twenty a committee.
REPRESENTATIVE_FROM = 6
COMMITTEE_FROM = 20
HOURS_PER_DAY = 8
SECTORS_WITHOUT_MACHINERY = ("services",)


@dataclass(frozen=True)
class ProgramDocument:
    code: str
    title_en: str
    title_fr: str
    kind: str
    clauses: tuple[str, ...]
    elements: tuple[str, ...]
    when: str
    small_firm: bool

    def title(self, language: str = "en") -> str:
        return self.title_fr if language == "fr" else self.title_en

    def answers(self, requirement: str, *, by_elements: bool) -> bool:
        """A document that answers 6.1.2 answers 6.1.2.1 too. `by_elements`: the requirement is one of COR's."""
        parts = self.elements if by_elements else self.clauses
        return any(requirement == part or requirement.startswith(f"{part}.") for part in parts)


@dataclass(frozen=True)
class Profile:
    """What is known of a client when its program is planned; None is not known yet, and then a document stays in."""

    headcount: int
    jurisdiction: str = "ontario"
    sector: str = "other"
    hazardous_products: bool | None = None
    standard: str = "iso45001-2018-amd1"


@dataclass(frozen=True)
class Proposal:
    """One document for one client: proposed or not, with the rule that said so (a key of REASONS)."""

    document: ProgramDocument
    proposed: bool
    because: str

    def reason(self, language: str = "en") -> str:
        return REASONS[self.because][language]


REASONS = {
    "always": {"en": "Every program needs it.", "fr": "Tout programme en a besoin."},
    "ontario": {"en": "Ontario law asks for it (OHSA 32.0.1).", "fr": "La loi ontarienne l’exige (LSST 32.0.1)."},
    "not_ontario": {
        "en": "The employer is under federal law: check its own rules.",
        "fr": "L’employeur relève de la loi fédérale\u00a0: vérifier ses propres règles.",
    },
    "committee": {
        "en": "Twenty or more workers: a joint committee (OHSA 9).",
        "fr": "Vingt travailleurs ou plus\u00a0: un comité mixte (LSST 9).",
    },
    "representative": {
        "en": "Six to nineteen workers: a representative (OHSA 8).",
        "fr": "De six à dix-neuf travailleurs\u00a0: un délégué (LSST 8).",
    },
    "consultation": {
        "en": "The standard asks for consultation and participation at any size.",
        "fr": "La norme demande consultation et participation quelle que soit la taille.",
    },
    "hazardous_products": {
        "en": "Hazardous products are used, or it is not known yet.",
        "fr": "Des produits dangereux sont utilisés, ou on ne le sait pas encore.",
    },
    "no_hazardous_products": {
        "en": "No hazardous products are used.",
        "fr": "Aucun produit dangereux n’est utilisé.",
    },
    "machinery": {
        "en": "Machines and stored energy are usual in this sector.",
        "fr": "Machines et énergies dangereuses sont courantes dans ce secteur.",
    },
    "no_machinery": {
        "en": "Machines are unusual in this sector.",
        "fr": "Les machines sont rares dans ce secteur.",
    },
    "iso": {"en": "ISO 45001 asks for internal audits.", "fr": "ISO 45001 demande des audits internes."},
    "cor": {
        "en": "COR brings its own yearly internal audit.",
        "fr": "COR comporte son propre audit interne annuel.",
    },
    "merged": {
        "en": "Small firm: covered inside one of the merged documents.",
        "fr": "Petite entreprise\u00a0: traité dans un des documents regroupés.",
    },
}


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _read() -> tuple[ProgramDocument, ...]:
    shelf = Path(__file__).parent / "standards" / "program_documents.csv"
    with shelf.open(encoding="utf-8", newline="") as file:
        return tuple(
            ProgramDocument(
                code=line["code"],
                title_en=line["title_en"],
                title_fr=line["title_fr"],
                kind=line["kind"],
                clauses=_parts(line["clauses"]),
                elements=_parts(line["element"]),
                when=line["when"],
                small_firm=line["small_firm"] == "yes",
            )
            for line in csv.DictReader(file)
        )


DOCUMENTS = _read()


def document_of(code: str) -> ProgramDocument:
    return next(one for one in DOCUMENTS if one.code == code)


def _asked_for(document: ProgramDocument, profile: Profile) -> tuple[bool, str]:
    if document.when == "ontario":
        return (True, "ontario") if profile.jurisdiction == "ontario" else (False, "not_ontario")
    if document.when == "participation":
        if profile.jurisdiction != "ontario" or profile.headcount < REPRESENTATIVE_FROM:
            return True, "consultation"
        return True, "committee" if profile.headcount >= COMMITTEE_FROM else "representative"
    if document.when == "hazardous_products":
        used = profile.hazardous_products is not False
        return used, "hazardous_products" if used else "no_hazardous_products"
    if document.when == "machinery":
        usual = profile.sector not in SECTORS_WITHOUT_MACHINERY
        return usual, "machinery" if usual else "no_machinery"
    if document.when == "iso":
        return (False, "cor") if profile.standard.startswith("cor") else (True, "iso")
    return True, "always"


def propose(profile: Profile) -> tuple[Proposal, ...]:
    """All 32 documents in order, each proposed or not for this client."""
    proposals = []
    for document in DOCUMENTS:
        proposed, because = _asked_for(document, profile)
        if proposed and profile.headcount < SMALL_FIRM_BELOW and not document.small_firm:
            proposed, because = False, "merged"
        proposals.append(Proposal(document, proposed, because))
    return tuple(proposals)


EFFORT = re.compile(
    r"^(\d+(?:[.,]\d+)?)\s*(d|day|days|j|jour|jours|h|hour|hours|heure|heures)\b\.?(?!\s*[-–/]\s*\d)", re.IGNORECASE
)


def effort_days(text: str | None) -> float | None:
    """Days in an effort as a consultant types it: "4 d + capital" is 4, "ongoing" cannot be read."""
    found = EFFORT.match((text or "").strip())
    if found is None:
        return None
    amount = float(found[1].replace(",", "."))
    return amount / HOURS_PER_DAY if found[2].lower().startswith("h") else amount
