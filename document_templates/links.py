"""Where a link in a document may lead: to a page or a mailbox, never to a file or a share of the reader's machine."""

import re

from document_templates.refusals import UnusableLink

SIGN = "\ue0f1"  # of private use: one look for it tells that a text holds none of the marks below
MARK = f"{SIGN}link:"
_ALLOWED = re.compile(r"(?:https?://|mailto:)[^\s\"<>\\^`{|}\x00-\x1f\x7f]+", re.IGNORECASE)
_LONGEST = 2_000  # characters; browsers and Word stop at about this


def is_link(address: str) -> bool:
    return len(address) <= _LONGEST and bool(_ALLOWED.fullmatch(address))


def checked_link(address: str) -> str:
    if not is_link(address):
        raise UnusableLink(address[:80])
    return address
