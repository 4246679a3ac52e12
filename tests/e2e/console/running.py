"""The operators' data: mail that belongs to no test, and maintenance that is open, weekly and planned."""

from datetime import date, timedelta
from email.message import EmailMessage

from mxtrax.jobs import receive
from mxtrax.model import Scope, Window
from mxtrax.store import windows
from tests.e2e.console.host import Host

HOSTILE_MAIL = '<img src=x onerror="document.title=1">You have won'


def surround(host: Host, *, harmless: bool = False) -> None:
    """Let mails come that belong to no test, and plan maintenance."""
    prize = "You have won" if harmless else HOSTILE_MAIL
    arrive(host, prize, "prize@spam.example", "<b>Click here</b> <script>document.title='owned'</script>")
    arrive(host, "Lunch?", "bob@acme.example", "At noon?")
    today = date.fromisoformat(host.stage.iso()[:10])
    until = today if harmless else date(2190, 1, 1)
    for window in (
        Window(
            id="on-now",
            scope=Scope.CUSTOMER if harmless else Scope.ALL,
            target="lantern" if harmless else "",
            start=f"{today}T00:00",
            end=f"{until}T23:59",
            note="A long night",
        ),
        Window(
            id="weekly",
            scope=Scope.CUSTOMER,
            target="acme",
            start="2026-01-03T23:00",
            end="2026-01-04T01:00",
            zone="America/New_York",
            weekly=True,
            note="Patches" if harmless else "<b>Patches</b>",
        ),
        Window(
            id="to-come",
            scope=Scope.DOMAIN,
            target="mxtrax@meadow.example",
            start=f"{today + timedelta(days=3)}T20:00",
            end=f"{today + timedelta(days=5)}T04:00",
            zone="Europe/Berlin",
            note="Move to the new server",
        ),
    ):
        windows.save(window)


def arrive(host: Host, subject: str, sender: str, text: str) -> None:
    """Let a mail come that belongs to no test."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, "mxtrax@monitor.example.net", subject
    letter.set_content(text)
    stage = host.stage
    receive.run(stage.arrive(letter.as_bytes()), stage.clock(), stage.settings)
