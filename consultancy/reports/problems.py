"""What stands in the way of a good document, before it is written: each problem with the places where it is mended."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from consultancy import scoring
from consultancy.models.client import Contact
from consultancy.models.corrective_action import TO_DO, CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries import clients, corrective_actions, findings, hsep_plans, members, premiums, training
from consultancy.rebates import SCHEDULE_2
from consultancy.reports import management_review, manual, sose_letter
from consultancy.reports.record import STILL_OPEN, Record, read
from consultancy.reports.sources import source

BLOCKING, SHOULD_FIX, INFORMATION = LEVELS = ("blocking", "should_fix", "information")
ANSWERABLE = ("major", "minor")
SHORTEST_NAME = 3  # letters; what is no longer than this stands in ordinary words


class Place(NamedTuple):
    """Where a problem is mended: a page of the product, the row or requirement it opens, and how people call it."""

    page: str  # requirement, new_finding, finding, corrective_action, client, texts, assessment, findings, register
    key: Any
    label: str


@dataclass(frozen=True)
class Problem:
    """`what` names the sentence; `facts` are its figures. Without places it can only be known, not mended."""

    level: str
    what: str
    places: tuple[Place, ...] = ()
    facts: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that the checks look at, each read once and only when a check asks for it."""

    asked_for: Engagement
    kind: str
    today: date

    @cached_property
    def engagement(self) -> Engagement:
        """Whose ratings count."""
        return source(self.asked_for) if self.kind in ("roadmap", "management_review") else self.asked_for

    @cached_property
    def record(self) -> Record:
        return read(self.engagement)

    @cached_property
    def behind(self) -> list[Engagement]:
        """Whose findings and actions the document speaks of."""
        if self.kind == "management_review":
            return management_review.sources(self.asked_for, self.engagement)
        return [self.asked_for]

    @cached_property
    def findings(self) -> list[Finding]:
        return [one for each in self.behind for one in findings.of_engagement(each)]

    @cached_property
    def actions(self) -> list[CorrectiveAction]:
        return [one for each in self.behind for one in findings.actions_of(each)]

    @cached_property
    def answered(self) -> set[UUID]:
        """Findings with an action of their own engagement or of another."""
        return {one for each in self.behind for one in corrective_actions.answered_of(each)}

    @cached_property
    def contacts(self) -> list[Contact]:
        return clients.contacts(self.asked_for.client)

    @cached_property
    def users(self) -> list[str]:
        return [one.member.name for one in members.users_of(self.asked_for.client)]

    @property
    def answerable(self) -> list[Finding]:
        """The majors, then the minors."""
        return [one for grade in ANSWERABLE for one in self.findings if one.grade == grade]


def problems_of(engagement: Engagement, *, kind: str, today: date) -> list[Problem]:
    """The problems of one kind of deliverable, the worst first. Reads; the document may still be asked for unless one
    of them blocks."""
    facts = Facts(asked_for=engagement, kind=kind, today=today)
    found = [problem for check in CHECKS.get(kind, PAPER) for problem in check(facts)]
    return sorted(found, key=lambda problem: LEVELS.index(problem.level))


def nothing_rated(facts: Facts) -> Iterable[Problem]:
    if not facts.record.anything_rated:
        yield Problem(BLOCKING, "nothing_rated", (Place("assessment", facts.engagement.id, ""),))


def nothing_rated_or_found(facts: Facts) -> Iterable[Problem]:
    if not facts.record.findings:
        yield from nothing_rated(facts)


def nothing_to_follow(facts: Facts) -> Iterable[Problem]:
    if not facts.actions and not facts.answerable:
        yield Problem(BLOCKING, "nothing_to_follow", (Place("findings", facts.engagement.id, ""),))


def carried_over_unconfirmed(facts: Facts) -> Iterable[Problem]:
    """A report that says of this year what somebody saw last year says what nobody knows."""
    waiting = [code for code, (rating, _seen) in facts.record.judged.items() if rating.carried_over]
    at_sites = [code for code, _site, rating in facts.record.site_ratings if rating.carried_over]
    codes = [one.code for one in facts.record.standard.requirements if one.code in {*waiting, *at_sites}]
    yield from at(BLOCKING, "carried_over_unconfirmed", (requirement(code) for code in codes))


def little_decided(facts: Facts) -> Iterable[Problem]:
    tally = facts.record.score.overall
    if tally.total > tally.not_rated and not tally.enough_decided:
        decided = (("percent", tally.decided_percent), ("wanted", scoring.SHOWN_FROM_PERCENT_DECIDED))
        yield Problem(SHOULD_FIX, "little_decided", (Place("assessment", facts.engagement.id, ""),), decided)


def gaps_without_recommendation(facts: Facts) -> Iterable[Problem]:
    bare = [code for code in gaps(facts.record) if not facts.record.judged[code].rating.recommendation]
    yield from at(SHOULD_FIX, "gaps_without_recommendation", (requirement(code) for code in bare))


def gaps_without_finding(facts: Facts) -> Iterable[Problem]:
    bare = [code for code in gaps(facts.record) if not facts.record.findings_on(code)]
    yield from at(SHOULD_FIX, "gaps_without_finding", (Place("new_finding", code, code) for code in bare))


def findings_without_ground(facts: Facts) -> Iterable[Problem]:
    """A finding that a client can dispute: nothing says what was seen, or what shows it."""
    bare = [one for one in facts.answerable if not (one.statement and one.evidence)]
    yield from at(SHOULD_FIX, "findings_without_ground", (finding(one) for one in bare))


def findings_without_action(facts: Facts) -> Iterable[Problem]:
    answered = facts.answered
    bare = [one for one in facts.answerable if one.status in STILL_OPEN and one.id not in answered]
    yield from at(SHOULD_FIX, "findings_without_action", (finding(one) for one in bare))


def actions_incomplete(facts: Facts) -> Iterable[Problem]:
    going = [one for one in facts.actions if one.status in TO_DO]
    nobody = [one for one in going if not one.owner_text]
    undated = [one for one in going if not one.due]
    unproven = [one for one in facts.actions if one.status == "done" and not one.proof]
    late = [one for one in facts.actions if one.overdue(facts.today)]
    yield from at(SHOULD_FIX, "actions_without_owner", map(corrective_action, nobody))
    yield from at(SHOULD_FIX, "actions_without_due", map(corrective_action, undated))
    yield from at(SHOULD_FIX, "actions_without_proof", map(corrective_action, unproven))
    yield from at(INFORMATION, "actions_overdue", map(corrective_action, late))


def no_headline(facts: Facts) -> Iterable[Problem]:
    if not facts.engagement.texts.get("headline"):
        yield Problem(SHOULD_FIX, "no_headline", (Place("texts", facts.engagement.id, ""),))


def no_independence(facts: Facts) -> Iterable[Problem]:
    if not facts.engagement.independence_note:
        yield Problem(SHOULD_FIX, "no_independence")


def no_signatory(facts: Facts) -> Iterable[Problem]:
    if not any(contact.part == "sponsor" for contact in facts.contacts):
        yield Problem(SHOULD_FIX, "no_signatory", (client(facts.engagement),))


def size_unknown(facts: Facts) -> Iterable[Problem]:
    """Ontario law asks for a representative or a committee by the number of workers (OHSA s. 8 and 9)."""
    if facts.engagement.client.headcount is None:
        yield Problem(SHOULD_FIX, "size_unknown", (client(facts.engagement),))


def names_in_observations(facts: Facts) -> Iterable[Problem]:
    """Observations are printed word for word, and an interview is promised to stay without a name."""
    people = [contact.name for contact in facts.contacts] + facts.users
    known = {part.casefold() for name in people for part in (name, *name.split()) if len(part) > SHORTEST_NAME}
    named = [
        code
        for code, judged in facts.record.judged.items()
        if any(mentions(one.text, known) or mentions(one.evidence, known) for one in judged.observations)
    ]
    yield from at(SHOULD_FIX, "names_in_observations", map(requirement, named))


def must_not_verified(facts: Facts) -> Iterable[Problem]:
    rated = facts.record.rated
    open_ = [one.code for one in facts.record.standard.must_items() if not rated.get(one.code, scoring.UNRATED).decided]
    yield from at(SHOULD_FIX, "must_not_verified", map(requirement, open_))


def nothing_in_register(facts: Facts) -> Iterable[Problem]:
    if not manual.documents_of(facts.asked_for):
        yield Problem(BLOCKING, "nothing_in_register", (Place("register", facts.asked_for.id, ""),))


def placeholders_left(facts: Facts) -> Iterable[Problem]:
    """What only the client knows; a manual is not in force while one is left."""
    engagement = facts.asked_for
    if left := manual.placeholders(engagement, facts.contacts, engagement.language, facts.today):
        places = (client(engagement), Place("texts", engagement.id, ""))
        yield Problem(SHOULD_FIX, "placeholders_left", places, (("count", left),))


def review_not_typed(facts: Facts) -> Iterable[Problem]:
    """Inputs that stand open in the minutes for the meeting to fill in."""
    texts, place = facts.asked_for.texts, (Place("texts", facts.asked_for.id, ""),)
    if not texts.get("review_on"):
        yield Problem(SHOULD_FIX, "review_without_day", place)
    if bare := sum(not texts.get(f"review_{name}") for name in management_review.INPUTS):
        yield Problem(INFORMATION, "review_inputs_open", place, (("count", bare),))


def sose_not_shown(facts: Facts) -> Iterable[Problem]:
    if bare := sose_letter.points_missing(facts.asked_for, facts.asked_for.language, facts.today):
        yield Problem(SHOULD_FIX, "sose_not_shown", (Place("texts", facts.asked_for.id, ""),), (("count", bare),))


def nothing_in_training(facts: Facts) -> Iterable[Problem]:
    if not any(row.cells for row in training.overview(facts.asked_for.client, facts.today).rows):
        yield Problem(BLOCKING, "nothing_in_training", (Place("training", facts.asked_for.client_id, ""),))


def no_premium(facts: Facts) -> Iterable[Problem]:
    """An employer of Schedule 2 has none to enter: its sheet says so in place of a number."""
    if facts.asked_for.client.wsib_schedule != SCHEDULE_2 and not premiums.of_client(facts.asked_for.client):
        yield Problem(BLOCKING, "no_premium", (Place("rebates", facts.asked_for.client_id, ""),))


def no_hsep_topic(facts: Facts) -> Iterable[Problem]:
    if hsep_plans.newest_with_topics(facts.asked_for.client) is None:
        yield Problem(BLOCKING, "no_hsep_topic", (Place("hsep_plans", facts.asked_for.client_id, ""),))


def left_outside(facts: Facts) -> Iterable[Problem]:
    outside = [code for code, rated in facts.record.rated.items() if rated.counted_state == scoring.NOT_APPLICABLE]
    unseen = [code for code, rated in facts.record.rated.items() if rated.counted_state == scoring.NOT_VERIFIED]
    yield from at(INFORMATION, "not_applicable", map(requirement, outside))
    yield from at(INFORMATION, "not_verified", map(requirement, unseen))


def notes_in_one_language(facts: Facts) -> Iterable[Problem]:
    """What people wrote is printed as it stands in a document of either language: nothing is translated by us."""
    if facts.record.anything_rated or facts.record.findings:
        yield Problem(INFORMATION, "notes_in_one_language", facts=(("language", facts.engagement.language),))


def gaps(record: Record) -> list[str]:
    """Requirements whose level proposes a finding, in the order of the standard."""
    wanted = [one.code for one in record.standard.requirements if one.code in record.rated]
    return [code for code in wanted if scoring.proposes_finding(record.rated[code].counted_level)]


def mentions(words: str, names: set[str]) -> bool:
    folded = words.casefold()
    if not any(name in folded for name in names):
        return False
    spoken = f" {' '.join(''.join(letter if letter.isalnum() else ' ' for letter in folded).split())} "
    return any(f" {' '.join(name.replace('-', ' ').split())} " in spoken for name in names)


def at(level: str, what: str, places: Iterable[Place]) -> Iterable[Problem]:
    if found := tuple(places):
        yield Problem(level, what, found, (("count", len(found)),))


def requirement(code: str) -> Place:
    return Place("requirement", code, code)


def finding(one: Finding) -> Place:
    return Place("finding", one.id, one.label)


def corrective_action(one: CorrectiveAction) -> Place:
    return Place("corrective_action", one.id, one.label)


def client(engagement: Engagement) -> Place:
    return Place("client", engagement.client_id, engagement.client.name)


Check = Callable[[Facts], Iterable[Problem]]
PAPER: tuple[Check, ...] = (no_signatory, size_unknown)
CHECKS: dict[str, tuple[Check, ...]] = {
    "gap_report": (
        nothing_rated, carried_over_unconfirmed, little_decided, gaps_without_recommendation, gaps_without_finding,
        findings_without_ground, names_in_observations, no_headline, no_signatory, left_outside, notes_in_one_language,
    ),
    "corrective_action_plan": (nothing_to_follow, findings_without_action, actions_incomplete, notes_in_one_language),
    "roadmap": (gaps_without_recommendation, notes_in_one_language),
    "manual": (nothing_in_register, placeholders_left, no_signatory, size_unknown),
    "management_review": (review_not_typed, findings_without_action, actions_incomplete, no_signatory),
    "sose_letter": (sose_not_shown, no_signatory),
    "training_matrix": (nothing_in_training,),
    "rebate_sheet": (no_premium, size_unknown),
    "hsep_evidence_pack": (no_hsep_topic,),
    "pre_audit_report": (
        nothing_rated_or_found, carried_over_unconfirmed, must_not_verified, gaps_without_finding,
        findings_without_ground, names_in_observations, no_independence, no_headline, left_outside,
        notes_in_one_language,
    ),
}  # fmt: skip
