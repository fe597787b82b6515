"""In which role somebody acts."""

from __future__ import annotations

from trial.models import Member, Membership
from trial.refusals import InvalidInput, NotFound, NotPermitted


def of(member: Member, study: str | None) -> Membership:
    """The member's role in the study of this code; without a code, in the only study they work in."""
    mine = member.memberships.select_related("member", "study", "site")
    if study is not None:
        found = mine.filter(study__code=study).first()
        if found is None:
            raise NotFound
        return found
    several = list(mine[:2])
    if not several:
        raise NotPermitted("You do not take part in any study.")
    if len(several) > 1:
        raise InvalidInput("study", "you work in several studies; please name one")
    return several[0]
