"""What every page of the staff has in common: sign-in, the role, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from trial.models import Member, Membership
from trial.permissions import Permission, allows
from trial.refusals import InvalidInput, NotPermitted, Refusal
from trial.selectors import membership
from trial.web.pages import page

P = ParamSpec("P")

# The navigation: what a page is called, its address's name, and the permission that leads there.
NAVIGATION: tuple[tuple[str, str, Permission], ...] = (
    ("Participants", "participants", Permission.SEE_PARTICIPANTS),
    ("Screen a person", "screen", Permission.SCREEN),
    ("Reports", "reports", Permission.WRITE_REPORT),
    ("Checks", "checks", Permission.CERTIFY_REPORT),
    ("Allocation", "custody", Permission.SEAL),
    ("Share", "share", Permission.GIVE_SHARE),
    ("Snapshots", "snapshots", Permission.SNAPSHOT),
    ("Results", "results", Permission.SEE_RESULTS),
    ("Progress", "progress", Permission.SEE_PROGRESS),
    ("Audit trail", "trail", Permission.READ_TRAIL),
    ("Lock", "lock", Permission.LOCK),
)


def staff(
    view: Callable[Concatenate[HttpRequest, Membership, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page of a study, for its members: `by` is who acts. What is refused is told in a sentence.

    Times are shown and read in the study's time zone.
    """

    @login_required
    @wraps(view)
    def door(request: HttpRequest, study: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        assert isinstance(request.user, Member)  # login_required has seen to it
        try:
            by = membership.of(request.user, study)
        except Refusal as refusal:
            return page(request, "staff/refused.html", None, status=refusal.status, refusal=refusal)
        with timezone.override(ZoneInfo(by.study.protocol.study.timezone)):
            try:
                return view(request, by, *args, **kwargs)
            except Refusal as refusal:
                return show(request, by, "staff/refused.html", status=refusal.status, refusal=refusal)

    return door


def show(
    request: HttpRequest, by: Membership, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page with the navigation of the member's role. (A template takes any value.)"""
    links = [(label, name) for label, name, permission in NAVIGATION if allows(by, permission)]
    return page(request, template, by.study, status=status, by=by, links=links, **context)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the values that were sent, or nothing."""
    return request.POST if request.method == "POST" else None


def handle(
    request: HttpRequest,
    form: Form,
    act: Callable[[Mapping[str, Any]], HttpResponse],
    page: Callable[[int], HttpResponse],
) -> HttpResponse:
    """On a POST what `act` answers to the form's values; else `page` with a status.

    `page` asks for the permission to see it. The act asks for its own, so that an attempt is recorded.
    (A form's values are of any type.)
    """
    if request.method != "POST":
        return page(200)
    answer = _attempt(form, act)
    return answer if isinstance(answer, HttpResponse) else page(answer)


def _attempt(form: Form, act: Callable[[Mapping[str, Any]], HttpResponse]) -> HttpResponse | int:
    """What the act answers, or the status of the page that shows the form again."""
    if not form.is_valid():
        return InvalidInput.status
    try:
        return act(form.cleaned_data)
    except NotPermitted:
        raise  # no other value of the form would help
    except Refusal as refusal:
        _complain(form, refusal)
        return refusal.status


def _complain(form: Form, refusal: Refusal) -> None:
    shown = {field.name for field in form.visible_fields()}
    if isinstance(refusal, InvalidInput) and refusal.field in shown:
        form.add_error(refusal.field, f"{refusal.reason[:1].upper()}{refusal.reason[1:]}.")
    else:
        form.add_error(None, str(refusal))


def asked(request: HttpRequest, known: Mapping[str, Collection[str] | None]) -> dict[str, str]:
    """The query's parameters, from an allow-list with the values that each may have (None: any).

    Whatever is not on the list is refused, not ignored: it could be a question about the arm (T2).
    """
    for name, values in request.GET.lists():
        allowed = known.get(name, ())
        if len(values) > 1 or (allowed is not None and values[0] not in {"", *allowed}):
            raise InvalidInput(name[:40], "this page has no such choice")
    return {name: request.GET.get(name, "").strip() for name in known}
