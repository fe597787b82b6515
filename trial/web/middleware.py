"""What every response tells the browser: nothing is stored, nothing is fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


RETRY_AFTER = "5"  # seconds


class PrivateResponses:
    """Private by default: no cache keeps a page, no validator tells two pages apart (T8, T23, T25).

    Whatever is not available at the moment says when to try again (T68). Static files are served before this
    middleware and keep their own headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        for validator in ("ETag", "Last-Modified"):
            if validator in response.headers:
                del response.headers[validator]
        if response.status_code == 503:
            response.headers.setdefault("Retry-After", RETRY_AFTER)
        return response
