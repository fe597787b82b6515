"""Who may call an operation, as its description says it.

The settings name `Described`, so this module imports none of the API.
"""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

Ways = list[dict[str, list[str]]]


class Described(AutoSchema):
    """Every operation knows all kinds of callers, to refuse the wrong ones; here are the right ones."""

    def get_auth(self) -> Ways:
        known: Ways = super().get_auth()
        callers: frozenset[str] = getattr(self.view, "callers", frozenset())
        return [way for way in known if callers.issuperset(way)]


def _header(description: str) -> dict[str, str]:
    return {"type": "apiKey", "in": "header", "name": "Authorization", "description": description}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular is untyped there
    target_class = "trial.api.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return _header("`Token <value>`, from `manage.py api_token`")


class ParticipantScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # ... and here
    target_class = "trial.api.tokens.ParticipantAuthentication"
    name = "participant"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return _header("`Participant <value>`, from `POST /api/participant/session/`")
