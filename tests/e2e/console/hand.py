"""A hand on mouse and keys that counts its actions. Typing into a field counts as one."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page


@dataclass
class Hand:
    """A hand on mouse and keys that counts its actions."""

    page: Page
    did: int = 0

    def press(self, what: Locator) -> None:
        """Press something."""
        self.did += 1
        what.click()

    def type(self, field: Locator, text: str) -> None:
        """Type into a field."""
        self.did += 1
        field.fill(text)

    def choose(self, field: Locator, word: str) -> None:
        """Choose from a list."""
        self.did += 1
        field.select_option(word)

    def go(self, name: str) -> None:
        """Press an entry of the menu."""
        self.press(self.page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True))

    def answer(self, name: str) -> None:
        """Press a button of the open dialog."""
        self.press(self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True))


def fill(form: Page | Locator, fields: Mapping[str, str], press: str) -> None:
    """Type into the fields of a form, by their labels, and press one of its buttons."""
    for label, text in fields.items():
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name=press).click()
