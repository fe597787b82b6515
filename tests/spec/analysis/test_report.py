"""The report as a PDF, read back"""

import io
import re

import pytest
from pypdf import PdfReader

from analysis import flow, report
from analysis.formats import interval, number, p_phrase, p_value, percent
from analysis.publish import gather
from analysis.report import words
from tests.spec.analysis.drawn import DATA, PLAN, example, provenance, small_data, small_plan

pytestmark = pytest.mark.slow


def content(label="post hoc", name="fev", **more):
    return gather(*example(name), provenance(label), **more)


@pytest.fixture(scope="module")
def fev():
    return content()


@pytest.fixture(scope="module")
def pdf(fev):
    return report.render(fev)


@pytest.fixture(scope="module")
def pages(pdf):
    return texts(pdf)


def read(made):
    return texts(report.render(made))


def texts(pdf):
    """The text of each page, with any run of white space as one space."""
    reader = PdfReader(io.BytesIO(pdf))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def test_the_report_has_the_numbers_of_the_results(fev, pages):
    text = " ".join(pages)
    for result in fev.results.results:
        digits = fev.results.digits(result.outcome)
        assert number(result.estimate, digits) in text
        assert interval(result.lower, result.upper, digits) in text
        assert p_value(result.p) in text


def test_it_begins_with_the_primary_result_in_words(pages):
    assert (
        "Primary result At visit 4, FEV1 (% predicted) was on average 3.90 higher with Treatment than"
        in pages[0]
    )
    assert "adjusted difference 3.90 (95 % CI 0.56 to 7.24; p = 0.022; n = 134, 67 and 67)" in pages[0]


def test_each_page_tells_its_number_of_all(pages):
    for number_, page in enumerate(pages, 1):
        assert f"Page {number_} of {len(pages)}" in page


def test_the_baseline_table_has_no_p_values(pages):
    text = " ".join(pages)
    table = text[text.index("Baseline characteristics") : text.index("Primary and secondary results")]
    assert "40.46 (8.87)" in table
    assert not re.search(r"\bp\b|<|0\.0\d\d", table)


def test_it_has_estimands_methods_hashes_and_software(pages):
    text = " ".join(pages)
    for told in (
        "Estimand fev1-visit-4",
        "Stopping the treatment: treatment policy",
        "with HC3 standard errors",
        "a" * 64,
        "b" * 64,
        "Post hoc: it was not shown",
        "The dataset begins at the randomization.",
    ):
        assert told in text


def test_headings_are_the_outline_and_the_language_is_told(pdf):
    reader = PdfReader(io.BytesIO(pdf))
    top, below = reader.outline
    assert top.title == "FEV1 after treatment: analysis plan"
    assert [each.title for each in below][:3] == [
        "Primary result",
        "Participant flow",
        "Baseline characteristics",
    ]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.metadata.title == "FEV1 after treatment: analysis plan"


def test_the_same_content_gives_the_same_bytes(pdf, tmp_path):
    report.write(tmp_path / "report.pdf", content())
    assert (tmp_path / "report.pdf").read_bytes() == pdf


def test_figures_are_vectors(pdf):
    reader = PdfReader(io.BytesIO(pdf))
    assert not any(page.images for page in reader.pages)


def test_every_font_but_the_unused_default_is_embedded(pdf):
    reader = PdfReader(io.BytesIO(pdf))
    fonts = {
        str(f.get_object()["/BaseFont"])
        for page in reader.pages
        for f in page["/Resources"]["/Font"].values()
    }
    assert {font.split("+")[-1] for font in fonts} <= {
        "DejaVuSans",
        "DejaVuSans-Bold",
        "STIXGeneral-Regular",
        "/Helvetica",
    }


def test_notice_and_watermark_stand_on_every_page():
    made = content("blind rehearsal", watermark="BLIND REHEARSAL", notice="Synthetic data", title="A trial")
    marked = read(made)
    assert all("Synthetic data" in page and "BLIND REHEARSAL" in page for page in marked)
    assert "A trial Blind rehearsal: the arms are made up" in marked[0]


def test_several_arms_outcomes_and_odd_names():
    """A second outcome, a third arm, names with mark-up and with letters beyond Latin-1."""
    text = (
        PLAN.replace('usual = "Usual" }', 'usual = "Usual", short = "Ключ <b> & ℵ" }')
        .replace('label = "Score"', 'label = "Schlüssel ≥ 3 <i>"')
        .replace('baseline = ["AGE", "SEX"]\n', "")
        .replace('visit = "all"', 'visit = "W1"\nrobust = "HC1"')
        .replace('outcome = "SCORE"\nlabel = "Score, every', 'outcome = "AGE"\nlabel = "Age, every')
    )
    chosen = small_plan(text)
    rows = [
        f"C{n},{visit},short,02,{40 + n},F,{10 + n * n % 7},{12 + n}\n"
        for n in range(5)
        for visit in ("BL", "W1", "W6")
    ]
    data = small_data(DATA + "".join(rows), chosen)
    counts = flow.from_data(chosen, data, assessed=20, excluded={"Declined": 7}, not_received={})
    made = gather(chosen, data, provenance(), flow=counts)
    told = " ".join(read(made))
    for part in (
        "Ключ <b> & ℵ",
        "Schlüssel ≥ 3 <i>",
        "Course of the other outcomes",
        "Assessed for eligibility",
    ):
        assert part in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "Baseline characteristics" not in told


def test_a_plan_with_a_primary_analysis_alone_has_no_empty_tables():
    chosen = small_plan(PLAN[: PLAN.rindex("[[analyses]]")].replace('covariates = ["SCORE_BL"]', ""))
    told = " ".join(read(gather(chosen, small_data(chosen=chosen), provenance())))
    assert "Sensitivity and supplementary results" not in told
    assert "SCORE at Week 6, not adjusted" in told
    assert "difference \N{MINUS SIGN}6.00" in told


def test_a_visit_at_which_an_arm_has_nothing_shows_a_dash():
    """Only the plain arm keeps its scores at W1; the analysis of that visit is left out of the plan."""
    chosen = small_plan(PLAN[: PLAN.rindex("[[analyses]]")])
    made = gather(chosen, small_data(re.sub(r"(W1,usual.*),\d+,", r"\1,,", DATA), chosen), provenance())
    assert "W1 3, 20.00 (8.19) \N{EN DASH}" in " ".join(read(made))


def test_words_say_which_side_the_interval_lies_on(fev):
    (primary,) = fev.results.primary
    assert "lies on one side of no difference" in words.reading(fev.results, primary)
    made = gather(small_plan(), small_data(), provenance())
    assert words.primary(made.plan, made.results, made.results.results[1]).startswith(
        "At W1, Score, every visit was"
    )
    wide = gather(small_plan(PLAN.replace("0.05", "0.0001")), small_data(), provenance())
    assert "has room for no difference" in words.reading(wide.results, wide.results.primary[0])


@pytest.mark.parametrize(
    ("told", "want"),
    [
        (number(-0.004, 2), "0.00"),
        (number(-1.5, 1), "\N{MINUS SIGN}1.5"),
        (p_value(0.0001), "< 0.001"),
        (p_value(0.9999), "> 0.999"),
        (p_phrase(0.0001), "p < 0.001"),
        (p_phrase(0.5), "p = 0.500"),
        (percent(1, 3), "33.3 %"),
        (percent(0, 0), "\N{EN DASH}"),
    ],
)
def test_numbers_are_printed_as_journals_do(told, want):
    assert told == want
