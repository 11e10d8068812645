"""Text that turns the direction of writing does so up to its own end and no further.

U+202E in a name would write the page, the report or the mail behind it backwards. What is opened is closed at the end
of its line, and what closes nothing goes; a name in Hebrew or Arabic needs none of these characters and stays as it is.
Unicode Standard Annex 9 calls them embeddings, overrides and isolates.
"""

import re

_EMBEDDED, _ISOLATED = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_END_OF_EMBEDDED, _END_OF_ISOLATED = "\u202c", "\u2069"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def kept_to_itself(text: str) -> str:
    """The text, every line of it balanced; the same text comes back of what is balanced already."""
    if not _TURNING.search(text):
        return text
    return "".join(_balanced(line) for line in re.split("([\n\u2029])", text))


def _balanced(line: str) -> str:
    written, ends = list[str](), list[str]()
    for character in line:
        if character in _EMBEDDED:
            ends.append(_END_OF_EMBEDDED)
        elif character in _ISOLATED:
            ends.append(_END_OF_ISOLATED)
        elif character == _END_OF_EMBEDDED:
            if ends[-1:] != [_END_OF_EMBEDDED]:
                continue
            ends.pop()
        elif character == _END_OF_ISOLATED:
            if _END_OF_ISOLATED not in ends:
                continue
            while ends.pop() != _END_OF_ISOLATED:  # what was embedded in an isolate ends with it
                pass
        written.append(character)
    return "".join(written + ends[::-1])
