"""Clusters, waves and orders follow from the secret and docs/allocation.md in another language

Witness: dealing.js, which was written from the page and shares no code with ours.
"""

import json
import subprocess
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from randomization.clusters import Clusters
from randomization.orders import Orders
from randomization.wedge import SteppedWedge

WITNESS = Path(__file__).with_name("dealing.js")


def any_clusters(random):
    arms, ratio = random.choice([("AB", (1, 1)), ("AB", (1, 2)), ("ABC", (1, 1, 1)), ("ABC", (3, 2, 1))])
    seed, units = random.randbytes(32), _units(random, sum(ratio))
    case = {"kind": "clusters", "arms": list(arms), "ratio": ratio, "units": units}
    return seed, case, Clusters(tuple(arms), ratio).allocate(seed, units)


def any_waves(random):
    count = random.randint(2, 6)
    sizes = tuple(random.randint(1, 6) for _ in range(count)) if random.random() < 0.5 else ()
    seed, units = random.randbytes(32), _units(random, count, sum(sizes))
    design = SteppedWedge(tuple(range(2, count + 2)), count + 1, sizes)
    case = {"kind": "waves", "waves": count, "sizes": sizes, "units": units}
    return seed, case, design.draw(seed, units).waves


def any_orders(random):
    items = random.sample(["a", "b", "c", "d", "e", "f", "g", "h", "i"], random.randint(2, 9))
    square, stratum = random.choice(["cyclic", "williams"]), _stratum(random)
    seed, people = random.randbytes(32), random.randint(1, 30)
    case = {"kind": "orders", "items": items, "square": square, "stratum": stratum, "people": people}
    return seed, case, list(islice(Orders(tuple(items), square).dealt(seed, stratum), people))


@pytest.mark.node
def test_three_hundred_random_cases_are_the_same_in_both_languages():
    """Seed 2026."""
    random = Random(2026)
    found = [kind(random) for kind in (any_clusters, any_waves, any_orders) for _ in range(100)]
    asked = json.dumps([{**case, "seed": seed.hex()} for seed, case, _ in found])
    done = subprocess.run(["node", WITNESS], input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(json.dumps([result for *_, result in found]))


def _units(random, least, exactly=0):
    count = exactly or random.randint(least, 40)
    return {f"c{random.randint(1, 999)}-{number}": _stratum(random) for number in range(count)}


def _stratum(random):
    return {"site": random.choice(["01", "02", "north west"]), "lang": random.choice(["de", "en"])}
