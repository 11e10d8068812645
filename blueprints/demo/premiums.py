"""What the demo employers paid to the WSIB; an employer of Schedule 2 paid no premium of Schedule 1."""

from decimal import Decimal

from blueprints.demo.files import rows
from blueprints.demo.practice import Loading
from consultancy.actions import premiums
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.rebates import UNKNOWN
from tenants.database import db, tenant_session


def pay(loading: Loading) -> None:
    for employer in rows("employers"):
        with loading.inside(employer["consultancy_slug"]):
            client = db.session.get_one(
                Client, (tenant_session().tenant_id, loading.clients[employer["client_id"]].id)
            )
            for row in rows("premiums", client_id=employer["client_id"]):
                if row["premium_cad"]:
                    premiums.enter_premium(
                        client, year=int(row["year"]), amount=Decimal(row["premium_cad"]), predictability=UNKNOWN,
                        today=today(), by=None,
                    )  # fmt: skip
