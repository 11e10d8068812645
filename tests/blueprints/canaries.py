"""Which texts of a consultancy turn up in a page."""

from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from tests.blueprints.offices import Stand
from tests.walls import MODELS, connection_of

Where = tuple[str, UUID, str]


def canaries_of(app: Flask, stand: Stand) -> dict[str, Where]:
    """Every word that stands in one text of one row alone -> its table, row and column."""
    connection, words = connection_of(app), {}
    for office in (stand.here, stand.elsewhere):
        connection.execute(
            sa.select(
                sa.func.set_config("app.tenant_id", str(office.tenant), True),
                sa.func.set_config("app.client_id", "", True),
            )
        )
        for model in MODELS:
            for row in connection.execute(sa.select(model.__table__)).mappings():
                for column, value in row.items():
                    text = " ".join(value.values()) if column == "texts" else value
                    if isinstance(text, str) and len(text) > 5 and is_canary(text):
                        words[text] = (model.__tablename__, row["id"], column)
    return words


def is_canary(text: str) -> bool:
    """`canary-` and hexadecimal digits, or its tail where the column is short."""
    tail = text.removeprefix("canary-")
    return tail != text or all(character in "0123456789abcdef-" for character in text)


def seen_in(page: str, words: dict[str, Where]) -> set[Where]:
    return {where for word, where in words.items() if word in page}
