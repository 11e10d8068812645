"""Collecting bulk requests: item by item, each in one transaction that turns it into a queued deliverable."""

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from consultancy.actions import bulk_requests
from consultancy.actions.bulk_requests import ItemDue
from consultancy.calendar import today
from tenants.database import tenant_session, transaction

log = structlog.get_logger()


def collect_next(app: Flask) -> bool:
    """Collect the next item that is due, of whatever consultancy; False when there is none."""
    item = None
    try:
        with app.app_context(), transaction():
            item = bulk_requests.next_item()
            if item is None:
                return False
            tenant_session().enter(item.tenant_id)
            bulk_requests.collect(item.item_id, today=today())
    except OperationalError:
        raise  # the database is away; the item waits on
    except Exception as error:
        if item is not None:
            log.error("bulk_item.broken", kind=type(error).__name__, item=str(item.item_id))
            give_up(app, item)
        raise  # nobody foresaw it: the queue's own record keeps where it happened
    return True


def give_up(app: Flask, item: ItemDue) -> None:
    with app.app_context():
        tenant_session().enter(item.tenant_id)
        with transaction():
            bulk_requests.give_up(item.item_id)
