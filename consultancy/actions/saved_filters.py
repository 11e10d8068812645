"""Keeping a filter under a name, making it the default, and letting it go."""

from uuid import UUID

from consultancy.models.saved_filter import SavedFilter
from consultancy.queries import saved_filters
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid

MOST = 20  # chips above a list; more cannot be told apart


class FilterNameMissing(NotValid):
    """A filter is kept under a name."""


class TooManyFilters(NotValid):
    """Twenty for each list."""


class NoSuchFilter(NotValid):
    """The member keeps no filter of this name."""


def save_filter(list_name: str, *, name: str, query: str, by: UUID) -> SavedFilter:
    """Keep it; the same name again takes the new filter. Raises FilterNameMissing, TooManyFilters."""
    if not name:
        raise FilterNameMissing
    kept = saved_filters.of_member(by, list_name)
    found = next((one for one in kept if one.name == name), None)
    if found is None:
        if len(kept) >= MOST:
            raise TooManyFilters(MOST)
        found = SavedFilter(membership_id=by, list_name=list_name, name=name, query=query, is_default=False)
        db.session.add(found)
    found.query = query
    db.session.flush()
    audit.record("saved_filter.saved", found, by=by)
    return found


def make_default(list_name: str, *, name: str, by: UUID) -> None:
    """The list opens with it from now on; chosen again, it opens with everything. Raises NoSuchFilter."""
    found = _own(list_name, name, by)
    chosen = not found.is_default
    for one in saved_filters.of_member(by, list_name):
        one.is_default = chosen and one.id == found.id
    audit.record("saved_filter.made_default", found, by=by)


def remove_filter(list_name: str, *, name: str, by: UUID) -> None:
    """Raises NoSuchFilter."""
    found = _own(list_name, name, by)
    audit.record("saved_filter.removed", found, by=by)
    db.session.delete(found)


def _own(list_name: str, name: str, by: UUID) -> SavedFilter:
    for one in saved_filters.of_member(by, list_name):
        if one.name == name:
            return one
    raise NoSuchFilter(name)
