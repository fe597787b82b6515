"""Participants, as the study team sees them: enrol, look up, record consent, randomize. Never an arm."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from trial import failpoints
from trial.api.described import FAULTS, REFUSED, REUSED
from trial.api.operation import StaffOperation, Strict, TrueOrFalse
from trial.models import Membership, Participant, Sex
from trial.permissions import Permission, require
from trial.refusals import InvalidInput, NotFound
from trial.selectors import participant as participants
from trial.services import allocation, consent, screening

LONGEST_KEY = 100


class Summary(serializers.Serializer[Participant]):
    """Where a participant stands; each date is null until it has happened."""

    id = serializers.UUIDField(source="public_id")
    code = serializers.CharField()
    site = serializers.CharField(source="site.code")
    eligible = serializers.BooleanField()
    screened_at = serializers.DateTimeField()
    declined_at = serializers.DateTimeField(source="decline.at", default=None)
    consented_at = serializers.DateTimeField(source="consent.at", default=None)
    randomized_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(source="withdrawal.at", default=None)


class Detail(Summary):
    """... and what stands in the way of randomization, in the order in which it is to be done."""

    obstacles = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_obstacles(self, participant: Participant) -> list[str]:
        if participant.randomized_at is not None:
            return []
        return [str(refusal) for refusal in participants.obstacles(participant)]


class ParticipantOperation(StaffOperation):
    """An operation on one participant: of the caller's study, or there is no such thing."""

    def find(self, public_id: UUID) -> tuple[Participant, Membership]:
        found = Participant.objects.select_related("study", "site").filter(public_id=public_id).first()
        if found is None:
            raise NotFound
        return found, self.by(found.study.code)


class Participants(StaffOperation):
    """The participants that the caller may see, and enrolling one more."""

    class Query(StaffOperation.Query):
        after = serializers.CharField(
            required=False, max_length=20, help_text="Go on after the participant of this code"
        )
        limit = serializers.IntegerField(default=50, min_value=1, max_value=200, help_text="How many at most")

    @extend_schema_serializer(component_name="Enrolment")
    class Input(Strict):
        site = serializers.CharField(max_length=8, help_text="Code of the site")
        name = serializers.CharField(max_length=100)
        email = serializers.EmailField()
        birth_year = serializers.IntegerField(min_value=1900, max_value=2100)
        sex = serializers.ChoiceField(Sex.choices)
        answers = serializers.DictField(
            child=TrueOrFalse(), help_text="Each criterion of the protocol by its id: is it met?"
        )
        other_person = TrueOrFalse(
            default=False,
            help_text="It is another person than a participant of the same name and year of birth",
        )

    @extend_schema_serializer(component_name="Participants")
    class Output(serializers.Serializer[object]):
        results = Summary(many=True)
        next = serializers.CharField(allow_null=True, help_text="`after` of the next page")

    @extend_schema(operation_id="participants_list", parameters=[Query], responses={200: Output, **FAULTS})
    def get(self, request: Request) -> Response:
        """List participants by their codes."""
        by = self.by()
        require(by, Permission.SEE_PARTICIPANTS)
        limit = self.query["limit"]
        page = list(participants.seen_by(by, after=self.query.get("after", ""))[: limit + 1])
        last = page[limit - 1].code if len(page) > limit else None
        return Response(self.Output({"results": page[:limit], "next": last}).data)

    @extend_schema(parameters=[StaffOperation.Query], request=Input, responses={201: Detail, **REFUSED})
    def post(self, request: Request) -> Response:
        """Enrol: enter a person who was screened, with the answer to each criterion."""
        asked = self.asked(self.Input)
        by = self.by()
        site = by.study.sites.filter(code=asked.pop("site")).first()
        if site is None:
            raise InvalidInput("site", "this study has no such site")
        participant = screening.screen(site=site, by=by, at=timezone.now(), **asked)
        return Response(Detail(participant).data, status=status.HTTP_201_CREATED)


class OneParticipant(ParticipantOperation):
    @extend_schema(parameters=[StaffOperation.Query], responses={200: Detail, **FAULTS})
    def get(self, request: Request, public_id: UUID) -> Response:
        """Where one participant stands, and what is still to be done."""
        participant, by = self.find(public_id)
        require(by, Permission.SEE_PARTICIPANTS, site=participant.site)
        return Response(Detail(participant).data)


class RecordConsent(ParticipantOperation):
    @extend_schema_serializer(component_name="ConsentGiven")
    class Input(Strict):
        version = serializers.CharField(max_length=20, help_text="The version of the form that was signed")

    @extend_schema(parameters=[StaffOperation.Query], request=Input, responses={201: Detail, **REFUSED})
    def post(self, request: Request, public_id: UUID) -> Response:
        """Record that the participant has signed the consent form."""
        asked = self.asked(self.Input)
        participant, by = self.find(public_id)
        consent.record(participant=participant, version=asked["version"], by=by, at=timezone.now())
        participant.refresh_from_db()
        return Response(Detail(participant).data, status=status.HTTP_201_CREATED)


class Randomize(ParticipantOperation):
    class Input(Strict):
        """Nothing is asked."""

    @extend_schema_serializer(component_name="Receipt")
    class Output(serializers.Serializer[allocation.Receipt]):
        participant = serializers.CharField(help_text="The participant's code")
        randomized_at = serializers.DateTimeField()
        leaf = serializers.CharField(help_text="Salted hash of what was allocated; it does not tell what")
        entry_number = serializers.IntegerField(help_text="Number of the entry in the study's ledger")
        entry = serializers.CharField(help_text="The hash of that entry: keep it")
        signature = serializers.CharField(
            help_text="Ed25519, base64, of `participant leaf entry_number entry` with single spaces"
        )

    @extend_schema(
        parameters=[
            StaffOperation.Query,
            OpenApiParameter(
                "Idempotency-Key",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                required=True,
                description=f"1 to {LONGEST_KEY} printable ASCII characters, new for each participant. "
                "The same key again gives the same receipt, and no second allocation.",
            ),
        ],
        request=None,
        responses={201: Output, 200: Output, **REUSED},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Randomize. 201 with a receipt; 200 and `Idempotency-Replayed: true` when the key came before."""
        self.asked(self.Input)
        participant, by = self.find(public_id)
        receipt = allocation.randomize(
            participant=participant,
            by=by,
            at=timezone.now(),
            key=_key(request.headers.get("Idempotency-Key")),
        )
        body = self.Output(receipt).data
        failpoints.reach("after-response-built")
        if receipt.replayed:
            return Response(body, headers={"Idempotency-Replayed": "true"})
        return Response(body, status=status.HTTP_201_CREATED)


def _key(given: str | None) -> str:
    if given is None or not given.strip():
        raise InvalidInput("Idempotency-Key", "this header is required")
    if len(given) > LONGEST_KEY or not given.isascii() or not given.isprintable():
        raise InvalidInput("Idempotency-Key", f"must be 1 to {LONGEST_KEY} printable ASCII characters")
    return given
