"""How the API describes itself: the one form of an error, and the two pages."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

# Both pages draw themselves with style elements made by their scripts; nothing else is relaxed.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; worker-src blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class Fault(serializers.Serializer[object]):
    """An error, as RFC 9457 has it."""

    type = serializers.CharField(help_text="`about:blank`, or which refusal it is")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="One sentence for a person")
    field = serializers.CharField(required=False, help_text="Which field of the request cannot be accepted")


def _fault(description: str) -> OpenApiResponse:
    return OpenApiResponse(Fault, description=description)


FAULTS = {
    (400, "application/problem+json"): _fault("The request cannot be accepted; `field` says where"),
    (401, "application/problem+json"): _fault("Who calls?"),
    (403, "application/problem+json"): _fault("The caller's role or site does not allow it"),
    (404, "application/problem+json"): _fault("There is no such thing, or none that the caller may know of"),
}
REFUSED = {
    **FAULTS,
    (409, "application/problem+json"): _fault(
        "Not now: `detail` says what stands in the way; nothing changed"
    ),
}
REUSED = {
    **REFUSED,
    (422, "application/problem+json"): _fault("The key was used before for a different request"),
}


class Swagger(SpectacularSwaggerSplitView):
    http_method_names = ["get", "head"]  # what answers OPTIONS is no page, and its template has no name

    def finalize_response(
        self, request: Request, response: Response, *args: object, **kwargs: object
    ) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return super().finalize_response(request, response, *args, **kwargs)


class Redoc(SpectacularRedocView):
    http_method_names = ["get", "head"]
    template_name = "api/redoc.html"  # without the fonts that the original fetches from elsewhere

    def finalize_response(
        self, request: Request, response: Response, *args: object, **kwargs: object
    ) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return super().finalize_response(request, response, *args, **kwargs)
