"""How long a row waits that went back into its queue, and when it has waited often enough."""

from datetime import timedelta

from tenants.limits import STORAGE_RETRY_HOURS

LONGEST_PAUSE_SECONDS = 300
STORAGE_TRIES = STORAGE_RETRY_HOURS * 3600 // LONGEST_PAUSE_SECONDS


def pause_before_next(*, attempts: int, claims: int, most: int, fault_of_document: bool) -> timedelta | None:
    """Growing pauses; None when there are no more tries. `attempts`: the document's own, at `most` so many; the other
    `claims` met faults of disk or network, which end after about a day."""
    tries = attempts if fault_of_document else claims - attempts
    if tries >= (most if fault_of_document else STORAGE_TRIES):
        return None
    return timedelta(seconds=min(2 ** min(tries, 16), LONGEST_PAUSE_SECONDS))
