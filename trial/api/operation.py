"""What all operations have in common: who may call them, and that nothing unknown is silently ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from trial.api.tokens import ParticipantAuthentication, TokenAuthentication
from trial.models import Member, Membership, Participant
from trial.refusals import NotFound
from trial.selectors import membership

LONGEST_BODY = 64 * 1024  # bytes; the longest honest request has a tenth of it


class Strict(serializers.Serializer[object]):
    """Input whose unknown fields are refused by name, so that no oracle and no typing error goes unseen."""

    def to_internal_value(self, data: object) -> dict[str, object]:
        if isinstance(data, Mapping) and (
            unknown := sorted(str(key) for key in set(data) - set(self.fields))
        ):
            raise serializers.ValidationError({unknown[0][:40]: ["there is no such field"]})
        return dict(super().to_internal_value(data))


class TrueOrFalse(serializers.BooleanField):
    """JSON's true or false, and none of the words that a form might send instead."""

    def to_internal_value(self, data: object) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError("Must be true or false.")
        return data


class ShortJSON(JSONParser):
    """JSON of at most `LONGEST_BODY` bytes, in UTF-8, without NaN."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:  # as the REST framework declares it
        length = int((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0)
        if length > LONGEST_BODY:
            raise ParseError(f"The body is longer than {LONGEST_BODY} bytes.")
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("The body is nested too deeply.") from None


class ForStaff(BasePermission):
    message = "This is for the study team."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, Member)


class ForParticipants(BasePermission):
    """Not even the study team answers for a participant (ICH E6(R3) 3.16)."""

    message = "This is for participants alone."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Participant)


class NotForStaff(BasePermission):
    message = "This is for participants alone."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return not isinstance(request.user, Member)


class Operation(APIView):
    """A view that reads its query through its own `Query`, and refuses any parameter that is not in it."""

    authentication_classes = [TokenAuthentication, ParticipantAuthentication, SessionAuthentication]
    parser_classes = [ShortJSON]

    class Query(Strict):
        """No parameters."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        self.query = _valid(self.Query(data=request.query_params.dict()))

    def asked(self, form: type[Strict]) -> dict[str, Any]:
        """The request's body as the form understands it (each value of the type of its field)."""
        return _valid(form(data=self.request.data))


def _valid(given: Strict) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class StaffOperation(Operation):
    """An operation of the study team; each acts in one membership."""

    permission_classes = [ForStaff]
    callers = frozenset({"token", "cookieAuth"})

    class Query(Strict):
        study = serializers.CharField(
            required=False, max_length=32, help_text="Code of the study; needed by who works in several"
        )

    def by(self, study: str | None = None) -> Membership:
        """The membership in which the caller acts in this study, or in the one that the query names."""
        wanted = study or self.query.get("study")
        acting = self.request.auth
        if isinstance(acting, Membership):
            if wanted not in {None, acting.study.code}:
                raise NotFound
            return acting
        assert isinstance(self.request.user, Member)  # ForStaff has seen to it
        return membership.of(self.request.user, wanted)


class ParticipantOperation(Operation):
    """An operation of the participant, whose identity comes from the session alone (T33)."""

    permission_classes = [ForParticipants]
    callers = frozenset({"participant"})

    def participant(self) -> Participant:
        assert isinstance(self.request.auth, Participant)  # ForParticipants has seen to it
        return self.request.auth


@extend_schema(exclude=True)
class Nothing(Operation):
    """The answer to every other address."""

    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise NotFound
