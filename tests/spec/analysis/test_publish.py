"""The folder that an analysis leaves: whole, or not at all"""

import json

import pandas as pd
import pytest

from analysis import publish as publishing
from analysis.faults import DataError
from analysis.publish import publish
from tests.spec.analysis.drawn import example, provenance, small_data, small_plan

pytestmark = pytest.mark.slow

FIELDS = {"id", "visit", "arm", "reference", "estimate", "se", "df", "lower", "upper", "p", "n"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the first example leaves."""
    made = tmp_path_factory.mktemp("publish") / "fev"
    chosen, data = example("fev")
    publish(made, plan=chosen, data=data, provenance=provenance())
    return made


def test_the_results_are_a_list_with_every_number(folder):
    results = json.loads((folder / "results.json").read_text())
    assert len(results) == 6
    assert all(set(result) >= FIELDS for result in results)
    assert [result["n"] for result in results] == [134, 134, 134, 140, 129, 134]


def test_beside_them_stand_report_tables_and_figures(folder):
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {
        "results.json",
        "provenance.json",
        "flow.json",
        "report.pdf",
        *(f"tables/{name}.csv" for name in ("results", "means", "baseline", "completion", "trajectory")),
        *(f"figures/{name}.svg" for name in ("flow", "trajectory", "forest", "completion")),
    }
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_the_tables_are_read_back_as_they_were(folder):
    results = json.loads((folder / "results.json").read_text())
    table = pd.read_csv(folder / "tables" / "results.csv")
    assert table["estimate"].tolist() == [result["estimate"] for result in results]
    assert table["covariates"][0] == "FEV1_BL; RACE; SEX"
    assert list(pd.read_csv(folder / "tables" / "baseline.csv").columns) == [
        "variable", "statistic", "Placebo", "Treatment", "All",
    ]  # fmt: skip


def test_a_second_run_takes_the_place_of_the_first(tmp_path):
    for label in ("post hoc", "prespecified"):
        publish(tmp_path / "out", plan=small_plan(), data=small_data(), provenance=provenance(label))
    assert json.loads((tmp_path / "out" / "provenance.json").read_text())["label"] == "prespecified"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_as_good_as_none(tmp_path):
    publish(tmp_path, plan=small_plan(), data=small_data(), provenance=provenance())
    assert (tmp_path / "results.json").exists()


def test_a_folder_with_anything_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match=r"holds other files; name a new or empty folder$"):
        publish(tmp_path, plan=small_plan(), data=small_data(), provenance=provenance())
    with pytest.raises(DataError, match=r"is a file; name a folder to write to$"):
        publish(tmp_path / "thesis.txt", plan=small_plan(), data=small_data(), provenance=provenance())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_data_that_cannot_be_analysed_leave_nothing(tmp_path):
    with pytest.raises(DataError):
        publish(
            tmp_path / "out", plan=small_plan(), data=small_data().assign(SCORE=3), provenance=provenance()
        )
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_leaves_the_former_folder(tmp_path):
    out = tmp_path / "out"
    publishing.write(out, {"results.json": b"[]", "provenance.json": b"{}"})
    with pytest.raises(OSError, match="No such file or directory"):
        publishing.write(out, {"results.json": b"[1]", "a/b/c.csv": b"deeper than a folder goes"})
    assert (out / "results.json").read_bytes() == b"[]"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_baseline_table_is_an_empty_file(tmp_path):
    from tests.spec.analysis.drawn import PLAN

    chosen = small_plan(PLAN.replace('baseline = ["AGE", "SEX"]\n', ""))
    publish(tmp_path / "out", plan=chosen, data=small_data(chosen=chosen), provenance=provenance())
    assert (tmp_path / "out" / "tables" / "baseline.csv").read_text() == "variable,statistic\n"
