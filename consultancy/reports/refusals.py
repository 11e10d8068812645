"""What keeps a report from being written, in words that say where to mend it."""

from consultancy.reports.wording import text
from tenants.refusal import NotValid


class UnknownKind(NotValid):
    """No deliverable of this kind is offered."""


class MissingData(NotValid):
    """A report lacks what it cannot do without; `missing` is a key of the sentences in texts.json."""

    def __init__(self, missing: str, language: str = "en", **facts: object) -> None:
        super().__init__(missing)
        self.missing, self.language, self.facts = missing, language, facts

    @property
    def sentence(self) -> str:
        return text(f"missing_{self.missing}", self.language, **self.facts)
