"""What the platform refuses, each as a fact with a sentence that a coordinator understands."""

from __future__ import annotations


class Refusal(Exception):
    """An act that is not allowed now; nothing was changed. `str()` is the sentence to show."""

    status = 409
    sentence = "This cannot be done now."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)


class NotPermitted(Refusal):
    """The person's role or site does not allow it."""

    status = 403
    sentence = "Your role does not allow this."


class InvalidInput(Refusal):
    """A value that was given cannot be accepted; `field` names it."""

    status = 400

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}")


class NotFound(Refusal):
    """There is no such thing, or none that this person may know of."""

    status = 404
    sentence = "There is no such thing here."


class NotEligible(Refusal):
    sentence = "This person does not meet the eligibility criteria."


class NotChecked(Refusal):
    sentence = "A radiologist has not yet checked the MRI for critical findings."


class CriticalFindingOpen(Refusal):
    sentence = "A critical finding has not yet been confirmed as received by the treating clinician."


class RoutedToCare(Refusal):
    sentence = "A critical finding was routed to clinical care, so this person does not take part."


class AlreadyDone(Refusal):
    sentence = "This was done before; it cannot be done twice."


class NotConsented(Refusal):
    sentence = "No consent is recorded."


class HasWithdrawn(Refusal):
    sentence = "This participant has withdrawn."


class BaselineIncomplete(Refusal):
    sentence = "The baseline questionnaires are not complete."


class NotCertified(Refusal):
    sentence = "Not every version of the report is certified."


class VersionLocked(Refusal):
    sentence = "This version is certified and locked; its text cannot change."


class AlreadyRandomized(Refusal):
    sentence = "This participant is already randomized. A second allocation is never made."


class NotSealed(Refusal):
    sentence = "The custodian has not yet sealed the allocation."


class AlreadySealed(Refusal):
    sentence = "The allocation is sealed; it cannot be sealed again."


class NotRandomized(Refusal):
    sentence = "This participant is not randomized yet."


class KnownPerson(Refusal):
    """Somebody of this name and year of birth is randomized already: nobody gets a second slot."""

    sentence = "This person is already randomized."


class ShareNotPromised(Refusal):
    sentence = "This party has not yet promised its share of the secret."


class SharesMissing(Refusal):
    sentence = "The allocation is sealed when both parties have given their shares of the secret."


class NotVerifiable(Refusal):
    """The records do not bear out the allocation."""

    sentence = "The allocation does not verify."


class BehindCheckpoint(Refusal):
    """The ledger is not the one that was witnessed outside: an old backup, or somebody rewrote it."""

    status = 503
    sentence = (
        "Nobody can be randomized: the records do not go on from what was witnessed outside. "
        "Please tell the custodian."
    )


class NoGap(Refusal):
    sentence = "The records go on from what was witnessed outside; nothing was lost."


class SecondPerson(Refusal):
    """What one person has declared, another confirms."""

    sentence = "Another person has to confirm this."


class Unwitnessed(Refusal):
    """Too many entries have no witness outside."""

    status = 503
    sentence = (
        "Nobody can be randomized at the moment: the checkpoints cannot be kept. Please tell the operator."
    )


class KeyReused(Refusal):
    """An idempotency key came a second time with another request."""

    status = 422
    sentence = "This request key was used before for a different request."


class StudyLocked(Refusal):
    sentence = "The study is locked; its data no longer change."


class NotLocked(Refusal):
    sentence = "The study is not locked yet."


class StillBlind(Refusal):
    sentence = "The study is still blind."


class AlreadyUnblinded(Refusal):
    sentence = "The study is unblinded; a blind rehearsal is no longer possible."


class NotAnalysable(Refusal):
    sentence = "The plan cannot be run on these data."


class SnapshotNotFinal(Refusal):
    sentence = "The locked data differ from this snapshot; please take one of the locked data."


class NotOpen(Refusal):
    sentence = "These questions are not open yet."


class AlreadySubmitted(Refusal):
    sentence = "These answers were sent before; they no longer change."


class LinkNotValid(Refusal):
    """The same for an unknown, expired or used-up link: it tells nothing about which."""

    status = 404
    sentence = "This link does not work."


class MailNotSent(Refusal):
    status = 503
    sentence = "The mail could not be sent. Please try again."


class TextAltered(Refusal):
    """The bytes of a certified text are not those that were certified."""

    status = 503
    sentence = "This page is not available at the moment. The study team has been told."
