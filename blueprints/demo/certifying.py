"""The demo employers' certificates."""

from datetime import date

from blueprints.demo.files import day, rows
from blueprints.demo.practice import Loading
from consultancy.actions import certificates
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.recognition import Recognition
from tenants.database import db, tenant_session

STANDARDS = {"ISO 45001:2018": "iso45001", "CSA Z45001:19": "csa_z45001", "IHSA COR 2020": "cor2020"}
STANDINGS = {"certificate": "in_force", "planned": "planned"}
LETTER = "letter of good standing"  # follows COR's internal audit; its scope names the year
YEARS = {"Year 2": "second_year_on", "Year 3": "third_year_on"}


def certify(loading: Loading) -> None:
    for employer in rows("employers"):
        with loading.inside(employer["consultancy_slug"]):
            client = db.session.get_one(Client, (tenant_session().tenant_id, loading.clients[employer["client_id"]].id))
            certified(client, employer["client_id"])
            recognised(client, employer["client_id"])


def certified(client: Client, client_id: str) -> None:
    for row in rows("certificates", client_id=client_id):
        if row["kind"] not in STANDINGS:
            continue
        standard, issued = STANDARDS.get(row["standard"], "other"), day(row["issued_on"])
        letters = rows("certificates", client_id=client_id, kind=LETTER, standard=row["standard"])
        years = {name: day(row[name]) for name in YEARS.values()}
        years |= {YEARS[letter["scope"]]: day(letter["issued_on"]) for letter in letters}
        certificates.add_certificate(
            client,
            standard=standard,
            title=row["standard"] if standard == "other" else "",
            standing=STANDINGS[row["kind"]],
            registrar=row["issuer"],
            accreditation=row["accreditation"],
            number=row["certificate_no"],
            scope=row["scope"],
            issued_on=issued,
            expires_on=day(row["expires_on"]),
            next_audit_on=day(row["next_audit_on"]),
            note=row["note"],
            **years,
            today=max(today(), *(one for one in (issued, *years.values()) if one), date.min),
            by=None,
        )


def recognised(client: Client, client_id: str) -> None:
    """When it was applied for is not on file: the day of recognition stands for it."""
    for row in rows("certificates", client_id=client_id, kind="recognition"):
        on = day(row["issued_on"])
        db.session.add(
            Recognition(
                client_id=client.id, applied_on=on, recognized_on=on, number=row["certificate_no"], note=row["note"]
            )
        )
