"""What the field forbids, said as an exception: a class with arguments; its sentence is made where people read it."""


class Refusal(Exception):
    """Something a person asked for that may not happen now. `status` is the HTTP answer it deserves."""

    status = 409


class NotValid(Refusal):
    """The content itself is wrong: the person can mend it and send it again."""

    status = 422
