"""No number that can be seen separates the arms (integrity.md 2, the statistical oracle)

400 participants, about 200 in each arm. The area under the ROC curve is the Mann-Whitney U of the two arms
divided by n1 n2; where a number tells nothing its standard deviation is sqrt((n1 + n2 + 1) / (12 n1 n2))
(Mann & Whitney, Ann Math Stat 1947;18:50), here 0.029. The bound is four of these, 0.5 +- 0.116: one number
in 16,000 is beyond it by chance. Chance and secret follow from the seeds 2031 and "statistics"; the two times
are the machine's own. Furthest off is the identifier, 0.403; with the seeds 7 and 11 it is 0.531 and 0.521.
"""

import hashlib
import math
from time import perf_counter_ns

import pytest
from django.core import mail
from scipy.stats import mannwhitneyu

from tests import cast, ready
from tests.api.conftest import as_member
from tests.blinding.sameness import same
from tests.blinding.scan import undone
from tests.web.desk import Desk
from trial import unblinded
from trial.models import Membership
from trial.services import allocation, delivery, link
from trial.services import study as studies

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("blinding")]

PEOPLE = 400
DEVIATIONS = 4


@pytest.fixture
def seen():
    """By participant, every number that somebody blind can see or measure; and the arm."""
    with same(2031, cast.AT), undone():
        study = cast.loaded_study()
        people = ready.participants(study, PEOPLE, at=cast.AT)
        cast.seal(study, hashlib.sha256(b"statistics").digest())
        study.refresh_from_db()
        by = {code: cast.who(study, name) for code, name in cast.COORDINATORS.items()}
        numbers = {person.code: _randomized(person, by[person.site.code]) for person in people}
        for person in people:
            numbers[person.code] |= _afterwards(person, by[person.site.code])
        yield numbers, _arms(study)


def _randomized(person, by):
    began = perf_counter_ns()
    receipt = allocation.randomize(participant=person, by=by, at=cast.AT)
    return {
        "nanoseconds of the randomization": perf_counter_ns() - began,
        "number of the entry": receipt.entry_number,
        "hash of the entry": int(receipt.entry[:12], 16),
        "leaf": int(receipt.leaf[:12], 16),
        "public identifier": person.public_id.int >> 80,
        "key in the database": person.pk,
        "place in the list of codes": int(person.code.replace("-", "")),
    }


def _afterwards(person, by):
    """What is left of it: on the coordinator's page and in their program, in the mail, in the answers."""
    person = cast.fresh(person)
    mail.outbox.clear()
    link.send(participant=person, by=by, at=cast.AT)
    began = perf_counter_ns()
    delivery.read(by=person, at=cast.AT)
    return {
        "nanoseconds of the reading": perf_counter_ns() - began,
        "bytes of the mail": len(mail.outbox[0].message().as_bytes()),
        "bytes of the page": len(Desk(by).get("randomized", person).content),
        "bytes of the program's answer": len(as_member(by).get(f"participants/{person.public_id}/").content),
    }


def _arms(study):
    studies.lock(by=cast.who(study, "paul"), at=cast.AT)
    study.refresh_from_db()
    studies.unblind(reason="The scan is due.", by=cast.who(study, "finn"), at=cast.AT)
    return unblinded.arms(by=Membership.objects.get(pk=cast.who(study, "cal").pk))


def _area(numbers, arms, what):
    first, second = (
        [row[what] for code, row in numbers.items() if arms[code] == arm] for arm in ("factual", "reassuring")
    )
    return float(mannwhitneyu(first, second).statistic) / (len(first) * len(second))


def test_no_number_separates_the_arms(seen):
    numbers, arms = seen
    sizes = [list(arms.values()).count(arm) for arm in ("factual", "reassuring")]
    bound = DEVIATIONS * math.sqrt((PEOPLE + 1) / (12 * sizes[0] * sizes[1]))

    areas = {what: _area(numbers, arms, what) for what in next(iter(numbers.values()))}

    assert min(sizes) > 190
    assert len(areas) == 11
    assert {what: area for what, area in areas.items() if abs(area - 0.5) > bound} == {}
    telling = {code: {"it": arm == "factual"} for code, arm in arms.items()}
    assert _area(telling, arms, "it") == 1  # such a number would be seen
