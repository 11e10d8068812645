"""Lists of people and courses: what applying changes, who is meant, and what is kept of a list."""

from datetime import date

import pytest

from consultancy.actions import courses, training, training_imports
from consultancy.queries import training as reading
from consultancy.training_list import read_training_list
from tests.consultancy.checklists.files import excel
from tests.factories import make_site, make_training_import
from tests.practice import statements_of

TODAY = date(2026, 3, 2)
HEAD = ("Name", "Employee number", "Job", "Site", "Shift", "Course", "Completed on", "Expires on", "Proof")
GOOD = [
    ("Rui", "T-001", "Welder", "Main", "days", "WAH", date(2025, 3, 2), "", "card seen"),
    ("Rui", "T-001", "JHSC member", "Main", "days", "Working at heights", date(2020, 3, 2), "", "said so"),
    ("Noor", "", "Picker", "main", "nights", "SIMDUT", "", "", "none found"),
    ("Ada", "T-003", "", "", "", "WHMIS", "", "", "agency list only"),
]


def received(office, content):
    """Through the confined child, as an upload goes; it takes its seconds."""
    return training_imports.receive(
        office.client, file_name="people.xlsx", content=content, today=TODAY, by=office.member.id
    )


def listed(office, rows):
    known = training_imports.known_at(office.client, TODAY)
    reading = read_training_list(excel(*rows, header=HEAD), "people.xlsx", known)
    kept = make_training_import(client=office.client, by=office.member, reading=reading)
    kept.applied_at = None
    return kept


def applied(office, kept):
    seen = training_imports.compare(office.client, kept).seen
    return training_imports.apply(office.client, kept, seen=seen, by=office.member.id)


class TestLists:
    @pytest.fixture(autouse=True)
    def site(self, office):
        return make_site(client=office.client, name="Main")

    def test_a_list_is_taken_over_whole_and_its_words_are_not_kept_twice(self, office, site):
        courses.add_course(code="SIMDUT", by=None, title_en="WHMIS, own", basis="client", certainty="unsure")
        content = excel(*GOOD, header=HEAD)
        kept = received(office, content)
        assert kept.reading["problems"] == []
        plan = applied(office, kept)
        assert (plan.count("new"), plan.records) == (3, 3)
        rui, noor, ada = (
            next(one for one in reading.workers_of(office.client) if one.name == name)
            for name in ("Rui", "Noor", "Ada")
        )
        assert (rui.role_list, rui.site_id, rui.shift) == (("Welder", "JHSC member"), site.id, "days")
        assert [(one.record.done_on, one.record.verified) for one in reading.records_of(rui)] == [
            (date(2025, 3, 2), True), (date(2020, 3, 2), False),
        ]  # fmt: skip
        assert reading.records_of(noor) == []
        assert [(one.record.course, one.record.done_on) for one in reading.records_of(ada)] == [("WHMIS", None)]
        assert kept.reading == {}
        with pytest.raises(training_imports.ListNotReady):
            training_imports.apply(office.client, kept, seen=plan.seen, by=office.member.id)
        with pytest.raises(training_imports.AlreadyTaken):
            received(office, content)

    def test_a_later_list_adds_what_is_new(self, office, site):
        rows = [one for one in GOOD if one[5] != "SIMDUT"]
        applied(office, listed(office, rows))
        seen_now = (*rows[1][:8], "card seen")
        later = [rows[0], seen_now, ("Rui", "", "", "", "", "FA-S", "2025-01-05", "", "x")]
        plan = applied(office, listed(office, later))
        assert [(one.kind, one.courses, one.known) for one in plan.changes] == [
            ("changed", ("WAH",), 1), ("changed", ("FA-S",), 0),
        ]  # fmt: skip
        assert len(reading.workers_of(office.client)) == 2
        rui = next(one for one in reading.workers_of(office.client) if one.name == "Rui")
        assert [one.record.verified for one in reading.records_of(rui) if one.record.course == "WAH"] == [True, True]

    def test_what_changed_since_the_preview_is_looked_at_again(self, office):
        kept = listed(office, GOOD[:1])
        seen = training_imports.compare(office.client, kept).seen
        training.add_worker(office.client, by=None, name="Rui", number="T-001", roles="Welder")
        with pytest.raises(training_imports.PeopleMoved):
            training_imports.apply(office.client, kept, seen=seen, by=office.member.id)

    def test_two_people_of_one_name_never_become_one(self, office):
        john = training.add_worker(office.client, by=None, name="John", roles="Welder")
        rows = [("John", number, "Picker", "", "", "WAH", "2025-01-01", "", "x") for number in ("12", "13")]
        kept = listed(office, rows)
        assert {one["kind"] for one in kept.reading["problems"]} == {"training_name_shared"}
        one = listed(office, rows[:1])
        assert one.reading["problems"] == []
        assert [change.kind for change in applied(office, one).changes] == ["changed"]
        assert john.number == "12"  # learnt: the next list needs no name
        applied(office, listed(office, rows))
        did = {one.number: len(reading.records_of(one)) for one in reading.workers_of(office.client)}
        assert did == {"12": 1, "13": 1}

    def test_nobody_is_guessed_when_somebody_of_the_name_came_after_the_reading(self, office):
        rows = [("John", number, "", "", "", "WAH", "2025-01-01", "", "x") for number in ("12", "13")]
        kept = listed(office, rows)
        training.add_worker(office.client, by=None, name="John")
        assert [one.kind for one in training_imports.compare(office.client, kept).changes] == ["new", "new"]

    def test_what_a_colleague_changed_of_a_person_since_the_preview_is_looked_at_again(self, office):
        rui = training.add_worker(office.client, by=None, name="Rui", number="T-001", roles="Welder")
        kept = listed(office, GOOD[:1])
        seen = training_imports.compare(office.client, kept).seen
        training.change_worker(rui, revision=rui.revision, by=office.member.id, shift="nights")
        office.session.flush()
        with pytest.raises(training_imports.PeopleMoved):
            training_imports.apply(office.client, kept, seen=seen, by=office.member.id)

    def test_a_row_with_the_number_and_one_without_record_one_course_once(self, office):
        training.add_worker(office.client, by=None, name="Rui", number="T-001", roles="Welder")
        rows = [("Rui", number, "", "", "", "WAH", "2025-01-01", "", "x") for number in ("T-001", "")]
        assert applied(office, listed(office, rows)).records == 1

    def test_many_people_take_few_statements_and_who_stays_the_same_takes_none(self, office):
        rows = [(f"P {one}", f"N-{one}", "Welder", "Main", "", "WAH", "2025-01-01", "", "x") for one in range(40)]
        kept = listed(office, rows)
        seen = training_imports.compare(office.client, kept).seen
        with statements_of(office.session.connection()) as first:
            training_imports.apply(office.client, kept, seen=seen, by=office.member.id)
        assert len(first) <= 20
        again = listed(office, [(*one[:7], "", "card seen") if number == 7 else one for number, one in enumerate(rows)])
        seen = training_imports.compare(office.client, again).seen
        with statements_of(office.session.connection()) as second:
            training_imports.apply(office.client, again, seen=seen, by=office.member.id)
        assert len(second) <= 20
        assert sum(one.kind == "changed" for one in training_imports.compare(office.client, again).changes) == 0

    def test_a_new_list_replaces_those_that_wait_and_no_applied_one(self, office):
        taken = listed(office, GOOD[:1])
        applied(office, taken)
        waiting = listed(office, GOOD[1:2])
        new = received(office, excel(*GOOD[2:], header=HEAD))
        assert {one.id for one in reading.imports_of(office.client)} == {taken.id, new.id}
        assert waiting.id not in {one.id for one in reading.imports_of(office.client)}

    def test_a_list_that_is_set_aside_is_forgotten_and_an_applied_one_stays(self, office):
        taken, waiting = listed(office, GOOD[:1]), listed(office, GOOD[2:3])
        applied(office, taken)
        training_imports.set_aside(waiting, by=office.member.id)
        assert [one.id for one in reading.imports_of(office.client)] == [taken.id]
        with pytest.raises(training_imports.ListNotReady):
            training_imports.set_aside(taken, by=office.member.id)

    def test_nothing_is_taken_over_while_a_problem_is_left(self, office):
        kept = listed(office, [GOOD[0], ("A", "", "", "", "", "Juggling", "2025-01-01", "", "")])
        assert [one["cell"] for one in kept.reading["problems"]] == ["F3"]
        with pytest.raises(training_imports.ListNotReady):
            applied(office, kept)
        assert reading.workers_of(office.client) == []
