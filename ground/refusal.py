"""What the ground says when it cannot carry the product."""


class CannotStart(Exception):
    """A start that was refused for a reason a person can act on; its text is the one sentence they read."""
