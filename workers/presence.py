"""Who else has a requirement open right now. Kept in Valkey for less than a minute; where that is away, nobody is seen
and nothing else changes: what keeps two people from overwriting each other is the revision of the row."""

import time
from uuid import UUID

import structlog
from flask import current_app
from redis.exceptions import RedisError

from workers.queues import connect

log = structlog.get_logger()

SEEN_SECONDS = 40  # pages ask every 15 s, so one lost question does not make anybody disappear


def look_in(place: str, member: UUID) -> list[UUID]:
    """Note that the member is at this place; answers who else was seen there lately."""
    key, now = f"presence:{place}", time.time()
    try:
        with connect(current_app, socket_timeout=1, retry=None) as valkey, valkey.pipeline() as asked:
            asked.zadd(key, {str(member): now})
            asked.zremrangebyscore(key, "-inf", now - SEEN_SECONDS)
            asked.expire(key, SEEN_SECONDS)
            asked.zrange(key, 0, -1)
            present = asked.execute()[-1]
    except RedisError as error:
        log.warning("presence.unknown", kind=type(error).__name__)
        return []
    return [UUID(one.decode()) for one in present if one.decode() != str(member)]
