"""A dataset from outside"""

import pandas as pd
import pytest

from analysis import dataset
from analysis.faults import DataError
from tests.spec.analysis.drawn import DATA, PLAN, small_data, small_plan


def test_codes_are_text_and_scores_are_numbers():
    data = small_data()
    assert data["SITE"].tolist()[:2] == ["01", "01"]
    assert data["SCORE"].dtype == float
    assert data["SEX"].tolist()[:4] == ["F", "F", "F", "M"]


def test_visits_and_arms_have_the_order_of_the_plan():
    data = small_data()
    assert list(data["VISIT"].cat.categories) == ["BL", "W1", "W6"]
    assert list(data["ARM"].cat.categories) == ["plain", "usual"]


def test_the_index_is_the_line_in_the_file():
    assert small_data().loc[4, "VISIT"] == "W6"


def test_only_the_columns_of_the_plan_are_kept():
    text = "\n".join(f"{line},x" for line in DATA.replace("SCORE_BL", "SCORE_BL,NAME").split("\n") if line)
    assert "NAME" not in small_data(text.replace("NAME,x", "NAME")).columns


@pytest.mark.parametrize("missing", ["", "NA", "NaN", "."])
def test_what_r_python_and_sas_write_for_nothing_is_missing(missing):
    data = small_data(DATA.replace("F,,12", f"F,{missing},12"))
    assert data["SCORE"].isna().sum() == 2


def test_a_byte_order_mark_and_blank_lines_are_passed_over():
    data = dataset.parse(("\ufeff" + DATA.replace("\n", "\r\n") + "\r\n").encode(), small_plan(), "data.csv")
    assert len(data) == 22


def test_a_column_of_numbers_that_are_codes_is_named_in_the_plan():
    text = DATA.replace(",F,", ",1,").replace(",M,", ",2,")
    assert small_data(text)["SEX"].dtype == float
    chosen = small_plan(PLAN.replace("site = ", 'categorical = ["SEX"]\nsite = '))
    assert set(small_data(text, chosen)["SEX"]) == {"1", "2"}


def test_checking_twice_changes_nothing():
    data = small_data()
    pd.testing.assert_frame_equal(dataset.checked(small_plan(), data), data)


def test_a_frame_with_numbers_as_codes_is_checked_alike():
    frame = pd.DataFrame(
        {
            "ID": [1, 1, 2, 2],
            "VISIT": ["BL", "W6"] * 2,
            "ARM": ["plain"] * 2 + ["usual"] * 2,
            "SITE": [1.0] * 4,
            "AGE": [40, 40, None, None],
            "SEX": pd.array(["F", "F", pd.NA, pd.NA], dtype="string"),
            "SCORE": [3, 2.5, 4, 1],
            "SCORE_BL": [3, 3, 4, 4],
        }
    )
    data = dataset.checked(small_plan(), frame)
    assert data["ID"].tolist() == ["1", "1", "2", "2"]
    assert data["SITE"].tolist() == ["1"] * 4
    assert data["SCORE"].tolist() == [3, 2.5, 4, 1]


BROKEN = {
    "1: SCORE: the plan names this column, the file has none such": ("SCORE,", "POINTS,"),
    "1: SEX: two columns have this name; rename one": ("SEX,", "SEX,SEX,"),
    "1: heading: the file is empty; its first row names the columns": (DATA, ""),
    "1: rows: there are none; one row a participant and visit is needed": (DATA[DATA.index("A1,BL") :], ""),
    "2: row: has 7 cells, the heading has 8; quote a cell that holds a comma": ("F,20,20", "F,20"),
    "2: ID: is missing": ("A1,BL", ",BL"),
    '3: VISIT: "W2" is not in the plan; known: BL, W1, W6': ("A1,W1", "A1,W2"),
    "3: VISIT: is missing": ("A1,W1", "A1,"),
    '5: ARM: "old" is not in the plan; known: plain, usual': ("A2,BL,usual", "A2,BL,old"),
    "5: ARM: is missing": ("A2,BL,usual", "A2,BL,NA"),
    '6: ARM: is "plain", but "usual" in the participant\'s first row': ("A2,W1,usual", "A2,W1,plain"),
    '6: SITE: is "02", but "01" in the participant\'s first row': ("A2,W1,usual,01", "A2,W1,usual,02"),
    '1: ARM: no participant is in arm "usual" of the plan': ("usual", "plain"),
    '4: ID: "A1" has a second row at "W1"; keep one': ("A1,W6", "A1,W1"),
    '4: SCORE: "17,0" is not a number': ("F,17,20", 'F,"17,0",20'),
    '4: SCORE: "inf" is not a number': ("F,17,20", "F,inf,20"),
    '4: AGE: "4l" is not a number, the rest of the column is; else name it in data.categorical': (
        "A1,W6,plain,01,41",
        "A1,W6,plain,01,4l",
    ),
    "2: row: is not CSV: unexpected end of data": ("A1,BL", '"A1,BL'),
}
EVERYWHERE = {"usual"}


@pytest.mark.parametrize(("reason", "change"), BROKEN.items(), ids=BROKEN)
def test_a_broken_dataset_gives_exactly_one_line(reason, change):
    assert change[0] in DATA
    text = DATA.replace(*change, -1 if change[0] in EVERYWHERE else 1)
    with pytest.raises(DataError) as refused:
        small_data(text)
    assert str(refused.value) == f"data.csv:{reason}"


def test_an_outcome_without_any_value_is_refused():
    lines = [line.split(",") for line in DATA.split()]
    text = "\n".join(",".join([*line[:6], line[6] if line[6] == "SCORE" else "", line[7]]) for line in lines)
    with pytest.raises(DataError, match=r"^data\.csv:1: SCORE: has no value at all$"):
        small_data(text)


def test_without_a_baseline_visit_the_baseline_may_not_change():
    chosen = small_plan(PLAN.replace('baseline_visit = "BL"\n', ""))
    with pytest.raises(DataError, match=r'^data\.csv:3: AGE: is "42", but "41" in the participant'):
        small_data(DATA.replace("A1,W1,plain,01,41", "A1,W1,plain,01,42"), chosen)


def test_a_file_that_is_not_utf_8_says_where():
    with pytest.raises(DataError, match=r"^data\.csv:2: encoding: is not UTF-8; save the file as UTF-8$"):
        dataset.parse(b"ID\n\xff\n", small_plan(), "data.csv")


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(DataError, match=r"^none\.csv: cannot be read: No such file or directory$"):
        dataset.read(tmp_path / "none.csv", small_plan())
