"""Rules of every kind with random parameters, for tests that must hold for all of them."""

from hypothesis import strategies as st

from randomization.by_counts import BiasedCoin, BigStick, Simple
from randomization.design import PermutedBlocks
from randomization.maximal import MaximalProcedure
from randomization.minimization import Minimization
from randomization.urns import BlockUrn, WeiUrn

COINS = [(2, 3), (3, 4), (4, 5), (9, 10), (1, 1)]


def _blocks(arms, ratio, random):
    multiples = random.sample([1, 2, 3, 4], random.randint(1, 3))
    return PermutedBlocks(arms, ratio, tuple(sum(ratio) * times for times in multiples))


DESIGNS = (
    _blocks,
    lambda arms, ratio, random: Simple(arms, ratio),
    lambda arms, ratio, random: BiasedCoin(arms, ratio, random.choice(COINS)),
    lambda arms, ratio, random: BigStick(arms, ratio, random.randint(1, 4)),
    lambda arms, ratio, random: WeiUrn(arms, ratio, random.randint(0, 2), random.randint(1, 3)),
    lambda arms, ratio, random: BlockUrn(arms, ratio, random.randint(1, 3)),
    lambda arms, ratio, random: MaximalProcedure(
        arms, ratio, sum(ratio) * random.randint(1, 6), random.randint(1, 3)
    ),
)


def any_design(random):
    """A design of any kind with two to four arms."""
    arms, ratio = _arms(random)
    return random.choice(DESIGNS)(arms, ratio, random)


def any_minimization(random, factors):
    """A minimization over these factors, maybe within the first."""
    arms, ratio = _arms(random)
    return Minimization(
        arms,
        ratio,
        random.choice(COINS),
        random.choice(["range", "variance"]),
        {factor: random.randint(1, 3) for factor in factors},
        tuple(factors[:1]) if random.random() < 0.5 else (),
    )


def _arms(random):
    arms = tuple("ABCD"[: random.choice([2, 2, 2, 3, 4])])
    ratio = random.choice([[1, 1, 1, 1], [1, 2, 1, 1], [2, 3, 1, 2]])
    return arms, tuple(ratio[: len(arms)])


designs = st.randoms(use_true_random=False).map(any_design)
seeds = st.binary(min_size=32, max_size=32)
