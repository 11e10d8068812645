"""Who may approve a document: somebody other than the one who wrote it."""


def same_person(one: str, other: str) -> bool:
    """Names as people type them: case, spaces and what follows a comma (a title, a designation) do not count."""
    return _plain(one) == _plain(other) != ""


def _plain(name: str) -> str:
    return " ".join(name.partition(",")[0].replace(".", " ").casefold().split())
