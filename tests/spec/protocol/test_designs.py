"""A protocol says its design in words, and the words become the rule that draws"""

import pytest

from randomization.by_counts import BiasedCoin, BigStick, Simple
from randomization.config import RULES, described
from randomization.config import rule_of as bound_rule
from randomization.maximal import MaximalProcedure
from randomization.minimization import Minimization
from randomization.permuted_blocks import PermutedBlocks
from randomization.urns import BlockUrn, WeiUrn
from tests.spec.protocol.edits import GOOD, edited
from trial.protocol import ProtocolError
from trial.protocol.randomization import DESIGNS
from trial.services import design
from trial.services.protocol import check

BLOCKS = 'design = "permuted-blocks"\nblock_sizes = [4, 6]'
ARMS = {"arms": ("factual", "reassuring"), "ratio": (1, 1)}
WEIGHTS = {"site": 1, "catastrophizing": 2}
SAID = {
    "block_sizes = [4]": PermutedBlocks(**ARMS, block_sizes=(4,)),
    "block_sizes = [4, 6, 8]": PermutedBlocks(**ARMS, block_sizes=(4, 6, 8)),
    "": Simple(**ARMS),
    "p = [2, 3]": BiasedCoin(**ARMS, p=(2, 3)),
    "limit = 3": BigStick(**ARMS, limit=3),
    "start = 0\nadded = 1": WeiUrn(**ARMS, start=0, added=1),
    "sets = 2": BlockUrn(**ARMS, sets=2),
    "length = 20\nlimit = 3": MaximalProcedure(**ARMS, length=20, limit=3),
    'p = [4, 5]\nmeasure = "range"\nweights = { site = 1, catastrophizing = 2 }': Minimization(
        **ARMS, p=(4, 5), measure="range", weights=WEIGHTS
    ),
    'p = [4, 5]\nmeasure = "variance"\nweights = { catastrophizing = 2 }\nwithin = ["site"]': Minimization(
        **ARMS, p=(4, 5), measure="variance", weights={"catastrophizing": 2}, within=("site",)
    ),
}
WORDS = {rule: word for word, rule in design.RULES.items()}


def with_design(word, parameters, text=GOOD):
    """The example with another design."""
    return edited(BLOCKS, f'design = "{word}"\n{parameters}', text)


@pytest.mark.parametrize("parameters", SAID, ids=lambda said: said.replace("\n", ", ") or "simple")
def test_the_words_become_the_rule(parameters):
    rule = SAID[parameters]
    protocol = check(with_design(WORDS[type(rule)], parameters).encode(), "good.toml")

    assert design.rule_of(protocol) == rule
    assert bound_rule(described(rule)) == rule


def test_every_design_of_the_library_has_a_word():
    assert set(design.RULES) == set(DESIGNS)
    assert set(design.RULES.values()) == set(RULES.values())
    assert {type(rule) for rule in SAID.values()} == set(RULES.values())


def test_the_ratio_is_the_arms_own():
    text = edited('label = "Reassuring wording"\nratio = 1', 'label = "Reassuring wording"\nratio = 2')
    protocol = check(with_design("biased-coin", "p = [2, 3]", text).encode(), "good.toml")

    assert design.rule_of(protocol) == BiasedCoin(ARMS["arms"], (1, 2), (2, 3))


def test_minimization_may_have_more_strata_than_participants():
    """Nothing is listed by stratum, so that none can stay half filled."""
    few = edited("planned = 120", "planned = 5")
    minimized = list(SAID)[-1]
    assert check(with_design("minimization", minimized, few).encode(), "good.toml").study.planned == 5


def test_even_minimization_has_an_end_of_its_combinations():
    """1,002 levels of two factors: 334 sites times 3."""
    sites = "\n".join(f'[[sites]]\ncode = "{n}"\nname = "Site {n}"' for n in range(334))
    text = GOOD[: GOOD.index("[[sites]]")] + sites + "\n" + GOOD[GOOD.index("[[arms]]") :]
    low = '{ code = "low", label = "below 30", below = 30 },'
    text = edited(low, f'{{ code = "least", label = "below 9", below = 9 }},\n{low}', text)
    with pytest.raises(ProtocolError, match="makes 1002 combinations of levels; 1000 or fewer"):
        check(with_design("minimization", list(SAID)[-1], text).encode(), "many.toml")
