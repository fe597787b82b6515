"""Visit windows, in the study's own days"""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import cast
from trial.selectors import visits
from trial.selectors.visits import State
from trial.services import consent, snapshot
from trial.services import study as studies

DAY = timedelta(days=1)

# What a visit at day 42, open from -7 to +7, is on each day after the randomization.
WEEK_6 = """
    day | state    | why
    34  | not yet  | it opens on day 35
    35  | due now  | the first day of the window
    42  | due now  | the day it is due
    49  | due now  | the last day of the window
    50  | late     | still answered, and marked
    400 | late     | never lost
"""


@pytest.mark.parametrize(("day", "state"), [row.split("|")[:2] for row in WEEK_6.strip().splitlines()[1:]])
def test_a_visit_opens_is_due_and_turns_late(ann, day, state):
    participant = cast.randomized(ann)
    found = visits.status(participant, "W6", cast.AT + int(day) * DAY)
    assert found.state.value == state.strip()


def test_before_its_anchor_a_visit_has_no_dates(ann):
    found = visits.status(cast.consented(ann), "W6", cast.AT)
    assert (found.state, found.opens, found.due, found.closes) == (State.NOT_YET, None, None, None)


def test_a_day_begins_at_midnight_where_the_study_is(study):
    """Europe/Berlin is at UTC+1 in winter and UTC+2 in summer: the clock's change moves no date."""
    assert visits.today(study, datetime(2031, 1, 1, 22, 59, tzinfo=UTC)) == date(2031, 1, 1)
    assert visits.today(study, datetime(2031, 1, 1, 23, 0, tzinfo=UTC)) == date(2031, 1, 2)
    assert visits.today(study, datetime(2031, 7, 1, 22, 0, tzinfo=UTC)) == date(2031, 7, 2)


def test_a_window_that_spans_the_change_of_the_clock_keeps_its_days(ann):
    """Summer time begins in Berlin on 30 March 2031: day 35 after 23 February is 30 March all the same."""
    before = datetime(2031, 2, 23, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
    participant = cast.randomized(ann, at=before)
    opens = visits.status(participant, "W6", before).opens
    assert opens == date(2031, 3, 30)
    assert visits.status(participant, "W6", datetime(2031, 3, 29, 22, 59, tzinfo=UTC)).state is State.NOT_YET
    assert visits.status(participant, "W6", datetime(2031, 3, 29, 23, 0, tzinfo=UTC)).state is State.OPEN


def test_what_was_answered_in_time_is_done_and_later_is_done_late(ann):
    participant = cast.randomized(ann)
    cast.answer(participant, "W1", at=cast.AT + 7 * DAY)
    cast.answer(participant, "W6", at=cast.AT + 60 * DAY)
    states = {s.visit.code: s.state for s in visits.statuses(cast.fresh(participant), cast.AT + 60 * DAY)}
    assert states == {"BL": State.DONE, "W1": State.DONE, "W6": State.DONE_LATE, "W12": State.NOT_YET}


def test_nothing_is_due_after_a_withdrawal(ann):
    participant = cast.randomized(ann)
    consent.withdraw(participant=participant, reason="lost", by=ann, at=cast.AT)
    assert visits.due(cast.fresh(participant), cast.AT + 7 * DAY) == []


def test_nothing_is_due_after_the_lock(ann, cal, paul):
    participant = cast.randomized(ann)
    snapshot.take(name="Last", by=cal, at=cast.AT)
    studies.lock(by=paul, at=cast.AT)
    assert visits.due(cast.fresh(participant), cast.AT + 7 * DAY) == []
