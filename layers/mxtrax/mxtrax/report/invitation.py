"""The invitation of somebody who signs in with their company's identity provider: there is no password in it."""

from html import escape
from typing import Final

from mxtrax.report.mail import Mail
from mxtrax.report.words import clean

_SUBJECT: Final = "You have been invited to MXTRAX"


def invitation(address: str, provider: str, console: str) -> Mail:
    """Write to somebody who was invited. `provider` is the name of what they sign in with, `console` its address."""
    lines = (
        "You have been invited to MXTRAX, which watches whether mail arrives.",
        f'Open {console}/ and choose "Sign in with {clean(provider)}". Use the account of {clean(address)}.',
        "There is no password to remember. The person who invited you has decided what you may see and change.",
    )
    html = _HTML.format(subject=_SUBJECT, body="\n".join(f"<p>{escape(line)}</p>" for line in lines))
    return Mail(subject=_SUBJECT, text="\n\n".join(lines) + "\n", html=html)


_HTML: Final = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:20px">
{body}
</body>
</html>
"""
