"""Reading whom a list of people and courses speaks of."""

from collections.abc import Iterable, Sequence

from consultancy.checklists.grid import plain
from consultancy.models.client import Client
from consultancy.models.training import Worker
from consultancy.queries import training
from consultancy.training_list import Line, bearers, unclear


class People:
    """A client's people as a list speaks of them: by number, and by name where it says who is meant."""

    def __init__(self, client: Client, lines: Iterable[Line] = ()) -> None:
        self._numbered: dict[str, Worker] = {}
        self._named: dict[str, list[Worker]] = {}
        self._called = bearers(lines)
        for worker in training.workers_of(client):
            if worker.number:
                self._numbered[f"#{worker.number.casefold()}"] = worker
            if worker.name:
                self._named.setdefault(plain(worker.name), []).append(worker)
        named = self._named.items()
        self.shared = frozenset(name for name, many in named if len(many) > 1)
        self.unnumbered = frozenset(name for name, many in named if any(not one.number for one in many))
        self.numbers = frozenset(self._numbered)

    def find(self, lines: Sequence[Line]) -> Worker | None:
        """Whom the rows of one person are about: by the number that stands there; by the name where the list or the
        record has no number. Where that is not clear, nobody: two people never become one."""
        if lines[0].person in self._numbered:
            return self._numbered[lines[0].person]
        line = next((one for one in lines if one.name), lines[0])
        if unclear(line, self._called, shared=self.shared, unnumbered=self.unnumbered, numbers=self.numbers):
            return None
        found = self._named.get(plain(line.name), []) if line.name else []
        return next((one for one in found if not (line.number and one.number)), None)
