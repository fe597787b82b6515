"""The walk through the platform: every address, link and form, by every method, as everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from tests.blinding.routes import addresses, first_addresses
from tests.blinding.story import Story
from tests.blinding.visitors import Answer, Visitor

EACH_STEP = ("certified", "unread", "reader")
BOTH_ARMS = ("unread", "reader")
TRIED_ON = "reader"
MOST_LINKS = 600  # of one visitor; more would be a circle
SLOW = "/rehearse/"  # whatever is sent there it works for seconds, so it is sent one thing
SEARCHED = "01-001"  # what is typed into a search

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
Request = tuple[str, bytes, str]  # method, content, type
# An empty form and a wrong one, from everybody; other methods, and what is no form, from some and to the API.
FORMS: Sequence[Request] = (
    ("POST", b"", FORM),
    ("POST", b"arm=A&wording=A&version=A&reason=A&text=A&token=A", FORM),
)
METHODS: Sequence[Request] = (
    ("HEAD", b"", FORM),
    ("OPTIONS", b"", FORM),
    ("PUT", b"{}", JSON),
)
BODIES: Sequence[Request] = (
    ("POST", b'{"arm": "A", "wording": ["A"], "answers": {}, "token": "A"}', JSON),
    ("POST", b'{"arm": ', JSON),
    ("DELETE", b"", FORM),
)
THOROUGH = ("nobody", "ann", "reader", "ann with a phone")


def look(visitors: Sequence[Visitor], story: Story) -> list[Answer]:
    """Everything that each visitor can look at, and wherever that leads."""
    start = addresses(story, [story.people[name] for name in EACH_STEP])
    return [answer for visitor in visitors for answer in _look(visitor, start)]


def glance(visitors: Sequence[Visitor], story: Story) -> list[Answer]:
    """Every address, and no further."""
    start = addresses(story, [story.people[name] for name in BOTH_ARMS])
    return [visitor.ask("GET", each) for visitor in visitors for each in start if visitor.may_ask(each)]


def attempt(visitors: Sequence[Visitor], story: Story) -> list[Answer]:
    """Everything else that each visitor can send."""
    return [
        visitor.ask(method, address, content, kind)
        for visitor in visitors
        for address in first_addresses(story, story.people[TRIED_ON])
        if visitor.may_ask(address)
        for method, content, kind in _otherwise(visitor, address)
        if not (content and address.endswith(SLOW))
    ]


def _otherwise(visitor: Visitor, address: str) -> Sequence[Request]:
    if address.startswith("/api/"):
        return [*FORMS, *METHODS, *BODIES]
    return [*FORMS, *METHODS] if visitor.name in THOROUGH else FORMS


def _look(visitor: Visitor, start: Sequence[str]) -> Iterator[Answer]:
    waiting, seen = list(start), set(start)
    most = len(waiting) + MOST_LINKS
    while waiting:
        address = waiting.pop(0)
        if not visitor.may_ask(address):
            continue
        answer = visitor.ask("GET", address)
        yield answer
        found = [link for link in _links(answer) if link not in seen]
        waiting += found
        seen.update(found)
        assert len(seen) < most, f"{visitor.name} finds no end of links, the last is {address}"


def _links(answer: Answer) -> list[str]:
    """Where the answer leads: redirects, links, pictures, and what its forms would ask with a GET."""
    page = _Page()
    if b"Content-Type: text/html" in answer.head:
        page.feed(answer.body.decode())
    moved = [line[10:] for line in answer.head.decode().splitlines() if line.startswith("Location: ")]
    found = dict.fromkeys(urljoin(answer.address, link) for link in [*moved, *page.links, *page.asked()])
    return [link for link in found if _is_ours(link)]


def _is_ours(link: str) -> bool:
    return not urlsplit(link).netloc and link.startswith("/") and not link.startswith("/static/")


class _Page(HTMLParser):
    """The links of a page, and its forms that ask: each choice of a select once, each search once."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self.inside = False
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.links += [given[name].partition("#")[0] for name in ("href", "src") if name in given]
        if tag == "form":
            self.inside = given.get("method", "get").lower() == "get"
            self.forms.append((given.get("action", ""), []))
        elif tag == "select":
            self.select = given.get("name", "")
        elif self.inside and tag == "option":
            self.forms[-1][1].append((self.select, given.get("value", "")))
        elif self.inside and tag == "input" and given.get("type") == "search":
            self.forms[-1][1].append((given["name"], SEARCHED))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"

    def asked(self) -> list[str]:
        return [f"{action}?{urlencode([choice])}" for action, choices in self.forms for choice in choices]
