"""A real browser on a real server: Debian's Chromium, one context a person."""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests import cast
from trial.services import study as studies

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
WIDTHS = (390, 1280)


@pytest.fixture(scope="session")
def chromium():
    # Playwright keeps an event loop in this thread; the tests' own queries run between its steps.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def person(chromium):
    """A new browser for one person; what it fetched from elsewhere, and its page errors, are kept."""
    contexts = []

    def one(**options):
        context = chromium.new_context(**options)
        context.set_default_timeout(45_000)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.faults = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "console", lambda said: page.faults.append(said.text) if "Content Security" in said.text else None
        )
        return page

    yield one
    for context in contexts:
        context.close()


@pytest.fixture
def world(transactional_db, live_server, settings):
    """The example study on a live server; staff can sign in, links lead to this server."""
    settings.BASE_URL = live_server.url
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    study, _ = cast.sealed_study()
    for membership in study.memberships.select_related("member"):
        studies.set_password(member=membership.member, password=cast.PASSWORD)
    return study


@pytest.fixture
def look(request):
    """Look at a page as it is now, at both widths: no accessibility rule is broken, nothing sticks out."""
    folder = request.config.getoption("--screens")

    def at(page, name):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            found = Axe().run(page)
            assert found.violations_count == 0, f"{name} at {width}: {found.generate_report()}"
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} px wide in a window of {width}"
            if folder:
                Path(folder).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)

    return at
