"""How a pre-audit ends: ready, ready with conditions or not ready, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consultancy.scoring import Rated
from consultancy.standards import words

READY = "ready"
CONDITIONS = "conditions"
NOT_READY = "not_ready"


@dataclass(frozen=True)
class Reason:
    """Why: a kind and the findings or requirements it rests on."""

    kind: str
    codes: tuple[str, ...] = ()

    def sentence(self, language: str = "en") -> str:
        return words.say("reasons", self.kind, language).format(codes=", ".join(self.codes))


@dataclass(frozen=True)
class Conclusion:
    code: str
    reasons: tuple[Reason, ...]


def conclude(
    open_findings: Iterable[tuple[str, str]],
    must_ratings: Mapping[str, Rated],
    earlier: Iterable[tuple[str, str]] = (),
) -> Conclusion:
    """`open_findings` are (number, grade) of the findings not yet closed; `must_ratings` holds one rating for every
    must-item of the standard. `earlier` are the open findings of the report that this pre-audit follows: an open major
    is open whoever wrote it down first (ADR 0021).

    A must-item nobody has rated, or that was set aside as not applicable, was not verified either: ISO 45001 lets
    no requirement be left out, and "ready" may not rest on an unseen one. Nor on last year's: what was carried over
    and not confirmed was not verified, whatever it was rated.
    """
    findings = tuple(open_findings)
    majors = tuple(number for number, grade in findings if grade == "major")
    minors = tuple(number for number, grade in findings if grade == "minor")
    before = tuple(earlier)
    earlier_majors, earlier_minors = (
        tuple(number for number, of in before if of == grade) for grade in ("major", "minor")
    )
    absent = tuple(code for code, rated in must_ratings.items() if rated.counted_level == 0)
    unseen = tuple(code for code, rated in must_ratings.items() if rated.counted_level is None)
    against = _reasons(open_major=majors, earlier_major=earlier_majors, must_absent=absent)
    conditions = _reasons(open_minor=minors, earlier_minor=earlier_minors, must_not_verified=unseen)
    if against:
        return Conclusion(NOT_READY, against + conditions)
    if conditions:
        return Conclusion(CONDITIONS, conditions)
    return Conclusion(READY, (Reason("nothing_open"),))


def _reasons(**found: tuple[str, ...]) -> tuple[Reason, ...]:
    return tuple(Reason(kind, codes) for kind, codes in found.items() if codes)
