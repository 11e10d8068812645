"""How amounts, ranges and the working of an outlook are said, on pages and in Word alike."""

from decimal import Decimal

from consultancy.rebates import Line, Outlook
from consultancy.reports.wording import counted, long_day, text

NO_BREAK = "\u00a0"


def dollars(amount: Decimal, language: str) -> str:
    """$14,821.05 or 14 821,05 $; whole dollars without their cents."""
    words = f"{amount:,.2f}".removesuffix(".00")
    if language == "fr":
        return words.replace(",", NO_BREAK).replace(".", ",") + f"{NO_BREAK}$"
    return f"${words}"


def percent(value: Decimal, language: str) -> str:
    words = f"{value.normalize():f}"
    return f"{words.replace('.', ',')}{NO_BREAK}%" if language == "fr" else f"{words} %"


def range_words(low: Decimal | None, high: Decimal | None, language: str) -> str:
    """Always with the word estimate where an amount stands."""
    if low is None:
        return text("rebate_unknown", language)
    if high is None:
        return text("rebate_at_least", language, low=dollars(low, language))
    if low == high:
        return text("rebate_exact", language, amount=dollars(low, language))
    return text("rebate_range", language, low=dollars(low, language), high=dollars(high, language))


def sum_words(line: Line, language: str) -> str:
    """The sum after a step of the working, as its column says it."""
    if line.low is None or line.high is None:
        return text("rebate_unknown", language)
    if line.low == line.high:
        return dollars(line.low, language)
    return f"{dollars(line.low, language)} – {dollars(line.high, language)}"


def line_words(line: Line, language: str) -> str:
    facts = dict(line.facts)
    if line.key == "topics":
        return counted("rebate_line_topics", int(facts["topics"]), language)
    said: dict[str, object] = {
        name: dollars(Decimal(facts[name]), language) for name in ("premium", "amount") if name in facts
    }
    if "factor" in facts:
        said["factor"] = int(facts["factor"])
    for name in ("rate", "percent"):
        if f"{name}_low" in facts:
            low, high = (percent(Decimal(facts[f"{name}_{end}"]), language) for end in ("low", "high"))
            said[name] = low if low == high else text("rebate_either", language, low=low, high=high)
    return text(f"rebate_line_{line.key}", language, **said)


def stands_words(found: Outlook, language: str) -> str:
    return text(f"rebate_stands_{found.stands}", language, day=long_day(found.case.on, language))
