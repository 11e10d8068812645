"""How long a manual of 32 documents takes, put together from the register and written; without its PDF."""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.program_documents import DOCUMENTS
from consultancy.reports import ASSEMBLE
from document_templates import library
from document_templates.child import Child
from document_templates.rendering import render
from ground.postgres import OWNER, WEB, Postgres
from tests.factories import make_client, make_engagement, make_register_entry, make_tenant
from tests.practice import bare_app, let_go, migrate

ROUNDS = 9


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="manual-") as folder:
        postgres = Postgres(Path(folder) / "postgres").start()
        try:
            return _measured(postgres)
        finally:
            postgres.remove()


def _measured(postgres: Postgres) -> dict[str, Any]:
    postgres.create_database("manual")
    migrate(postgres.url(WEB, "manual"), postgres.url(OWNER, "manual"))
    app = bare_app(postgres.url(WEB, "manual"), postgres.url(OWNER, "manual"))
    found: dict[str, Any] = {"documents": len(DOCUMENTS)}
    with app.app_context(), Child() as child:
        make_tenant(slug="northgate")
        engagement = make_engagement(client=make_client(), kind="program_development")
        for document in DOCUMENTS:
            make_register_entry(engagement=engagement, document=document.code, state="missing")
        for language in ("en", "fr"):
            starter = library.starter("manual", language)
            template = library.read(starter.name, starter.sha256)
            _once(child, engagement, language, template)
            found[f"manual_ms_{language}"] = round(
                statistics.median(_once(child, engagement, language, template) for _ in range(ROUNDS)), 1
            )
    let_go(app)
    sys.stdout.write("\n".join(f"{name:<18}{value:>12}" for name, value in found.items()) + "\n")
    return found


def _once(child: Child, engagement: Engagement, language: str, template: bytes) -> float:
    begun = time.perf_counter()
    _title, fields = ASSEMBLE["manual"](
        engagement, number="TOLMIE-MAN-2026-01", version="1.0", language=language, today=today(), subject=""
    )
    child(render, template, fields)
    return (time.perf_counter() - begun) * 1e3
