"""The design report as a PDF, laid out as the trial's own report is."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.figures import Drawing
from analysis.report import layout
from analysis.report.fonts import register
from analysis.report.layout import CELL, CODE, Part, cell, table
from randomization.simulate import Apart
from trial.design_report import figures, words
from trial.design_report.model import Advice, DesignReport
from trial.design_report.words import apart

Drawings = Mapping[str, Drawing]
MOST_LEVELS, MOST_STRATA = 12, 8  # on paper, those that are furthest apart; the JSON has all


def render(report: DesignReport, notice: str | None = None) -> bytes:
    """The report's PDF, the same bytes for the same numbers; `notice` stands on every page."""
    register()
    drawn = _drawn(report)
    return layout.build(
        lambda: _story(report, drawn, notice),
        title=f"Design report: {report.title}",
        running=f"Design report of {report.study}  |  before anyone is enrolled",
        watermark=None,
        notice=notice,
    )


def _drawn(report: DesignReport) -> Drawings:
    """Every figure, by its name; drawn once, though the pages are laid out twice."""
    drawings = [figures.guessing(report), figures.course(report)]
    if places := _shown(report):
        drawings.append(figures.places(places))
    return {drawing.name: drawing for drawing in drawings}


def _story(report: DesignReport, drawn: Drawings, notice: str | None) -> list[Part]:
    return [
        *_opening(report, notice),
        *_design(report),
        *_guessing(drawn),
        *_course(report, drawn),
        *_places(report, drawn),
        *_provenance(report),
    ]


def _opening(report: DesignReport, notice: str | None) -> list[Part]:
    parts = [layout.body(f"Design report: {report.title}", layout.TITLE)]
    if notice:
        parts.append(layout.body(notice, layout.NOTE))
    return [
        *parts,
        layout.heading("In short"),
        layout.body(words.balance(report), layout.LEAD),
        layout.body(words.guessing(report), layout.LEAD),
        layout.body(words.seen(report)),
        *_advice(report),
    ]


def _advice(report: DesignReport) -> list[Part]:
    """The warnings of this trial, then those of the same trial if arms were seen."""
    mine = _sentences(report.advice)
    parts = [layout.heading("Warnings"), *map(layout.body, mine or ["None."])]
    if not report.asked.recruiters_see_arms and (other := _sentences(report.if_arms_were_seen)):
        parts += [layout.body(f"If those who recruit saw past arms: {' '.join(other)}", layout.NOTE)]
    return [layout.together(*parts)]


def _sentences(advice: Advice) -> list[str]:
    return [*(f"Refused: {reason}" for reason in advice.refusals), *advice.warnings]


def _design(report: DesignReport) -> list[Part]:
    told = {
        "Design": words.design(report),
        "Arms": words.ratio(report),
        "Stratified by": words.factors(report),
        "Participants": str(report.asked.participants),
    }
    return [layout.together(layout.heading("The design"), _pairs("As the protocol says", told))]


def _guessing(drawn: Drawings) -> list[Part]:
    caption = (
        "Left, guesses of the next arm by who sees all earlier arms; the line is chance. Right, arms that "
        "are known beforehand; where recruiters see past arms, more than 2.5 % is warned of and more than "
        "5 % refused."
    )
    shown = layout.figure(drawn["guessing"], caption)
    return [layout.together(layout.heading("What could be guessed"), *shown)]


def _course(report: DesignReport, drawn: Drawings) -> list[Part]:
    rows = {
        **{f"After {look} participants": each for look, each in report.looks.items()},
        f"At the end, {report.asked.participants} participants": report.overall,
        "Greatest at any time": report.highest,
    }
    caption = "How far the arms are apart as participants come; upright lines are the interim looks."
    return [
        layout.together(layout.heading("Balance of the arms"), *layout.figure(drawn["course"], caption)),
        layout.together(_distances("When", rows)),
    ]


def _places(report: DesignReport, drawn: Drawings) -> list[Part]:
    shown = _shown(report)
    if not shown:
        return []
    caption = "How far the arms are apart at the end, by level of each factor and by stratum."
    rest = len(report.levels) + len(report.strata) - len(shown)
    if rest:
        caption += f" These are the places where they are furthest apart; {rest} more are in design.json."
    return [
        layout.together(
            layout.heading("Balance within levels and strata"), *layout.figure(drawn["places"], caption)
        ),
        layout.together(_distances("Where", shown)),
    ]


def _shown(report: DesignReport) -> Mapping[str, Apart]:
    return {**_furthest(report.levels, MOST_LEVELS), **_furthest(report.strata, MOST_STRATA)}


def _furthest(places: Mapping[str, Apart], most: int) -> Mapping[str, Apart]:
    """The places that fit on paper, in their order: of many, those where the arms are furthest apart."""
    kept = set(sorted(places, key=lambda name: -places[name].mean)[:most])
    return {name: each for name, each in places.items() if name in kept}


def _distances(head: str, rows: Mapping[str, Apart]) -> Part:
    """A row a place: the mean, 95 of 100 trials, the worst."""
    cells = [[cell(name), *map(apart, (each.mean, each.most_95, each.worst))] for name, each in rows.items()]
    heads = [head, "Apart on average", "95 % at most", "Worst"]
    return table(heads, cells, [2, 1, 1, 1], ("ALIGN", (1, 0), (-1, -1), "RIGHT"))


def _provenance(report: DesignReport) -> list[Part]:
    told = {
        "Protocol": report.study,
        "SHA-256 of the protocol": report.protocol_sha256,
        "Trials, seed": f"{report.asked.trials:,}, {report.asked.seed}",
        "Shares of the strata": _shares(report),
        **report.software,
    }
    return [
        layout.heading("How it was computed"),
        layout.body(words.method(report)),
        layout.together(_pairs("Provenance", told)),
    ]


def _shares(report: DesignReport) -> str:
    return "equal" if len(set(report.asked.shares.values())) <= 1 else "as asked, in design.json"


def _pairs(head: str, values: Mapping[str, str]) -> Part:
    rows = [[cell(name), cell(value, CODE if "SHA" in name else CELL)] for name, value in values.items()]
    return table([head, ""], rows, [1, 3.2])
