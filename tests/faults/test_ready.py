"""The participants of the campaigns are what they say they are"""

from tests import cast, ready
from trial.selectors import participant as participants


def test_whoever_is_made_ready_may_be_randomized(study):
    made = ready.participants(study, 12, at=cast.AT)

    assert [participants.obstacles(person) for person in made] == [[]] * 12


def test_they_are_spread_over_all_strata(study):
    made = ready.participants(study, 12, at=cast.AT)

    strata = {tuple(participants.stratum(person).values()) for person in made}
    assert strata == {tuple(stratum.values()) for stratum in study.protocol.strata()}
