"""A customer's status for people who do not sign in, as a web page (page.html).

It loads nothing; its one style sheet, and the script that puts times in the reader's zone, are named by their hashes in the
policy that comes with it. Without that script they stand in UTC. A status is shown by shape, word and colour.
"""

import base64
import hashlib
from functools import cache
from typing import Final

from mxtrax.model import Branding
from mxtrax.web.status.facts import WORDS, Status
from mxtrax.web.status.templates import HERE, render

_STYLE: Final = "page.css"
_SCRIPT: Final = "page.js"

DATA: Final = "data:image/png;base64"
"""What the URL of the logo begins with: it comes with the page, which loads nothing."""


def page(it: Status, token: str) -> str:
    """Set the status of a customer as a page."""
    return render("page.html", it=it, token=token, words=WORDS, **around(it.by))


@cache
def void() -> str:
    """Set the page that is shown where no link leads, whether it was ended or never was."""
    return render("void.html", **inlined(_STYLE, _SCRIPT))


def around(by: Branding) -> dict[str, object]:
    """Give what every public page has: its style, its script, and the operator's logo."""
    return {**inlined(_STYLE, _SCRIPT), "logo": f"{DATA},{by.logo}"}


def inlined(style: str, script: str) -> dict[str, object]:
    """Give the style and the script that a page bears in itself."""
    from markupsafe import Markup  # noqa: PLC0415 -- comes with the templates, on a worker's first call

    return {"style": Markup(_own(style)), "script": Markup(_own(script))}  # noqa: S704 -- our own files


def policy() -> str:
    """Say what a browser may do with the page: show it in its own style, with the operator's logo, and nothing else."""
    return policy_of(_STYLE, _SCRIPT, "img-src data:")


@cache
def policy_of(style: str, script: str, more: str) -> str:
    """Say what a browser may do with a page: show it in its own style, run its own script, one thing more, and no other."""
    own = f"style-src '{digest_of(_own(style))}'; script-src '{digest_of(_own(script))}'"
    return f"default-src 'none'; {own}; {more}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def digest_of(text: str) -> str:
    """Give what a policy names a style or a script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _own(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
