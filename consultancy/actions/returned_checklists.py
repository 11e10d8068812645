"""A workbook of ours on its way back: compared cell by cell with the ratings of now, applied whole or not at all."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from consultancy.actions import ratings
from consultancy.actions.engagements import refuse_by_points
from consultancy.checklists import Problem, Returned, ReturnedRow
from consultancy.checklists.grid import clean
from consultancy.checklists.layout import OBSERVATION_COLUMNS, RATING_COLUMNS, Line
from consultancy.checklists.outgoing import write_workbook
from consultancy.checklists.parts import Ignored
from consultancy.checklists.returned import site_of
from consultancy.models.assessment import Assessment, ChecklistImport, Rating, as_written
from consultancy.models.client import Site
from consultancy.queries import assessments, engagements
from consultancy.queries.assessments import Judged
from consultancy.scoring import NOT_RATED, RATED
from consultancy.standards import catalogue
from tenants import audit
from tenants.refusal import NotValid

THEIRS, YOURS = "theirs", "yours"
EMPTY = dict.fromkeys(RATING_COLUMNS, "")


class ChoiceMissing(NotValid):
    """Somebody else rated the same field: for each such cell it is chosen which of the two stays."""


class Cell(NamedTuple):
    """A cell that would change something. `kind`: changed, new (an observation) or conflict."""

    field: str
    cell: str
    kind: str
    before: str  # when the workbook was made
    theirs: str  # now
    yours: str  # in the file


class CellChanges(NamedTuple):
    row: ReturnedRow
    rating: Rating | None
    cells: list[Cell]

    def key(self, cell: Cell) -> str:
        """Names the choice of a conflict in a form."""
        return f"{self.row.requirement}@{self.row.site}:{cell.field}"

    @property
    def observation(self) -> dict[str, str]:
        return {cell.field: cell.yours for cell in self.cells if cell.kind == "new"}


class Comparison(NamedTuple):
    changes: list[CellChanges]  # rows with at least one cell that changes something
    same: int  # cells that say what is there already, or that were not touched


def lines_of(assessment: Assessment) -> list[Line]:
    """What goes out: every requirement for the whole client, and for each site that has ratings of its own."""
    judged = assessments.judged_by_site(assessment)
    rated_sites = {site for _requirement, site in judged if site}
    sites = [site for site in engagements.sites_in_scope(assessment.engagement) if site.id in rated_sites]
    places: list[tuple[UUID | None, str]] = [(None, ""), *((site.id, site.name) for site in sites)]
    lines = []
    for requirement in catalogue.find(assessment.standard).requirements:
        for site, name in places:
            one = judged.get((requirement.code, site))
            rating = one.rating if one else None
            lines.append(Line(requirement.code, site, name, rating.revision if rating else 0, values_of(rating)))
    return lines


def download(assessment: Assessment, *, by: UUID | None) -> bytes:
    """The assessment as a workbook, in the language of the engagement. Raises ScoredByPoints."""
    refuse_by_points(assessment.engagement)
    standard = catalogue.find(assessment.standard, assessment.engagement.language)
    content = write_workbook(assessment.id, lines_of(assessment), standard, assessment.engagement.language)
    audit.record("checklist.downloaded", assessment, by=by)
    return content


def values_of(rating: Rating | None) -> dict[str, str]:
    """The fields of a rating as the workbook writes them."""
    if rating is None:
        return dict(EMPTY)
    return {name: as_written(getattr(rating, name)) for name in RATING_COLUMNS if name != "rating"} | {
        "rating": _rating(rating.state, as_written(rating.level))
    }


def check_place(reading: Returned, assessment: Assessment) -> Returned:
    """Only the engagement it was downloaded from takes a workbook back, and only for sites of its scope."""
    if reading.problems:
        return reading
    if reading.assessment != str(assessment.id):
        return Returned(problems=(Problem("", "", "other_assessment"),))
    sites = {str(site.id) for site in engagements.sites_in_scope(assessment.engagement)}
    gone = [row for row in reading.rows if row.site and row.site not in sites]
    cells = (next(iter(row.cells.values()), "") for row in gone)
    return replace(reading, problems=tuple(Problem(reading.sheet, cell, "site_gone") for cell in cells))


def sites_of(kept: ChecklistImport) -> list[Site]:
    return engagements.sites_in_scope(kept.assessment.engagement)


def compare(kept: ChecklistImport) -> Comparison:
    """Cell by cell: what the file says against what is there now and what was there when it was made."""
    rows, judged = from_plain(kept.reading).rows, assessments.judged_by_site(kept.assessment)
    found = {id(row): judged.get((row.requirement, site_of(row))) for row in rows}
    moved = {
        one.rating.id: (row.revision, one.rating.revision)
        for row in rows
        if (one := found[id(row)]) and one.rating.revision != row.revision
    }
    replaced = assessments.replaced_since(moved)
    changes, same = [], 0
    for row in rows:
        one = found[id(row)]
        cells = cells_of(row, one, replaced.get(one.rating.id, {}) if one else {})
        same += len(row.values) - len(cells)
        if cells:
            changes.append(CellChanges(row, one.rating if one else None, cells))
    return Comparison(changes, same)


def cells_of(row: ReturnedRow, judged: Judged | None, replaced: Mapping[str, str]) -> list[Cell]:
    now = values_of(judged.rating if judged else None)
    then = dict(EMPTY) if row.revision == 0 else {name: replaced.get(name, now[name]) for name in RATING_COLUMNS}
    if row.revision and judged and {"state", "level"} & set(replaced):
        rating = judged.rating
        then["rating"] = _rating(
            replaced.get("state", rating.state), replaced.get("level", as_written(rating.level))
        )
    cells = []
    for name in RATING_COLUMNS:
        if name not in row.values:
            continue
        before, theirs, yours = clean(then[name]), clean(now[name]), row.values[name]
        if yours not in (theirs, before):
            kind = "changed" if theirs == before else "conflict"
            cells.append(Cell(name, row.cells[name], kind, before, theirs, yours))
    seen = {(clean(one.text), clean(one.evidence)) for one in judged.observations} if judged else set()
    text, evidence = row.values.get("observation", ""), row.values.get("evidence", "")
    if (text or evidence) and (text, evidence) not in seen:
        cells += [
            Cell(name, row.cells[name], "new", "", "", row.values[name])
            for name in OBSERVATION_COLUMNS
            if row.values.get(name)
        ]
    return cells


def take_over(kept: ChecklistImport, *, choices: Mapping[str, str], by: UUID | None) -> int:
    """Every changed cell, every new observation, and of the conflicts those that were chosen; answers how many
    requirements changed. Raises ChoiceMissing when a conflict is not decided."""
    changes = compare(kept).changes
    undecided = [
        change.key(cell)
        for change in changes
        for cell in change.cells
        if cell.kind == "conflict" and choices.get(change.key(cell)) not in (THEIRS, YOURS)
    ]
    if undecided:
        raise ChoiceMissing(len(undecided))
    return sum(take_over_row(kept.assessment, change, choices, by) for change in changes)


def take_over_row(assessment: Assessment, change: CellChanges, choices: Mapping[str, str], by: UUID | None) -> bool:
    fields = fields_of(
        {
            cell.field: cell.yours
            for cell in change.cells
            if cell.kind == "changed" or (cell.kind == "conflict" and choices[change.key(cell)] == YOURS)
        }
    )
    rating, observation = change.rating, change.observation
    if not fields and not observation:
        return False
    if fields or rating is None:
        rating = ratings.rate_requirement(
            assessment, requirement=change.row.requirement, site=site_of(change.row),
            revision=rating.revision if rating else 0, by=by, **fields,
        )  # fmt: skip
    if observation:
        ratings.note_observation(
            rating, assessment=assessment, text=observation.get("observation", ""), by=by, imported=True,
            method=observation.get("method", ""), evidence=observation.get("evidence", ""),
        )  # fmt: skip
    return True


def fields_of(values: Mapping[str, str]) -> dict[str, Any]:
    """Cells as the verb that rates wants them."""
    fields: dict[str, Any] = dict(values)
    if "rating" in fields:
        rating = fields.pop("rating")
        fields["level"] = int(rating) if rating.isdigit() else None
        fields["state"] = RATED if rating.isdigit() else rating or NOT_RATED
    if "due" in fields:
        fields["due"] = date.fromisoformat(fields["due"]) if fields["due"] else None
    return fields


def as_plain(reading: Returned) -> dict[str, Any]:
    return asdict(reading) | {"returned": True}


def from_plain(plain: Mapping[str, Any]) -> Returned:
    fields = {name: value for name, value in plain.items() if name != "returned"}
    return Returned(
        **fields
        | {
            "rows": tuple(ReturnedRow(**row) for row in plain["rows"]),
            "problems": tuple(Problem(**one) for one in plain["problems"]),
            "ignored": tuple(Ignored(**one) for one in plain["ignored"]),
            "missing": tuple(plain["missing"]),
        }
    )


def is_returned(kept: ChecklistImport) -> bool:
    return bool(kept.reading.get("returned"))


def _rating(state: str, level: str) -> str:
    if state == RATED:
        return level
    return "" if state == NOT_RATED else state
