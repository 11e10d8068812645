"""The tasks of a roadmap with what was planned for them: read from the gaps each time, never copied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256

from consultancy.models.engagement import Engagement
from consultancy.models.planned_task import PlannedTask
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import effort_days
from consultancy.queries import planned_tasks, register
from consultancy.reports.record import Record, read
from consultancy.reports.sources import source
from consultancy.reports.tasks import Task, closed_tasks, document_tasks, tasks_of, training_tasks
from consultancy.reports.wording import text
from consultancy.roadmap import Placed, Priority, ToPlace, natural_phase, place_all, priority


@dataclass(frozen=True)
class Planned:
    """A task and its plan; `task` is as it is recorded, the properties are what holds. `place`: where it belongs."""

    task: Task
    row: PlannedTask | None
    done: bool
    place: str

    @property
    def address(self) -> str:
        return self.task.address

    @property
    def revision(self) -> int:
        return self.row.revision if self.row else 0

    @property
    def side(self) -> str:
        return self.row.side if self.row else ""

    @property
    def phase(self) -> str:
        return self.row.phase if self.row else ""

    @property
    def owner(self) -> str:
        return (self.row.owner_text if self.row else "") or self.task.owner

    @property
    def starts_on(self) -> date | None:
        return self.row.starts_on if self.row else None

    @property
    def due(self) -> date | None:
        return (self.row.due if self.row else None) or self.task.due

    @property
    def days(self) -> float | None:
        planned = self.row.effort_days if self.row else None
        return planned if planned is not None else effort_days(self.task.effort)

    @property
    def percent(self) -> int:
        return 100 if self.done else self.row.percent if self.row else 0

    @cached_property
    def priority(self) -> Priority:
        task = self.task
        return priority(severity=task.severity, legal=task.legal, must=task.must, days=self.days)


@dataclass(frozen=True)
class Plan:
    """All of one engagement, in the order of its clauses; what is done last."""

    engagement: Engagement
    record: Record
    entries: dict[str, RegisterEntry]
    tasks: Sequence[Planned]

    @property
    def by_priority(self) -> list[Planned]:
        """The most urgent first, what is done last."""
        return sorted(self.tasks, key=lambda one: (one.done, -one.priority.figure))

    @cached_property
    def by_address(self) -> dict[str, Planned]:
        return {one.address: one for one in self.tasks}

    @cached_property
    def after(self) -> dict[str, str]:
        """Address of each task that waits -> address of what it waits for."""
        by_row = {one.row.id: one for one in self.tasks if one.row}
        waits = ((one, one.row.depends_on_id) for one in self.tasks if one.row and one.row.depends_on_id)
        return {one.address: by_row[before].address for one, before in waits if before in by_row}

    def waits_for(self, one: Planned) -> Planned | None:
        return self.by_address.get(self.after.get(one.address, ""))

    def too_early(self, one: Planned) -> bool:
        """It is to end before what it waits for."""
        before = self.waits_for(one)
        return bool(before and not before.done and not one.done and one.due and before.due and one.due < before.due)

    def proposal(self, start: date, *, everything: bool = False) -> list[Placed]:
        """Phases and dates by priority for what has none yet, or for all that is open."""
        moved = [one for one in self.tasks if not one.done and (everything or not (one.phase and one.due))]
        addresses = {one.address for one in moved}
        return place_all(
            [
                ToPlace(
                    one.address, one.priority.figure, one.phase if one.phase and not everything else one.place,
                    one.priority.days, one.task.due if everything else one.due, self.after.get(one.address, ""),
                )
                for one in moved
            ],
            start,
            {one.address: one.due for one in self.tasks if one.due and one.address not in addresses and not one.done},
        )  # fmt: skip

    def for_word(self, language: str) -> list[Task]:
        """The open tasks as a document prints them."""
        return [self._for_word(one, language) for one in self.tasks if not one.done]

    def _for_word(self, one: Planned, language: str) -> Task:
        if one.row is None:
            return one.task
        before = self.waits_for(one)
        owner = _owner(one, language)
        days = one.row.effort_days
        effort = one.task.effort if days is None else f"{_number(days, language)} {text('day_sign', language)}"
        return replace(
            one.task, owner=owner, due=one.due, effort=effort,
            phase=one.phase, starts_on=one.starts_on, percent=one.percent,
            after=before.task.reference if before and not before.done else "",
        )  # fmt: skip


def plan_of(engagement: Engagement, today: date, language: str = "en") -> Plan:
    record = read(source(engagement), language)
    entries = register.of_engagement(engagement)
    rows = {f"{one.source}:{one.key}": one for one in planned_tasks.of_engagement(engagement)}
    lacking, trained = training_tasks(engagement, record, rows, today, language)
    going = tasks_of(record, language) + document_tasks(entries, language) + lacking
    done = closed_tasks(record, entries, rows, language) + trained
    courses = {str(one.id): one.training_course for one in record.findings}
    kept = _rows_of([*going, *done], rows, courses)
    numbered_as = record.standard.based_on or record.standard.key
    places = {
        task.address: natural_phase(
            numbered_as if task.source != "document" else "iso45001-2018-amd1",
            task.clause.split(",")[0], severity=task.severity, legal=task.legal, step=task.step,
        )
        for task in (*going, *done)
    }  # fmt: skip
    open_tasks = [Planned(task, kept.get(task.address), False, places[task.address]) for task in going]
    closed = [Planned(task, kept.get(task.address), True, places[task.address]) for task in done]
    return Plan(engagement, record, entries, [*open_tasks, *closed])


def _rows_of(
    tasks: Sequence[Task], rows: Mapping[str, PlannedTask], courses: Mapping[str, str]
) -> dict[str, PlannedTask]:
    """The plan of each task. A finding that was raised after its gap in training or its requirement had been planned
    takes that plan over. `courses`: by the key of a finding the course whose gap it speaks of, or ""."""
    found = {task.address: rows[task.address] for task in tasks if task.address in rows}
    taken = set(found)
    for task in tasks:
        if task.source != "finding" or task.address in found:
            continue
        course = courses.get(task.key, "")
        befores = ([f"training:{course}"] if course else []) + [f"requirement:{task.clause}"]
        before = next((one for one in befores if one in rows and one not in taken), None)
        if before is not None:
            found[task.address] = rows[before]
            taken.add(before)
    return found


def mark_of(proposal: Sequence[Placed]) -> str:
    """What a preview showed: accepting it later, with other gaps or dates behind it, is refused."""
    return sha256("\n".join(f"{one}" for one in proposal).encode()).hexdigest()[:16]


def _owner(one: Planned, language: str) -> str:
    if not one.side:
        return one.owner
    return text(f"owner_{one.side}_named" if one.owner else f"owner_{one.side}", language, name=one.owner)


def _number(days: float, language: str) -> str:
    words = f"{days:g}"
    return words.replace(".", ",") if language == "fr" else words
