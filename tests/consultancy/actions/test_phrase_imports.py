"""A table of phrases is taken over once, however often and by how many windows the button is pressed at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from threading import Barrier

import sqlalchemy as sa

from consultancy.actions import phrase_imports as acting
from consultancy.models.phrase import Phrase
from consultancy.models.phrase_import import PhraseImport
from consultancy.standards.phrase_reading import Worded
from tests.factories import entered, found_tenant, make_member, make_phrase_import

PRESSES = 4
ROWS = [asdict(Worded("iso45001-2018-amd1", "5.4", "statement", "en", f"Nobody was asked, {n}.")) for n in range(40)]


def test_presses_at_the_same_moment_bring_the_table_in_once(copied_database):
    app = copied_database.app
    tenant = found_tenant(app, slug="northgate")
    with entered(app, tenant):
        member = make_member()
        make_phrase_import(by=member, reading={"rows": ROWS, "problems": [], "heads": {}})
        by = member.id
    together = Barrier(PRESSES, timeout=30)

    def press(_number):
        with entered(app, tenant) as session:
            session.scalar(sa.select(PhraseImport))  # the page was open: it is in this session already
            together.wait()
            return acting.take_phrases_over(by=by)

    with ThreadPoolExecutor(PRESSES) as threads:
        counts = sorted(threads.map(press, range(PRESSES)))
    with entered(app, tenant) as session:
        assert session.scalar(sa.select(sa.func.count(Phrase.id))) == len(ROWS)
        assert session.scalar(sa.select(sa.func.count(PhraseImport.id))) == 0
    assert counts == [0] * (PRESSES - 1) + [len(ROWS)]


def test_members_who_were_sent_the_same_table_bring_it_in_once_between_them(copied_database):
    app = copied_database.app
    tenant = found_tenant(app, slug="southgate")
    with entered(app, tenant):
        members = [make_member() for _number in range(PRESSES)]
        for member in members:
            make_phrase_import(by=member, reading={"rows": ROWS, "problems": [], "heads": {}})
        ids = [member.id for member in members]
    together = Barrier(PRESSES, timeout=30)

    def press(by):
        with entered(app, tenant):
            together.wait()
            return acting.take_phrases_over(by=by)

    with ThreadPoolExecutor(PRESSES) as threads:
        counts = sorted(threads.map(press, ids))
    with entered(app, tenant) as session:
        assert session.scalar(sa.select(sa.func.count(Phrase.id))) == len(ROWS)
        assert session.scalar(sa.select(sa.func.count(PhraseImport.id))) == 0
    assert counts == [0] * (PRESSES - 1) + [len(ROWS)]
