"""Running the protocol's analysis plan: rehearsed blind on made-up arms, for real after the unblinding."""

from __future__ import annotations

import hashlib
import io
import platform
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from importlib import metadata

import numpy as np
import pandas as pd

from analysis import flow as flows
from analysis import plan as plans
from analysis.faults import DataError
from analysis.flow import FlowCounts
from analysis.plan import Plan
from analysis.publish import files, gather
from analysis.run import Provenance, primary_line
from trial import unblinded
from trial.models import AnalysisFile, AnalysisRun, AuditEvent, Membership, Snapshot, Study
from trial.permissions import Permission, require
from trial.refusals import AlreadyUnblinded, NotAnalysable, NotFound, SnapshotNotFinal, StillBlind
from trial.selectors import dataset
from trial.selectors.visits import today
from trial.services import ledger
from trial.services.act import act

WATERMARK = "Blind rehearsal: made-up arms"
NOTICES = {
    "synthetic": "Synthetic data: no real people, no real results",
    "training": "Training: no real participants",
}
ARM = dataset.Column("TRT01P", "Planned treatment", "text", "The arm as randomized; in unblinded data only")
LIBRARIES = ("Django", "numpy", "pandas", "scipy", "matplotlib", "reportlab")


@act
def rehearse(*, snapshot: Snapshot, by: Membership, at: datetime) -> AnalysisRun:
    """The whole report on arms that were made up for it: the real ones are not even read."""
    _check(snapshot, by)
    if by.study.unblinded_at is not None:
        raise AlreadyUnblinded
    run = _run(snapshot, made_up_arms(snapshot), AnalysisRun.Label.REHEARSAL, by, at)
    ledger.record(AuditEvent.Action.REHEARSED, by.study.code, by=by, at=at, snapshot=snapshot.sha256)
    return run


@act
def run(*, snapshot: Snapshot, by: Membership, at: datetime) -> AnalysisRun:
    """The plan on the arms as they were, on a snapshot that is what was locked."""
    _check(snapshot, by)
    if by.study.unblinded_at is None:
        raise StillBlind("The study is still blind; until it is unblinded there are only rehearsals.")
    if hashlib.sha256(dataset.csv(dataset.frame(by.study))).hexdigest() != snapshot.sha256:
        raise SnapshotNotFinal
    arms = {dataset.usubjid(by.study, code): arm for code, arm in unblinded.arms(by=by).items()}
    done = _run(snapshot, arms, AnalysisRun.Label.PRESPECIFIED, by, at)
    ledger.record(AuditEvent.Action.ANALYSED, by.study.code, by=by, at=at, snapshot=snapshot.sha256)
    return done


def _check(snapshot: Snapshot, by: Membership) -> None:
    require(by, Permission.ANALYSE)
    if snapshot.study_id != by.study_id:
        raise NotFound
    by.study.refresh_from_db()


def made_up_arms(snapshot: Snapshot) -> Mapping[str, str]:
    """Arms in the protocol's ratio, in an order drawn from the snapshot's hash: repeatable, and nobody's."""
    protocol = snapshot.study.protocol
    people = sorted(row["participant"] for row in snapshot.flow["randomized"])
    once = [arm.code for arm in protocol.arms for _ in range(arm.ratio)]
    arms = (once * (len(people) // len(once) + 1))[: len(people)]
    order = np.random.default_rng(int(snapshot.sha256[:16], 16)).permutation(len(people))
    return {people[place]: arm for place, arm in zip(order, arms, strict=True)}


def _run(
    snapshot: Snapshot, arms: Mapping[str, str], label: AnalysisRun.Label, by: Membership, at: datetime
) -> AnalysisRun:
    study, rehearsal = snapshot.study, label is AnalysisRun.Label.REHEARSAL
    plan = plans.parse(study.protocol.plan_tables, f"{study.code}.toml")
    data = pd.read_csv(io.BytesIO(bytes(snapshot.dataset)), dtype={"SITEID": str})
    data[ARM.name] = data["USUBJID"].map(dict(arms))
    people = snapshot.flow["randomized"]
    try:
        content = gather(
            plan,
            data,
            _provenance(snapshot, label, at),
            flow=_flow(snapshot, plan, data),
            left={row["participant"]: row["left"] for row in people if row["left"]},
            title=study.protocol.study.title,
            watermark=WATERMARK if rehearsal else None,
            notice=NOTICES.get(study.protocol.study.kind),
        )
    except DataError as error:
        raise NotAnalysable(f"The plan cannot be run on these data: {error}.") from None
    done = AnalysisRun.objects.create(
        snapshot=snapshot,
        label=label,
        results=[asdict(result) for result in content.results.results],
        summary=primary_line(plan, content.results),
        at=at,
        by=by.actor_name,
    )
    _keep(done, study, data, files(content))
    return done


def _flow(snapshot: Snapshot, plan: Plan, data: pd.DataFrame) -> FlowCounts:
    facts = snapshot.flow
    people = facts["randomized"]
    return flows.from_data(
        plan,
        data,
        assessed=facts["assessed"],
        excluded=facts["excluded"],
        critical=facts["critical"],
        not_received={row["participant"]: "Did not open the report" for row in people if not row["received"]},
        withdrawn={row["participant"]: row["withdrawn"] for row in people if row["withdrawn"]},
    )


def _provenance(snapshot: Snapshot, label: AnalysisRun.Label, at: datetime) -> Provenance:
    study = snapshot.study
    return Provenance(
        plan=f"the protocol {study.code}",
        plan_sha256=study.protocol_sha256,
        data=f"snapshot {snapshot.name}",
        data_sha256=snapshot.sha256,
        label=label.value,
        software={"Python": platform.python_version()} | {name: metadata.version(name) for name in LIBRARIES},
        created=today(study, at).isoformat(),
    )


def _keep(run: AnalysisRun, study: Study, data: pd.DataFrame, made: Mapping[str, bytes]) -> None:
    """The run's files, and beside them the data that it used, with their codebook."""
    beside = {"dataset.csv": dataset.csv(data), "codebook.csv": dataset.codebook(study, extra=[ARM])}
    AnalysisFile.objects.bulk_create(
        AnalysisFile(run=run, name=name, content=content)
        for name, content in sorted({**made, **beside}.items())
    )
