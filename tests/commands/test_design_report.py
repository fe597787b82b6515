"""manage.py design_report: what a design will do, before anyone is enrolled"""

import io
import json
import re

import numpy as np
import pytest
from django.core.management import call_command
from pypdf import PdfReader

from randomization.simulate import Population, balance, simulate
from tests.commands.test_operating import refused
from tests.spec.protocol.edits import EXAMPLES, GOOD, edited
from tests.spec.protocol.test_designs import with_design
from trial.services import design
from trial.services.protocol import check_file

REASSURE, MINIMIZED = EXAMPLES / "reassure.toml", EXAMPLES / "minimized.toml"
FEW = "300"  # trials


def report(path, out, *options):
    """The JSON of a report of few trials."""
    call_command("design_report", str(path), "--out", str(out), "--trials", FEW, *options)
    return json.loads((out / "design.json").read_text(encoding="utf-8"))


def pages(out):
    reader = PdfReader(io.BytesIO((out / "design.pdf").read_bytes()))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


@pytest.fixture(scope="module")
def blocks(tmp_path_factory):
    """The folder of the report on permuted blocks, and its JSON."""
    out = tmp_path_factory.mktemp("blocks") / "out"
    return out, report(REASSURE, out)


@pytest.fixture(scope="module")
def minimized(tmp_path_factory):
    """The folder of the report on minimization, and its JSON."""
    out = tmp_path_factory.mktemp("minimized") / "out"
    return out, report(MINIMIZED, out)


@pytest.fixture
def protocol(tmp_path):
    """Writes a protocol's text to a file."""

    def write(text):
        path = tmp_path / "protocol.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refused_after_simulating(capsys, *command):
    """The line that follows the progress when only the simulation shows that a design will not do."""
    with pytest.raises(SystemExit) as ended:
        call_command("design_report", *command, "--trials", FEW)
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()[-1].strip()


# The numbers -----------------------------------------------------------------------------------------


def as_plain(apart):
    return {"mean": apart.mean, "most_95": apart.most_95, "worst": apart.worst}


@pytest.mark.parametrize(("path", "made"), [(REASSURE, "blocks"), (MINIMIZED, "minimized")])
def test_its_numbers_are_the_librarys_for_the_same_seed(path, made, request):
    """randomization.simulate.simulate and balance, with NumPy's default_rng(2021)."""
    _, found = request.getfixturevalue(made)

    protocol = check_file(path)
    strata, planned = protocol.strata(), protocol.study.planned
    population = Population(strata, (1 / len(strata),) * len(strata))
    wanted = simulate(design.rule_of(protocol), population, planned, int(FEW), np.random.default_rng(2021))
    apart = balance(wanted, looks=(planned // 2,))
    for name in ("convergence", "bayes", "certain"):
        assert found["predictability"][name] == getattr(wanted, name)
    assert found["overall"] == as_plain(apart.overall)
    assert found["highest"] == as_plain(apart.highest)
    assert found["looks"] == {str(planned // 2): as_plain(apart.looks[planned // 2])}
    assert found["strata"] == {name: as_plain(each) for name, each in apart.strata.items()}
    assert found["levels"] == {name: as_plain(each) for name, each in apart.levels.items()}


@pytest.mark.slow
def test_the_examples_ten_thousand_trials_are_as_measured(tmp_path, capsys):
    """Seeds 1 to 5 and 2021 gave 5.8 or 5.9 % certain, 68.3 % right and 1.9 apart each time."""
    call_command("design_report", str(REASSURE), "--out", str(tmp_path / "out"))

    found = json.loads((tmp_path / "out" / "design.json").read_text())
    assert found["asked"]["trials"] == 10_000
    assert found["asked"]["seed"] == 2021
    assert found["predictability"]["certain"] == pytest.approx(0.058, abs=0.001)
    assert found["predictability"]["convergence"] == pytest.approx(0.683, abs=0.001)
    assert found["overall"]["mean"] == pytest.approx(1.88, abs=0.05)


def test_who_sees_their_own_site_alone_guesses_less_of_minimization(minimized):
    found = minimized[1]["predictability"]
    assert found["chance"] < found["own_site"] < found["convergence"]
    assert found["certain"] == 0


def test_blocks_have_no_guess_from_the_own_site(blocks):
    assert blocks[1]["predictability"]["own_site"] is None


def test_chance_is_the_largest_arms_share(protocol, tmp_path):
    text = edited('label = "Reassuring wording"\nratio = 1', 'label = "Reassuring wording"\nratio = 3')
    path = protocol(edited("block_sizes = [4, 6]", "block_sizes = [4, 8]", text))
    assert report(path, tmp_path / "out")["predictability"]["chance"] == 0.75
    assert "of an arm per part of the ratio" in " ".join(pages(tmp_path / "out"))


DESIGNS = {
    "simple": ("", "simple randomization"),
    "biased-coin": ("p = [2, 3]", "a biased coin with p = 2/3"),
    "big-stick": ("limit = 3", "a big stick of 3"),
    "wei-urn": ("start = 0\nadded = 1", "Wei's urn of 0 and 1"),
    "block-urn": ("sets = 2", "a block urn of 2 sets"),
    "maximal": ("length = 20\nlimit = 3", "the maximal procedure, runs of 20 within 3"),
    "minimization": (
        'p = [3, 4]\nmeasure = "variance"\nweights = { catastrophizing = 2 }\nwithin = ["site"]',
        "minimization of the variance with p = 3/4, weights catastrophizing 2, within site",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("word", DESIGNS)
def test_every_design_has_its_report(word, protocol, tmp_path, capsys):
    parameters, told = DESIGNS[word]
    found = report(protocol(with_design(word, parameters)), tmp_path / "out")

    assert found["design"] == word
    assert 0.49 < found["predictability"]["convergence"] <= found["predictability"]["bayes"] + 1e-9
    assert f"REASSURE: {told}; 300 trials of 120 participants" in capsys.readouterr().out
    assert told in " ".join(pages(tmp_path / "out"))


def test_the_shares_of_the_strata_are_the_products_of_their_levels(tmp_path):
    found = report(
        REASSURE, tmp_path / "out", "--share", "site", "2", "1", "1", "--share", "catastrophizing", "3", "1"
    )
    assert found["asked"]["shares"] == {
        "01/low": 0.375, "01/high": 0.125, "02/low": 0.1875, "02/high": 0.0625,
        "03/low": 0.1875, "03/high": 0.0625,
    }  # fmt: skip
    assert "as asked, in design.json" in " ".join(pages(tmp_path / "out"))


def test_interim_looks_are_where_they_were_asked_for(tmp_path):
    found = report(REASSURE, tmp_path / "out", "--look", "90", "--look", "30", "--look", "120")
    assert list(found["looks"]) == ["30", "90", "120"]
    assert found["looks"]["120"] == found["overall"]
    assert "After 30 participants" in pages(tmp_path / "out")[1]


def test_the_course_ends_with_the_trial(blocks):
    _, found = blocks
    assert list(found["course"])[-1] == "120"
    assert found["course"]["120"] == found["overall"]


def test_levels_stand_in_the_protocols_order(blocks):
    _, found = blocks
    assert list(found["levels"]) == [
        "site=01", "site=02", "site=03", "catastrophizing=low", "catastrophizing=high",
    ]  # fmt: skip


def test_a_trial_of_one_stratum_has_no_places(protocol, tmp_path):
    text = edited('["site", "catastrophizing"]', "[]")
    begin, end = text.index("[[factors]]"), text.index("[[visits]]")
    found = report(protocol(text[:begin] + text[end:]), tmp_path / "out")

    assert (found["strata"], found["levels"], found["asked"]["shares"]) == ({}, {}, {})
    told = " ".join(pages(tmp_path / "out"))
    assert "none: all participants are one stratum" in told
    assert "Balance within levels" not in told


def test_a_trial_of_one_person_has_no_look(protocol, tmp_path):
    text = edited("planned = 120", "planned = 1")
    text = edited('["site", "catastrophizing"]', "[]", text)
    begin, end = text.index("[[factors]]"), text.index("[[visits]]")
    assert report(protocol(text[:begin] + text[end:]), tmp_path / "out")["looks"] == {}


# The paper -------------------------------------------------------------------------------------------


def test_the_paper_has_the_numbers_of_the_json(blocks):
    out, found = blocks
    first, *rest = pages(out)

    assert f"the arms are {found['overall']['mean']:.1f} apart on average" in first
    assert f"would know {100 * found['predictability']['certain']:.1f} % with certainty" in first
    assert "Those who recruit see no arm in this trial" in first
    assert found["protocol_sha256"] in " ".join(rest)
    assert all("Synthetic data: no real people" in page for page in (first, *rest))


@pytest.mark.parametrize("made", ["blocks", "minimized"])
def test_the_paper_has_three_pages_and_vectors_alone(made, request):
    out, _ = request.getfixturevalue(made)
    reader = PdfReader(io.BytesIO((out / "design.pdf").read_bytes()))
    assert len(reader.pages) == 3
    assert not any(page.images for page in reader.pages)


def test_of_many_strata_the_paper_has_those_that_are_furthest_apart(minimized):
    out, found = minimized
    told = " ".join(pages(out))

    assert "24 more are in design.json" in told
    furthest = max(found["strata"], key=lambda name: found["strata"][name]["mean"])
    assert furthest in told


def test_the_same_seed_gives_the_same_bytes(blocks, tmp_path):
    report(REASSURE, tmp_path / "again")
    for name in ("design.json", "design.pdf"):
        assert (tmp_path / "again" / name).read_bytes() == (blocks[0] / name).read_bytes()


# Warnings and refusals -------------------------------------------------------------------------------


def test_a_blinded_trial_is_told_what_would_hold_if_arms_were_seen(blocks):
    """Blocks of 4 or 6: 5.8 % certain, more than the 5 % of integrity.md G7."""
    out, found = blocks

    assert found["advice"] == {"warnings": [], "refusals": []}
    (refusal,) = found["if_arms_were_seen"]["refusals"]
    assert refusal.endswith("at most 5.0 % is allowed.")
    assert "If those who recruit saw past arms: Refused: " in pages(out)[0]


def test_a_design_that_can_be_foreseen_is_refused_in_an_open_trial(tmp_path, capsys):
    out = str(tmp_path / "out")
    line = refused_after_simulating(capsys, str(REASSURE), "--out", out, "--recruiters-see-arms")
    assert re.fullmatch(
        rf"{REASSURE}:randomization.design: 5\.\d % of the arms are known beforehand to recruiters who see "
        r"past arms; at most 5\.0 % is allowed\.",
        line,
    )
    assert list(tmp_path.iterdir()) == []


def test_an_open_trial_is_warned_of_what_is_doubtful(protocol, tmp_path, capsys):
    """Blocks of 6 or 8: 4.5 % certain with seed 2021, between the 2.5 and 5 % of integrity.md G7."""
    path = protocol(edited("[4, 6]", "[6, 8]"))
    found = report(path, tmp_path / "out", "--recruiters-see-arms")

    doubtful, sites = found["advice"]["warnings"]
    assert "are known beforehand to recruiters who see past arms." in doubtful
    assert sites == "Recruiters who see past arms can guess blocks within their own site (Kahan 2015)."
    assert found["advice"] == found["if_arms_were_seen"]
    assert capsys.readouterr().err.endswith(f"warning: {doubtful}\nwarning: {sites}\n")
    assert f"Warnings {doubtful} {sites}" in pages(tmp_path / "out")[0]


def test_minimization_that_leaves_little_to_chance_is_warned_of(protocol, tmp_path, capsys):
    path = protocol(
        edited("p = [4, 5]", "p = [9, 10]", MINIMIZED.read_text(encoding="utf-8")),
    )
    found = report(path, tmp_path / "out")
    assert found["advice"]["warnings"] == ["Minimization with p above 0.8 can be foreseen (McPherson 2013)."]
    assert "warnings: 1; wrote" in capsys.readouterr().out


# Wrong input -----------------------------------------------------------------------------------------

WRONG = {
    "no trial": (["--trials", "0"], "--trials: must lie between 1 and 1000000"),
    "more trials than fit": (
        ["--trials", "100000"],
        "--trials: 100000 trials of 120 participants do not fit; use 83333 or fewer",
    ),
    "a seed below nothing": (["--seed", "-1"], "--seed: must be 0 or more"),
    "a look at nobody": (["--look", "0"], "--look: must lie between 1 and 120"),
    "a look after the end": (["--look", "121"], "--look: must lie between 1 and 120"),
    "shares of no factor": (
        ["--share", "age", "1", "2"],
        '--share: "age" is not in stratify_by; use site or catastrophizing',
    ),
    "too few shares": (["--share", "site", "1", "2"], "--share: site needs 3 numbers, one for each level"),
    "a share of nothing": (
        ["--share", "site", "1", "2", "0"],
        "--share: the numbers of site must lie between 1 and 1000000",
    ),
    "a share that is no number": (
        ["--share", "site", "1", "2", "half"],
        "--share: give a factor and whole numbers, one for each of its levels",
    ),
}


@pytest.mark.parametrize("why", WRONG)
def test_one_line_says_what_cannot_be_asked(why, capsys, tmp_path):
    options, line = WRONG[why]
    out = str(tmp_path / "out")
    assert refused(capsys, "design_report", str(REASSURE), "--out", out, *options) == line
    assert list(tmp_path.iterdir()) == []


def test_shares_need_a_factor_to_be_shares_of(protocol, capsys, tmp_path):
    text = edited('["site", "catastrophizing"]', "[]")
    begin, end = text.index("[[factors]]"), text.index("[[visits]]")
    path = protocol(text[:begin] + text[end:])
    line = refused(capsys, "design_report", str(path), "--share", "site", "1", "2", "3")
    assert line == '--share: "site" is not in stratify_by, which is empty'


def test_a_broken_protocol_gives_its_line(protocol, capsys, tmp_path):
    path = protocol(edited("block_sizes = [4, 6]", "block_sizes = [4, 5]"))
    line = refused(capsys, "design_report", str(path), "--out", str(tmp_path / "out"))
    assert line.startswith(f"{path}:randomization.block_sizes[1]: must be a multiple of 2")
    assert not (tmp_path / "out").exists()


def test_more_arms_than_can_be_simulated_are_refused(protocol, capsys, tmp_path):
    arms = "\n".join(f'[[arms]]\ncode = "a{n}"\nlabel = "Arm {n}"\nratio = 1\n' for n in range(9))
    text = GOOD.replace("[[eligibility]]", f"{arms}\n[[eligibility]]", 1).replace("[4, 6]", "[11]")
    names = ", ".join(f'a{n} = "Arm {n}"' for n in range(9))
    text = edited(
        'reassuring = "Reassuring wording" }', f'reassuring = "Reassuring wording", {names} }}', text
    )
    path = protocol(text)
    line = refused(capsys, "design_report", str(path), "--out", str(tmp_path / "out"))
    assert line == f"{path}:arms: only designs of 10 arms or fewer are simulated"


def test_a_folder_with_anything_else_is_left_alone(capsys, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    line = refused(capsys, "design_report", str(REASSURE), "--out", str(tmp_path))
    assert line == "--out: holds other files; name a new or empty folder"
    line = refused(capsys, "design_report", str(REASSURE), "--out", str(tmp_path / "thesis.txt"))
    assert line == "--out: is a file; name a folder to write to"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_that_cannot_be_made_gives_one_line(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    line = refused_after_simulating(capsys, str(REASSURE), "--out", str(tmp_path / "file" / "out"))
    assert line == f"{tmp_path}/file/out: cannot be written: File exists"


def test_a_second_report_takes_the_place_of_the_first(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "design.json").write_text("an earlier one")
    assert report(REASSURE, tmp_path / "out", "--seed", "5")["asked"]["seed"] == 5
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["design.json", "design.pdf"]
