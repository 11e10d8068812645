"""The sentences of what the WSIB's programs ask: premiums, rebates, HSEp plans."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from consultancy import rebates
from consultancy.actions import hsep_plans, premiums
from tenants.refusal import Refusal

PROGRAMS: dict[type[Refusal], Callable[..., Any]] = {
    hsep_plans.ProviderMissing: lambda: _("Name the provider: it approves the plan."),
    hsep_plans.DayMissing: lambda _field: _("Something comes before this that has no day yet."),
    hsep_plans.DaysOutOfOrder: lambda _field: _("This cannot be before what comes before it."),
    hsep_plans.DayAhead: lambda _field: _("That day has not come yet."),
    hsep_plans.LevelWithoutDay: lambda: _("A level or a badge needs the day it was achieved."),
    hsep_plans.NothingToSubmit: lambda: _("The plan has no topic yet: there is nothing to submit."),
    hsep_plans.PlanHasTopics: lambda provider: _(
        "The plan with %(provider)s has topics. Only a plan without any is removed: drop them first.", provider=provider
    ),
    hsep_plans.TopicHasWords: lambda steps: _(
        "The topic is worked on: empty step %(steps)s first, then it can be dropped.", steps=", ".join(map(str, steps))
    ),
    hsep_plans.UnknownTopic: lambda _code: _("Choose a topic of the list; where its name is not known, type it."),
    hsep_plans.TopicTwice: lambda title: _("“%(title)s” is in this plan already. A topic counts once.", title=title),
    hsep_plans.TooManyTopics: lambda most: _(
        "A plan takes %(most)d topics. Drop one, or keep this for the next plan.", most=most
    ),
    hsep_plans.PlanIsSubmitted: lambda day: _(
        "The plan was submitted on %(day)s: its topics stand. Take that day out first if it is wrong.", day=day
    ),
    hsep_plans.DoneAhead: lambda _day: _("That day has not come yet. A step is done once it was done."),
    hsep_plans.FileOfOthers: lambda: _("That file is not among this client’s evidence. Choose one of the list."),
    hsep_plans.FileStays: lambda: _(
        "That file stays with you: it is an interview, infected, or no longer in use. Choose one of the list."
    ),
    rebates.PremiumNotPositive: lambda _amount: _(
        "Premiums are more than nothing. A year without any is left out; a credit is no premium."
    ),
    rebates.ScheduleTwo: lambda name: _(
        "%(name)s belongs to Schedule 2: it pays no Schedule 1 premium and gets no rebate. If that is wrong, change"
        " the client’s profile first.",
        name=name,
    ),
    rebates.TopicsOutOfRange: lambda most: _("A plan has 1 to %(most)d topics.", most=most),
    premiums.PremiumYearUnlikely: lambda first, last: _(
        "Premiums are those of a year from %(first)d to %(last)d.", first=first, last=last
    ),
    premiums.AmountNotPositive: lambda _amount: _("An amount is more than nothing."),
    premiums.BandTurned: lambda _highest: _("A band ends where it begins, or above."),
    premiums.BandsOverlap: lambda lowest, highest: (
        _("These premiums lie in the band from %(lowest)d on already.", lowest=lowest)
        if highest is None
        else _("Some of these lie in the band %(lowest)d to %(highest)d already.", lowest=lowest, highest=highest)
    ),
    premiums.SourceMissing: lambda: _("Say where it was read: an amount without its source is a guess."),
    premiums.SeenInFuture: lambda _day: _("That day has not come yet."),
}
