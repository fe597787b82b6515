"""Who may do what: permissions, the roles that hold them, and the one question `require`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from trial.models.member import Membership, Role
from trial.models.study import Site, Study
from trial.refusals import NotPermitted


class Permission(StrEnum):
    """One thing that somebody may do; each service asks for exactly one."""

    SEE_PARTICIPANTS = "see participants and their visits"
    SCREEN = "screen a person and record eligibility"
    CONSENT = "record consent and withdrawal"
    RANDOMIZE = "randomize"
    SEND_LINK = "send a participant their link"
    WRITE_REPORT = "write the versions of a report"
    CERTIFY_REPORT = "certify versions and check for critical findings"
    SEAL = "seal the allocation"
    GIVE_SHARE = "give a share of the allocation's secret"
    UNBLIND_ONE = "unblind one participant in an emergency"
    CLOSE_GAP = "go on after records were lost"
    RECORD_DEVIATION = "record an error after the randomization"
    LOCK = "lock the study"
    UNBLIND = "unblind a locked study"
    SNAPSHOT = "take a snapshot"
    ANALYSE = "rehearse blind, and analyse after the unblinding"
    SEE_RESULTS = "see results after the unblinding"
    READ_TRAIL = "read the audit trail"
    SEE_PROGRESS = "see the progress of the study"


# A sentence for the person who grants the role, and what it may do. No role holds both a recruiting and an
# unblinding permission (ICH E6(R3) 4.3.8); a test keeps that.
ROLES: Mapping[Role, tuple[str, frozenset[Permission]]] = {
    Role.COORDINATOR: (
        "Screens, consents, randomizes and follows up at one site. Never learns an arm.",
        frozenset(
            {
                Permission.SEE_PARTICIPANTS,
                Permission.SCREEN,
                Permission.CONSENT,
                Permission.RANDOMIZE,
                Permission.SEND_LINK,
                Permission.RECORD_DEVIATION,
                Permission.SEE_PROGRESS,
            }
        ),
    ),
    Role.AUTHOR: (
        "Writes every version of a participant's report, before the allocation.",
        frozenset({Permission.WRITE_REPORT}),
    ),
    Role.CERTIFIER: (
        "A radiologist: checks for critical findings and certifies every version.",
        frozenset({Permission.CERTIFY_REPORT}),
    ),
    Role.STATISTICIAN: (
        "Takes snapshots, rehearses blind, analyses after the unblinding.",
        frozenset(
            {
                Permission.GIVE_SHARE,
                Permission.SNAPSHOT,
                Permission.ANALYSE,
                Permission.SEE_RESULTS,
                Permission.SEE_PROGRESS,
            }
        ),
    ),
    Role.CUSTODIAN: (
        "Seals the allocation, and opens it after the lock, or for one participant in an emergency.",
        frozenset({Permission.SEAL, Permission.UNBLIND, Permission.UNBLIND_ONE, Permission.CLOSE_GAP}),
    ),
    Role.MONITOR: (
        "Oversees progress and reads the audit trail, which never tells an arm.",
        frozenset({Permission.SEE_PARTICIPANTS, Permission.READ_TRAIL, Permission.SEE_PROGRESS}),
    ),
    Role.INVESTIGATOR: (
        "Leads the study: oversees it, locks it, sees the results when all do.",
        frozenset(
            {
                Permission.SEE_PARTICIPANTS,
                Permission.READ_TRAIL,
                Permission.SEE_PROGRESS,
                Permission.LOCK,
                Permission.CLOSE_GAP,
                Permission.SEE_RESULTS,
            }
        ),
    ),
}


class Actor(Protocol):
    """Whoever acts in a study: a member in a role, a participant, or an operator at the command line."""

    @property
    def study(self) -> Study: ...

    @property
    def actor_name(self) -> str: ...

    @property
    def actor_role(self) -> str: ...


def allows(by: Membership, permission: Permission, *, site: Site | None = None) -> bool:
    """Whether this role has the permission, at this site if one is named."""
    if not by.member.is_active or permission not in ROLES[Role(by.role)][1]:
        return False
    return site is None or by.site_id is None or by.site_id == site.pk


def require(
    by: Membership, permission: Permission, *, study: Study | None = None, site: Site | None = None
) -> None:
    """Refuse unless `by` has the permission in this study, and at this site if one is named."""
    wanted = site.study_id if site is not None else study.pk if study is not None else by.study_id
    if by.study_id != wanted:
        raise NotPermitted("You do not take part in this study.")
    if not allows(by, permission):
        raise NotPermitted(f"The role {by.get_role_display().lower()} may not {permission.value}.")
    if not allows(by, permission, site=site):
        raise NotPermitted("This participant belongs to another site.")
