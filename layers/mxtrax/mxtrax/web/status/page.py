"""A customer's status for people who do not sign in, as a web page (page.html).

It has no script and loads nothing; its one style sheet is named by its hash in the policy that comes with it. A status is
shown by shape, word and colour.
"""

import base64
import hashlib
from functools import cache

from mxtrax.web.status.facts import WORDS, Status
from mxtrax.web.status.templates import HERE, render


def page(it: Status) -> str:
    """Set the status of a customer as a page."""
    from markupsafe import Markup  # noqa: PLC0415 -- comes with the templates, on a worker's first call

    return render("page.html", it=it, words=WORDS, style=Markup(_style()))  # noqa: S704 -- our own file


@cache
def policy() -> str:
    """Say what a browser may do with the page: show it in its own style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


@cache
def _style() -> str:
    return (HERE / "page.css").read_text(encoding="utf-8")
