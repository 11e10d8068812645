"""The sentences of what a pre-audit refuses: its team, plan, days, Stage 1 list and trails."""

from collections.abc import Callable

from flask_babel import gettext as _

from blueprints.page import member_words
from consultancy import audit_days
from consultancy.actions import audit_plans, engagements, followed_trails, stage1, team
from tenants.refusal import Refusal

OF_A_PRE_AUDIT: dict[type[Refusal], Callable[..., str]] = {
    engagements.NotIndependent: lambda name, against: _(
        "%(name)s helped this client: %(facts)s. Say why they audit all the same, or choose somebody else.",
        name=name,
        facts="; ".join(one.sentence(member_words()) for one in against),
    ),
    team.AlreadyOnTeam: lambda name: _("%(name)s is on the team already.", name=name),
    team.NotOnStaff: lambda name: _("%(name)s is not on the staff, so does not work on engagements.", name=name),
    team.StillPlanned: lambda name, lines: _(
        "%(name)s is still planned for %(lines)s. Give these lines of the plan to somebody else first.",
        name=name,
        lines=", ".join(f"“{one}”" for one in lines),
    ),
    team.UnknownPart: lambda _part: _("Choose a part of the list."),
    team.EndsBeforeItBegins: lambda _from, _until: _("It cannot end before it begins."),
    team.NothingToExplain: lambda name: _("Nothing on record speaks against %(name)s.", name=name),
    team.ReasonNotGiven: lambda: _("Write the reason: it stands in the report."),
    audit_plans.OnlyForPreAudit: lambda title: _("“%(title)s” is no pre-audit, so it has none of this.", title=title),
    audit_plans.StagesReversed: lambda _first, _second: _("Stage 2 cannot come before Stage 1."),
    audit_plans.EndsBeforeStart: lambda _starts, _ends: _("It ends after it starts. Times are of 24 hours: 13:30."),
    audit_plans.OutsideVisit: lambda first, last: _(
        "The visit is from %(first)s to %(last)s; this day lies outside.", first=first, last=last
    ),
    audit_plans.AuditorElsewhere: lambda who, what, starts, ends: _(
        "%(who)s is at “%(what)s” from %(starts)s to %(ends)s. Nobody audits two things at once.",
        who=who or _("The whole team"),
        what=what,
        starts=f"{starts:%H:%M}",
        ends=f"{ends:%H:%M}",
    ),
    audit_plans.NotOnTeam: lambda _title: _("Put the auditor on the engagement’s team first."),
    audit_plans.OutsidePlace: lambda _title: _("Choose a workplace in scope, or type the place."),
    audit_plans.AttendanceIncomplete: lambda place: _(
        "Row %(place)s: a name and at least one meeting are needed.", place=place
    ),
    audit_plans.TooManyCame: lambda most: _("The list takes %(most)s rows at most.", most=most),
    audit_days.BeyondTheTable: lambda people: _(
        "The table goes from 1 to 10,700 people and says nothing of %(people)s. Beyond it, MD 5 says to follow its"
        " progression; ask the registrar.",
        people=people,
    ),
    audit_days.UnknownRisk: lambda _risk: _("Choose high, medium or low."),
    audit_days.AdjustmentTooLarge: lambda _percent: _("At most 30 % less, and at most 100 % more."),
    audit_days.AdjustmentReasonNotGiven: lambda: _("Days that are added or taken away need a written reason."),
    audit_days.InputsNotPossible: lambda _shifts, _sites: _("1 to 6 shifts at 1 to 100 sites."),
    stage1.UnknownAnswer: lambda _item: _("Choose an answer of the list; a note or evidence goes with one."),
    stage1.AnswerTooLong: lambda _item: _("A note or its evidence is too long."),
    followed_trails.StepIncomplete: lambda place: _(
        "Step %(place)s: a clause or element, what was seen and how are needed.", place=place
    ),
    followed_trails.TooManySteps: lambda most: _("A trail takes %(most)s steps at most.", most=most),
    followed_trails.UnknownResult: lambda _result: _("Choose how the trail ended."),
    followed_trails.ResultWithoutSteps: lambda: _("A trail without a step neither holds nor breaks."),
}
