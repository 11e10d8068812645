"""What the client's own papers (policy, procedure, plan) share: who signs, which law, what is left to fill in."""

from consultancy.models.client import Client, Contact
from consultancy.reports.document import Fields, contact_in
from consultancy.reports.wording import capital, text

# Who signs for the workers, by who represents them.
WORKER_PARTS = {"jhsc": ("jhsc_worker",), "hsr": ("hsr", "jhsc_worker"), "workers": ("jhsc_worker", "hsr")}


def signatories(
    contacts: list[Contact], representation: str, language: str, *, with_coordinator: bool = False
) -> list[Fields]:
    """Sponsor and worker representative; a name nobody told us is left in square brackets."""
    worker = contact_in(contacts, *WORKER_PARTS[representation])
    title = (worker.title if worker else "") or text(f"worker_{representation}", language)
    rows = [
        (contact_in(contacts, "sponsor"), "sponsor", leader(contacts, language)),
        (worker, representation, text("consulted", language, title=title)),
    ]
    coordinator = contact_in(contacts, "coordinator")
    if with_coordinator and coordinator:
        rows.append((coordinator, "coordinator", coordinator.title or text("part_coordinator", language)))
    return [
        {"name": contact.name if contact else text(f"blank_{blank}", language), "function": function}
        for contact, blank, function in rows
    ]


def leader(contacts: list[Contact], language: str) -> str:
    sponsor = contact_in(contacts, "sponsor")
    return (sponsor.title if sponsor else "") or text("blank_leader", language)


def facts(client: Client, representation: str, language: str) -> dict[str, str]:
    """What our standard texts let a client's profile fill in."""
    body = text(f"body_{representation}", language)
    return {
        "client": client.name,
        "body": body,
        "Body": capital(body),
        "act": text("act_ontario" if client.jurisdiction == "ontario" else "act_federal", language),
    }


def known(client: Client, contacts: list[Contact], representation: str, language: str) -> dict[str, str]:
    """The facts, with who leads and who watches over health and safety."""
    return facts(client, representation, language) | {
        "leader": leader(contacts, language),
        "watcher": text(f"watcher_{representation}", language),
        "watches": text(f"watches_{representation}", language),
    }
