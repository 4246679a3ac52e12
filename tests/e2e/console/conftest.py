"""Chromium with a stack that has a history."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from mxtrax.model import MailDomain, Millis
from mxtrax.store import customers
from tests.e2e.console import fleet
from tests.e2e.console.host import PASSWORD, Host, serving
from tests.stage import Stage, stage

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SERIOUS = {"serious", "critical"}

expect.set_options(timeout=15_000)  # anything slower, even on a busy machine, counts as missing

type SignedIn = Callable[..., Page]


def _now(_: Stage) -> Millis:
    return time.time_ns() // 1_000_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; without it, skip, except in CI, which must have it."""
    program = shutil.which("chromium")
    if program is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program or "chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Serve a fleet with every kind of domain, and a person of every role."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setattr(Stage, "clock", _now)
        with stage() as it:
            it.now = it.clock()
            added = fleet.people(it.now)
            with serving(it) as running:
                running.fleet.update({domain.domainname.removesuffix(".example"): domain for domain in added})
                running.pool.add("anna", "admin")
                running.pool.add("otto", "operator")
                running.pool.add("vera", "viewer")
                running.pool.add("carl", "viewer", "customer:acme")
                running.pool.add("nora", permanent=False)
                yield running


@pytest.fixture
def empty_host() -> Iterator[Host]:
    """Serve a stack without a fleet, whose clock is stopped until it is moved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        with stage() as it, serving(it) as running:
            running.pool.add("anna", "admin")
            yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a fresh browser. Any error in its console fails the test."""
    with browser.new_context(
        locale="en-GB", timezone_id="Europe/Berlin", viewport={"width": 1440, "height": 900}
    ) as it:
        complaints: list[str] = []

        def watch(page: Page) -> None:
            page.set_default_timeout(20_000)
            page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))

        it.on("page", watch)
        yield it
        expected = [line for line in complaints if "Failed to load resource" not in line]
        assert expected == []


@pytest.fixture(scope="module")
def sessions() -> dict[str, str]:
    """Keep the console's stored sessions, so that each person signs in only once."""
    return {}


@pytest.fixture
def signed_in(context: BrowserContext, host: Host, sessions: dict[str, str]) -> SignedIn:
    """Give a function that signs somebody in and goes to a page."""

    def sign_in(name: str = "anna", where: str = "#/domains") -> Page:
        page = context.new_page()
        if name in sessions:
            page.goto(f"{host.url}/console/nothing")
            page.evaluate("it => localStorage.setItem('mxtrax.session', it)", sessions[name])
        page.goto(f"{host.url}/{where}")
        if name not in sessions:
            enter(page, name)
        page.get_by_role("button", name="Sign out").wait_for()
        sessions[name] = page.evaluate("localStorage.getItem('mxtrax.session')")
        return page

    return sign_in


def enter(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in and send it."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def faults(page: Page) -> list[str]:
    """Give what axe-core finds serious in a page."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{it['id']}: {node['html'][:200]}"
        for it in found["violations"]
        if it["impact"] in SERIOUS
        for node in it["nodes"]
    ]


def screen(page: Page, scheme: str, width: int) -> None:
    """Show a page in light or in dark, as wide as a telephone or as a large screen."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})


def wide(page: Page) -> int:
    """Say how wide a page is, with what can only be seen by scrolling sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def domain(host: Host, name: str) -> MailDomain:
    """Find a domain of the fleet."""
    return host.fleet[name]


LINK = "p" * 32
"""The secret in the address of a customer's public page."""


def publish(host: Host, codename: str) -> None:
    """Give a customer a public page."""
    with host.lock:
        customer = customers.get(codename)
        assert customer
        customers.save(replace(customer, link=LINK))
