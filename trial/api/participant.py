"""The participant's own operations: a session, what is due, answering, sending in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from trial.api.described import FAULTS, REFUSED
from trial.api.operation import NotForStaff, Operation, ParticipantOperation, Strict
from trial.models import Assessment, Participant
from trial.selectors import answers as answered
from trial.selectors import visits
from trial.services import assessment, link, session

MOST_ANSWERS = 200  # in one request; no questionnaire has as many items


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string", "enum": ["declined", "skipped"]}]})
class Answer(serializers.Field[Any, Any, Any, Any]):  # the stubs want four types that this field has not
    """An integer, or why there is none. Which integers an item takes is the service's to say."""

    def to_internal_value(self, data: object) -> int | str:
        if data in ("declined", "skipped") or type(data) is int:
            return data
        raise serializers.ValidationError('Must be a whole number, or "declined" or "skipped".')


class Questionnaire(Strict):
    """Which questionnaire: a visit and an instrument of the protocol."""

    visit = serializers.CharField(max_length=8)
    instrument = serializers.CharField(max_length=8)


@extend_schema_serializer(component_name="Questionnaire")
class Kept(serializers.Serializer[Assessment]):
    """What is kept of a questionnaire now."""

    visit = serializers.CharField()
    instrument = serializers.CharField()
    version = serializers.CharField(source="instrument_version")
    submitted_at = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField()
    answers = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=Answer()))
    def get_answers(self, kept: Assessment) -> Mapping[str, int | str]:
        current = answered.current(kept)
        return {item: value if isinstance(value, int) else value.value for item, value in current.items()}


class Session(Operation):
    permission_classes = [NotForStaff]

    @extend_schema_serializer(component_name="Link")
    class Input(Strict):
        token = serializers.CharField(max_length=100, help_text="The last part of the participant's link")

    @extend_schema_serializer(component_name="Session")
    class Output(serializers.Serializer[object]):
        authorization = serializers.CharField(help_text="Send it as the Authorization header from now on")

    @extend_schema(request=Input, responses={200: Output, **FAULTS}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange the token of a link for a session. What is wrong with a token is never told."""
        participant = link.exchange(token=self.asked(self.Input)["token"], at=timezone.now())
        return Response(self.Output({"authorization": f"Participant {session.issue(participant)}"}).data)


class Visits(ParticipantOperation):
    @extend_schema_serializer(component_name="Visit")
    class Output(serializers.Serializer[object]):
        visit = serializers.CharField(source="visit.code")
        name = serializers.CharField(source="visit.label")
        state = serializers.ChoiceField([state.value for state in visits.State])
        opens = serializers.DateField(allow_null=True)
        due = serializers.DateField(allow_null=True)
        closes = serializers.DateField(allow_null=True)
        instruments = serializers.ListField(child=serializers.CharField(), source="visit.instruments")
        questionnaires = Kept(many=True, help_text="Those that were begun")

    @extend_schema(responses={200: Output(many=True), **FAULTS})
    def get(self, request: Request) -> Response:
        """Every visit of the study: when it is due, whether it is done, and the answers so far."""
        participant = self.participant()
        return Response(
            [self._row(participant, found) for found in visits.statuses(participant, timezone.now())]
        )

    def _row(self, participant: Participant, found: visits.VisitStatus) -> Mapping[str, object]:
        begun = participant.assessments.filter(visit=found.visit.code).order_by("pk")
        return self.Output({**_fields(found), "questionnaires": begun}).data


def _fields(found: visits.VisitStatus) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("visit", "state", "opens", "due", "closes")}


class Answers(ParticipantOperation):
    @extend_schema_serializer(component_name="Answers")
    class Input(Questionnaire):
        answers = serializers.DictField(
            child=Answer(), allow_empty=False, help_text="Item codes and what was answered"
        )

        def validate_answers(self, given: dict[str, int | str]) -> dict[str, int | str]:
            if len(given) > MOST_ANSWERS:
                raise serializers.ValidationError(f"At most {MOST_ANSWERS} answers at once.")
            return given

    @extend_schema(request=Input, responses={200: Kept, **REFUSED})
    def post(self, request: Request) -> Response:
        """Keep answers to some items; sent twice they count once, and earlier answers remain as history."""
        asked = self.asked(self.Input)
        kept = assessment.answer(
            visit=asked["visit"],
            instrument=asked["instrument"],
            given=asked["answers"],
            by=self.participant(),
            at=timezone.now(),
        )
        return Response(Kept(kept).data)


class Submissions(ParticipantOperation):
    @extend_schema_serializer(component_name="Submission")
    class Input(Questionnaire):
        pass

    @extend_schema(request=Input, responses={200: Kept, **REFUSED})
    def post(self, request: Request) -> Response:
        """Send a questionnaire in: from then on its answers do not change. Unanswered items are skipped."""
        asked = self.asked(self.Input)
        kept = assessment.submit(
            visit=asked["visit"], instrument=asked["instrument"], by=self.participant(), at=timezone.now()
        )
        return Response(Kept(kept).data)
