"""What is. The allocation models are registered here for Django and imported by name where needed."""

from trial.models.analysis import AnalysisFile, AnalysisRun, Snapshot
from trial.models.assessment import Assessment, Response
from trial.models.delivery import Delivery
from trial.models.deviation import Deviation, Unblinding
from trial.models.ledger import AuditEvent, IdempotencyKey, LedgerHead
from trial.models.link import ApiToken, Link
from trial.models.member import Member, Membership, Role
from trial.models.participant import (
    Consent,
    Decline,
    Identity,
    Participant,
    Screening,
    Sex,
    Withdrawal,
)
from trial.models.report import CriticalFinding, Finding, RedFlagCheck, Report, ReportVersion
from trial.models.study import Site, Study

__all__ = [
    "AnalysisFile",
    "AnalysisRun",
    "ApiToken",
    "Assessment",
    "AuditEvent",
    "Consent",
    "CriticalFinding",
    "Decline",
    "Delivery",
    "Deviation",
    "Finding",
    "IdempotencyKey",
    "Identity",
    "LedgerHead",
    "Link",
    "Member",
    "Membership",
    "Participant",
    "RedFlagCheck",
    "Report",
    "ReportVersion",
    "Response",
    "Role",
    "Screening",
    "Sex",
    "Site",
    "Snapshot",
    "Study",
    "Unblinding",
    "Withdrawal",
]
