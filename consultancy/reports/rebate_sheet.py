"""Rebate sheet: what the WSIB may pay back on one page, as a range, with its working and its conditions."""

from datetime import date

from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.premium import Premium
from consultancy.queries import premiums
from consultancy.rebates import SCHEDULE_2, Outlook, Working
from consultancy.reports.document import Fields, document_fields
from consultancy.reports.rebate_words import dollars, line_words, range_words, stands_words, sum_words
from consultancy.reports.refusals import MissingData
from consultancy.reports.wording import capital, counted, paragraphs, short_day, text
from consultancy.standards.rebate_rules import CONDITIONS
from consultancy.standards.words import say

YEARS = (1, 2, 3)
PROGRAMS = {"hsep": "HSEp", "sose": "SOSE"}


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    client = engagement.client
    entered = premiums.of_client(client)
    if not entered and client.wsib_schedule != SCHEDULE_2:
        raise MissingData("premium", language)
    title = text("rebate_title", language)
    fields = document_fields(engagement, title=title, number=number, version=version, language=language, today=today)
    fields["limits"] = paragraphs("rebate_limits", language, day=short_day(today, language))
    fields["rebate"] = rebate_fields(client, entered[0] if entered else None, today, language)
    return title, fields


def rebate_fields(client: Client, premium: Premium | None, today: date, language: str) -> Fields:
    """Without premiums only for an employer of Schedule 2: a sentence stands in place of every number."""
    found = premiums.outlooks(client, premium, today) if premium else []
    return {
        "subject": text("rebate_subject", language, year=today.year),
        "answer": answer(client, found, language),
        "basis": basis(client, premium, language) if premium else "",
        "stands": stands_words(found[-1], language) if found else "",
        "plans": [
            {"topics": counted("rebate_topics", one.case.topics, language),
             "range": capital(range_words(one.low, one.high, language))}
            for one in found
        ],
        "workings": [working_fields(one, language) for one in found[-1].workings] if found else [],
        "sose": sose_fields(client, language),
        "conditions": [
            {
                "program": name,
                "conditions": [
                    {"words": one.words[language], "source": sourced(one.source, one.certainty, language)}
                    for one in CONDITIONS
                    if one.program == key
                ],
            }
            for key, name in PROGRAMS.items()
        ],
    }  # fmt: skip


def answer(client: Client, found: list[Outlook], language: str) -> str:
    if not found:
        return text("rebate_schedule_two", language, client=client.name)
    most = found[-1]
    return text(
        "rebate_answer", language,
        topics=counted("rebate_topics", most.case.topics, language), range=range_words(most.low, most.high, language),
    )  # fmt: skip


def basis(client: Client, premium: Premium, language: str) -> str:
    people = (
        text("rebate_people_unknown", language)
        if client.headcount is None
        else counted("rebate_people", client.headcount, language)
    )
    return text(
        "rebate_premium", language, year=premium.year, premium=dollars(premium.amount, language),
        predictability=say("predictabilities", premium.predictability, language), people=people,
    )  # fmt: skip


def working_fields(working: Working, language: str) -> Fields:
    return {
        "rule": text(f"rebate_rule_{working.rule}", language),
        "lines": [
            {
                "what": line_words(line, language),
                "sum": sum_words(line, language),
                "source": sourced(line.source, line.certainty, language),
            }
            for line in working.lines
        ],
    }


def sose_fields(client: Client, language: str) -> list[Fields]:
    """Three years at most; what nobody entered is left open."""
    if client.wsib_schedule == SCHEDULE_2:
        return []
    said = {one.program_year: one for one in premiums.sose_amounts(client)}
    return [
        {
            "year": text("rebate_sose_year", language, year=year),
            "amount": text("rebate_exact", language, amount=dollars(said[year].amount, language))
            if year in said
            else text("rebate_unknown", language),
            "source": text(
                "rebate_sose_said", language, source=said[year].source, day=short_day(said[year].seen_on, language)
            )
            if year in said
            else text("rebate_sose_open", language),
        }
        for year in YEARS
    ]


def sourced(source: str, certainty: str, language: str) -> str:
    return f"{source} ({say('rebate_certainties', certainty, language)})"
