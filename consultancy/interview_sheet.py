"""What stands on the sheet of an interview: the questions for the person's role, then whatever else may be asked."""

from dataclasses import dataclass

from consultancy import sampling
from consultancy.standards.catalogue import Requirement, Standard


@dataclass(frozen=True)
class Asked:
    """A requirement on the sheet, with what is said aloud to hear about it."""

    requirement: Requirement
    aloud: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """`first`: what this role is asked; `more`: the other requirements that an interview can speak for."""

    first: tuple[Asked, ...]
    more: tuple[Asked, ...]

    @property
    def codes(self) -> list[str]:
        return [one.requirement.code for one in (*self.first, *self.more)]


def sheet_for(standard: Standard, role: str, language: str) -> Sheet:
    """Where a standard says how each question is verified, only those that an interview counts for; they are all the
    role's own. Where clauses of ISO 45001 are asked, those of the role's questions come first."""
    heard = tuple(one for one in standard.requirements if counts_interviews(standard, one))
    if not {standard.key, standard.based_on} & set(sampling.RULES["clauses_of"]):
        return Sheet(tuple(Asked(one, _aloud(one)) for one in heard), ())
    own = sampling.questions_by_clause(role, language)
    return Sheet(
        tuple(Asked(one, tuple(own[one.code])) for one in heard if one.code in own),
        tuple(Asked(one, _aloud(one)) for one in heard if one.code not in own),
    )


def counts_interviews(standard: Standard, requirement: Requirement) -> bool:
    """Does what people say count here? Everywhere, unless the standard names the methods of its questions."""
    if not standard.by_points:
        return True
    return any(method.name == "interview" for method in requirement.methods)


def _aloud(requirement: Requirement) -> tuple[str, ...]:
    return (requirement.audit_question,) if requirement.audit_question else ()
