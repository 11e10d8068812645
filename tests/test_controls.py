"""Positive controls: with one guard broken on purpose, the check that relies on it goes red.

A check that stays green without its guard proves nothing. Each control names its guard, and fails itself when the guard
cannot be taken away, for then it would be testing something that is no longer there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from blueprints import guards, me
from consultancy.actions import deliverables
from consultancy.models.deliverable import Deliverable
from consultancy.privacy import deletion, spreadsheets
from tenants import audit, boundary, permissions, throttles
from tests import test_isolation, test_permissions
from tests.blueprints import conftest, test_sign_in
from tests.blueprints.requests import ROWS
from tests.blueprints.visiting import digest
from tests.consultancy import conftest as records
from tests.consultancy import test_deletion, test_export
from tests.document_templates import test_sandbox
from tests.factories import found_tenant
from tests.tenants import test_audit, test_boundary, test_catalogue, test_throttles
from tests.walls import CLIENT_USER, CONSULTANT, MODELS, SESSION, connection_of, without_listener
from tests.workers import test_queues
from tests.workers.conftest import queue as queue
from workers.queues import ListedJob

pytestmark = pytest.mark.control

practice, app, stand, kept_cookies, signed_in = (
    conftest.practice, conftest.app, conftest.stand, conftest.kept_cookies, conftest.signed_in,
)  # fmt: skip
kept = records.kept

RED = (AssertionError, pytest.fail.Exception)


def red(check: Callable[..., Any], *arguments: Any) -> None:
    with pytest.raises(RED):
        check(*arguments)


@contextmanager
def broken(owner: Any, name: str, weaker: Any) -> Iterator[None]:
    """A guard replaced by something weaker. It must be there to be replaced."""
    inherited = name not in vars(owner)
    stronger = getattr(owner, name)
    assert stronger is not weaker
    setattr(owner, name, weaker)
    try:
        yield
    finally:
        delattr(owner, name) if inherited else setattr(owner, name, stronger)


def row(key: str) -> dict[str, str]:
    return next(each for each in ROWS if each["id"] == key)


@pytest.fixture
def untouched(app, stand) -> list[str | None]:
    return digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)


@pytest.fixture
def now(app, stand):
    return lambda: digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)


def test_a_route_without_its_guard_stops_the_start():
    bare = Flask("bare")
    bare.add_url_rule("/open", "open", lambda: "everything")
    with pytest.raises(RuntimeError, match="open"):
        guards.refuse_unguarded_routes(bare)


def test_without_the_check_of_the_token_the_sweep_of_changes_goes_red(app, stand, signed_in, untouched, now):
    with broken(guards.csrf, "protect", lambda: None):
        red(
            test_permissions.test_a_change_without_the_pages_token_is_refused_and_changes_nothing,
            app, stand, signed_in, untouched, now, row("M.C4"),
        )  # fmt: skip


def test_with_one_permission_too_many_the_matrix_goes_red(app, stand, signed_in, untouched, now):
    granted = permissions.GRANTS[permissions.Role.ADMIN]
    permissions.GRANTS[permissions.Role.ADMIN] = granted | {permissions.Permission.CLIENT_DELETE}
    try:
        cell = (app, stand, signed_in, untouched, now, row("M.C5p"), "adm")
        red(test_permissions.test_a_role_is_answered_as_the_matrix_says, *cell)
    finally:
        permissions.GRANTS[permissions.Role.ADMIN] = granted


def test_without_the_sessions_wall_isolation_goes_red(world):
    with without_listener("do_orm_execute", boundary.guard_statements):
        red(test_isolation.test_no_way_of_reading_passes_a_wall, world, SESSION, CONSULTANT, "entities")


def test_without_the_guard_of_rows_isolation_goes_red(world):
    test_boundary.test_control_without_the_guard_of_rows_they_are_written(world)


def test_without_the_portals_rule_isolation_of_employers_goes_red(world):
    with broken(Deliverable, "portal_rule", classmethod(lambda cls: sa.true())):
        red(test_isolation.test_no_way_of_reading_passes_a_wall, world, SESSION, CLIENT_USER, "entities")


SCHEMA = {
    "row-level security is off": (
        "alter table observation disable row level security",
        test_catalogue.test_row_level_security_is_on_and_forced_for_every_tenants_table,
    ),
    "row-level security does not bind the owner": (
        "alter table observation no force row level security",
        test_catalogue.test_row_level_security_is_on_and_forced_for_every_tenants_table,
    ),
    "a policy lets everything pass": (
        "create policy everything on observation to consultancy_app using (true)",
        test_catalogue.test_every_tenants_table_has_the_policies_of_the_wall_and_only_dispatch_beside_them,
    ),
    "a reference leaves the tenant out": (
        "create unique index one on client (id); alter table site add constraint loose foreign key (client_id)"
        " references client (id)",
        test_catalogue.test_every_reference_between_tenants_tables_carries_the_tenant_on_both_sides,
    ),
    "a unique key tells of other tenants": (
        "create unique index oracle on client (code)",
        test_catalogue.test_every_unique_key_of_a_tenants_table_begins_with_the_tenant,
    ),
    "the trail can be rewritten": (
        "grant update on audit_entry to consultancy_app",
        test_catalogue.test_the_app_may_do_with_each_table_what_the_product_does_and_no_more,
    ),
}


@pytest.mark.parametrize("fault", SCHEMA)
def test_with_a_hole_in_the_schema_its_catalogue_goes_red(copied_database, fault):
    statement, check = SCHEMA[fault]
    engine = sa.create_engine(copied_database.superuser_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        for each in statement.split("; "):
            connection.execute(sa.text(each))
        arguments: list[Any] = [lambda query, **values: connection.execute(sa.text(query), values).all()]
        if "walled" in check.__code__.co_varnames[: check.__code__.co_argcount]:
            arguments.append({model.__tablename__ for model in MODELS})
        red(check, *arguments)
        connection.rollback()


def test_a_view_that_asks_for_its_owner_turns_its_catalogue_red(copied_database):
    engine = sa.create_engine(copied_database.superuser_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("create view every_client as select * from client"))
        red(
            test_catalogue.test_views_obey_the_policies_of_who_asks,
            lambda query: connection.execute(sa.text(query)).all(),
        )
        connection.rollback()


def test_without_the_link_at_commit_the_trail_is_missed(database_app):
    tenant = found_tenant(database_app, slug="northgate")
    with (
        without_listener("before_commit", audit.link),
        pytest.raises(sa.exc.NoResultFound),
    ):
        test_audit.test_a_change_is_recorded_with_who_what_and_when(database_app, tenant)


def test_without_the_fence_a_stale_writer_completes(kept):
    row = kept.session.get(Deliverable, (kept.tenant, kept.first[Deliverable][0]))
    row.production, row.sha256, row.fence = "writing", None, 3
    kept.session.commit()
    stale = deliverables.Claim(kept.tenant, row.id, 2)
    finished = {"file_key": "x", "sha256": "0" * 64, "size": 1}

    def the_stale_one_is_refused() -> None:
        with pytest.raises(deliverables.ClaimLost):
            deliverables.complete(stale, **finished)

    the_stale_one_is_refused()
    unfenced = sa.update(Deliverable).where(Deliverable.id == stale.deliverable_id)
    with broken(deliverables, "_of", lambda claim: unfenced):
        red(the_stale_one_is_refused)


def test_without_the_sandbox_a_template_reaches_the_interpreter():
    test_sandbox.test_without_the_sandbox_the_class_chain_would_answer()


def test_without_the_allow_list_a_job_knows_everything(queue):
    listed = vars(ListedJob)["func"]
    del ListedJob.func
    try:
        red(test_queues.test_a_job_knows_only_what_is_listed, queue)
    finally:
        ListedJob.func = listed  # type: ignore[method-assign]


@pytest.mark.parametrize("address", ["//evil.example/", "https://evil.example/"])
def test_without_the_strict_way_back_people_are_led_elsewhere(signed_in, address):
    with broken(me, "within", lambda address: address):
        red(test_sign_in.test_preferences_never_lead_to_another_site, signed_in, address)


def test_without_the_throttle_a_password_is_tried_for_ever(database_app):
    with database_app.app_context(), broken(throttles, "take", lambda *_who, **_where: throttles.Taken()):
        red(test_throttles.test_an_account_may_be_tried_ten_times_in_five_minutes, None)


def test_without_the_question_about_holds_a_held_client_is_destroyed(kept):
    with broken(deletion, "refuse_held", lambda engagements: None):
        red(test_deletion.test_a_held_client_is_not_deleted, kept)


def test_without_the_apostrophe_a_formula_is_carried_out(kept):
    with broken(spreadsheets, "harmless", lambda value: value):
        red(test_export.test_no_text_of_a_spreadsheet_begins_like_a_formula, kept)


def test_the_controls_of_the_boundary_are_among_them():
    names = [name for name in vars(test_boundary) if name.startswith("test_control_")]
    assert len(names) >= 5
