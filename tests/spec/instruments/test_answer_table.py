"""Scoring a file of answers: scores or reasons for every row, or one line that says what is wrong"""

import csv

import pytest

from instruments import catalogue
from instruments.answer_table import AnswerTableError, read_answers, write_scores
from trial.management.commands import instruments as instruments_command
from trial.management.commands import score as score_command

PSEQ2 = catalogue.load("PSEQ2")


def scored(text, **options):
    return write_scores(PSEQ2, read_answers(PSEQ2, text), **options).splitlines()


def test_each_row_gets_its_scores_or_the_reasons():
    answers = "USUBJID,PSEQ201,AVISIT,PSEQ202\nA1,6,BL,5\nA2,6,BL,\nA3,declined,W1,declined\nA4,0,W1,0\n"

    assert scored(answers) == [
        "USUBJID,AVISIT,PSEQ2TOT,PSEQ2TOT_REASON",
        "A1,BL,11,",
        "A2,BL,,too_many_missing",
        "A3,W1,,declined",
        "A4,W1,0,",
    ]


def test_other_columns_are_passed_on_as_they_are():
    answers = 'NAME,PSEQ201,PSEQ202\r\n" O\'Neill, ""Ann""\n3",1,2\r\n\r\n'

    assert next(csv.reader(scored(answers))) == ["NAME", "PSEQ2TOT", "PSEQ2TOT_REASON"]
    assert read_answers(PSEQ2, answers).rows[0].others == (' O\'Neill, "Ann"\n3',)


def test_a_table_needs_no_other_columns():
    assert scored("PSEQ201,PSEQ202\n1,2\n") == ["PSEQ2TOT,PSEQ2TOT_REASON", "3,"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1: PSEQ201: this column is missing"),
        ("PSEQ201\n1\n", "1: PSEQ202: this column is missing"),
        ("PSEQ201;PSEQ202\n1;2\n", "1: PSEQ201: this column is missing"),
        ("pseq201,PSEQ202\n1,2\n", "1: PSEQ201: this column is missing"),
        ("PSEQ201,PSEQ202,PSEQ201\n1,2,3\n", "1: PSEQ201: this column is there twice"),
        ("PSEQ201,PSEQ202,a\nb,a\nb\n", "2: row: has 2 cells, the heading has 3"),
        ('PSEQ201,PSEQ202,"a\nb","a\nb"\n', "1: a?b: this column is there twice"),
        ("PSEQ201,PSEQ202,PSEQ2TOT\n1,2,3\n", "1: PSEQ2TOT: this column is computed, it cannot be given"),
        ("PSEQ201,PSEQ202\n", "2: PSEQ2: there is no row of answers"),
        ("PSEQ201,PSEQ202\n1,2\n1\n", "3: row: has 1 cells, the heading has 2"),
        ("PSEQ201,PSEQ202\n1,2\n1,2,3\n", "3: row: has 3 cells, the heading has 2"),
        ("PSEQ201,PSEQ202\n1,2\n\n1,7\n", "4: PSEQ202: 7 is not between 0 and 6"),
        ("PSEQ201,PSEQ202\n1,NaN\n", '2: PSEQ202: "NaN" is not a whole number in the digits 0 to 9'),
        ("PSEQ201,PSEQ202\n1, 2\n", '2: PSEQ202: " 2" is not a whole number in the digits 0 to 9'),
        (
            "PSEQ201,PSEQ202\n1,Declined\n",
            '2: PSEQ202: "Declined" is not a whole number in the digits 0 to 9',
        ),
        ("PSEQ201,PSEQ202\n1,2\x00\n", '2: PSEQ202: "2?" is not a whole number in the digits 0 to 9'),
        ('PSEQ201,PSEQ202\n1,"2\n', "2: row: is not CSV: unexpected end of data"),
        ('PSEQ201,PSEQ202\n1,"2"3\n', "2: row: is not CSV: ',' expected after '\"'"),
        (
            f"PSEQ201,PSEQ202\n1,{'9' * 200_000}\n",
            "2: row: is not CSV: field larger than field limit (131072)",
        ),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_the_first_fault_is_named_by_row_and_field(text, fault):
    with pytest.raises(AnswerTableError) as refused:
        read_answers(PSEQ2, text)

    assert str(refused.value) == fault


# The commands -----------------------------------------------------------------------------------------


@pytest.fixture
def answers(tmp_path):
    """One person, who answered item i with i mod 5 (domain.md 3.2)."""
    codes = [item.code for item in catalogue.load("PCS").items]
    file = tmp_path / "answers.csv"
    cells = ",".join(str(number % 5) for number in range(1, 14))
    file.write_text(f"\ufeffUSUBJID,{','.join(codes)}\nA1,{cells}\n")
    return file


def run(command, *arguments):
    command.Command().run_from_argv(["manage.py", command.__name__.rpartition(".")[2], *map(str, arguments)])


def refused(capsys, *arguments):
    """The one line of a refusal, after which the status is 2 and nothing was printed."""
    with pytest.raises(SystemExit) as end:
        run(score_command, *arguments)
    out, err = capsys.readouterr()
    assert end.value.code == 2
    assert out == ""
    assert err.count("\n") == 1
    return err.rstrip("\n")


def test_the_command_prints_scores(answers, capsys):
    run(score_command, "PCS", answers, "--edition", "1")

    assert capsys.readouterr().out.splitlines() == [
        "USUBJID,PCSTOT,PCSTOT_REASON,PCSRUM,PCSRUM_REASON,PCSMAG,PCSMAG_REASON,PCSHEL,PCSHEL_REASON",
        "A1,26,,8,,6,,12,",
    ]


def test_the_command_prorates_only_when_asked(answers, capsys):
    answers.write_text(answers.read_text().replace("A1,1,", "A1,,"))

    run(score_command, "PCS", answers)
    assert "A1,,too_many_missing,8,," in capsys.readouterr().out
    run(score_command, "PCS", answers, "--prorate-up-to", "0.08")
    assert f"A1,{25 * 13 / 12},,8,," in capsys.readouterr().out


def test_a_bad_value_stops_the_command_before_it_prints(answers, capsys):
    answers.write_text(answers.read_text() + "A2,1,2,7,4,0,1,2,3,4,0,1,2,3\n")

    assert refused(capsys, "PCS", answers) == f"{answers}:3: PCS03: 7 is not between 0 and 4"


def test_an_unknown_questionnaire_stops_the_command(answers, capsys):
    assert refused(capsys, "PCSX", answers).startswith("instrument: 'PCSX' is not in the catalogue of ")


@pytest.mark.parametrize("share", ["1", "-0.1", "nan"])
def test_a_share_that_is_none_stops_the_command(answers, capsys, share):
    wanted = "--prorate-up-to: must be at least 0 and below 1"

    assert refused(capsys, "PCS", answers, f"--prorate-up-to={share}") == wanted


def test_a_file_that_cannot_be_read_stops_the_command(tmp_path, capsys):
    assert refused(capsys, "PCS", tmp_path / "none.csv").endswith("none.csv: No such file or directory")


def test_a_file_in_another_encoding_stops_the_command(answers, capsys):
    answers.write_bytes(b"USUBJID\xe9\n")

    assert refused(capsys, "PCS", answers).endswith("answers.csv:1: encoding: the file is not UTF-8")


def test_the_catalogue_is_printed_with_its_licence_states(capsys):
    run(instruments_command)

    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split()[:2] == ["CODE", "VERSION"]
    assert len(lines) == len(catalogue.all())
    assert [line.split() for line in lines if line.startswith("PCS ")] == [
        ["PCS", "1", "1", "13", "5", "18+", "licensed", "demonstration", "Pain", "Catastrophizing", "Scale"]
    ]
