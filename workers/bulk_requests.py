"""Collecting bulk requests: a few items at a time, in one transaction that turns each into a queued deliverable."""

from collections.abc import Sequence

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from consultancy.actions import bulk_requests
from consultancy.actions.bulk_requests import ItemDue
from consultancy.calendar import today
from tenants.database import tenant_session, transaction

log = structlog.get_logger()


def collect_next(app: Flask) -> bool:
    """Collect the next items that are due, of whatever consultancy; False when there are none."""
    batch: list[ItemDue] = []
    try:
        with app.app_context(), transaction():
            item = bulk_requests.next_item()
            if item is None:
                return False
            batch = [item]
            tenant_session().enter(item.tenant_id)
            batch = [ItemDue(item.tenant_id, one) for one in bulk_requests.batch(item.item_id)]
            bulk_requests.collect(*(one.item_id for one in batch), today=today())
    except OperationalError:
        raise  # the database is away; the items wait on
    except Exception:
        collect_singly(app, batch)
        raise  # nobody foresaw it: the queue's own record keeps where it happened
    return True


def collect_singly(app: Flask, batch: Sequence[ItemDue]) -> None:
    """One of a batch broke, and nothing of it was kept: the others are collected, that one is given up."""
    for item in batch:
        try:
            with app.app_context():
                tenant_session().enter(item.tenant_id)
                with transaction():
                    bulk_requests.collect(*bulk_requests.batch(item.item_id, at_most=1), today=today())
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - the one that broke the batch, which is raised
            log.error("bulk_item.broken", kind=type(error).__name__, item=str(item.item_id))
            give_up(app, item)


def give_up(app: Flask, item: ItemDue) -> None:
    with app.app_context():
        tenant_session().enter(item.tenant_id)
        with transaction():
            bulk_requests.give_up(item.item_id)
