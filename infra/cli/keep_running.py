"""Keep a world running, and show it."""

import shlex
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException
from rich.console import Console
from rich.live import Live

from infra.cli import live_table
from infra.cli.commands.run import STATE
from infra.cli.live_table import LiveTable
from infra.local import users
from infra.local.smtp import Place
from infra.local.trouble import Trouble
from infra.local.world import Plan, World, world
from mxtrax.model import Config
from mxtrax.store.config import load_config

_LOOK_SECONDS: Final = 2.0
# The schedules' first tick comes after a minute, and what it sends is folded by the second. To have something to show,
# the first round runs at once, and is folded when most tests are back, and again when the others are overdue.
_FOLDS: Final = (6.0, 12.0, 36.0, 42.0)

type Show = Callable[[LiveTable], None]


def watch(*, fresh: bool, csv: Path | None, relay: str, port: int, state: Path) -> None:
    """Run a world and show its fleet's status, until KeyboardInterrupt."""
    plan = Plan(folder=state.absolute(), port=port, fresh=fresh, relay=_place(relay) if relay else None, csv=csv)
    with world(plan, _say) as running:
        try:
            alerts = state / running.mailbox.relative_to(plan.folder) / "new"
            for line in _introduction(running, state, alerts):
                print(line, flush=True)
            with _screen(alerts) as show:
                _keep_going(running, show)
        except KeyboardInterrupt:
            _say("Stopping")


def _keep_going(running: World, show: Show) -> None:
    """Refresh repeatedly. Between two rounds the store may be busy; a dead local AWS is an error."""
    started, folds = time.monotonic(), list(_FOLDS)
    config = load_config(Config())
    running.call("PlanFunction")
    while True:
        try:
            if folds and time.monotonic() - started >= folds[0]:
                folds.pop(0)
                running.fold()
                running.call("AlertFunction")
            show(live_table.read(config))
        except (BotoCoreError, ClientError, PynamoDBException) as error:
            if not running.ministack.runs:
                raise Trouble(
                    f"The local AWS stopped unexpectedly; see {running.ministack.log}. The next run continues from the "
                    "state that was saved when one last ended properly."
                ) from error
        time.sleep(_LOOK_SECONDS)


@contextmanager
def _screen(alerts: Path) -> Iterator[Show]:
    """Give what shows the table: in place on a terminal, else as lines."""
    if not sys.stdout.isatty():
        yield _Lines()
        return
    console = Console()
    with Live(console=console, auto_refresh=False) as table:

        def show(now: LiveTable) -> None:
            footer = [_mails(alerts), "Ctrl-C stops it; its state is kept."]
            table.update(live_table.render(now, footer, console.width, console.height), refresh=True)

        yield show


class _Lines:
    """Prints changes, and each round's summary."""

    def __init__(self) -> None:
        self._before: LiveTable | None = None

    def __call__(self, now: LiveTable) -> None:
        lines = live_table.changes(self._before, now)
        stamp = time.strftime("%H:%M:%S")
        for line in lines:
            print(stamp, line)
        if lines or self._before is None:
            print(stamp, now.summary, flush=True)
        self._before = now


def _introduction(running: World, state: Path, alerts: Path) -> Iterator[str]:
    url, new, command = running.api_url, running.fleet.imported, _command()
    where = "" if state == STATE else f" --local --state-dir {shlex.quote(str(state))}"
    yield ""
    yield f"Console  {url}/"
    yield f"         Sign in as {_either([user.name for user in users.USERS])}; the password is {users.PASSWORD}"
    yield f"API      curl -s {url}/health"
    yield f'         curl -s -H "Authorization: Bearer $({command} token{where})" {url}/api/v3/overview'
    yield f"Look     {command} report{where}, in another terminal; also tests, incidents, doctor: {command} --help"
    yield f"Alerts   {alerts}, a mail a file"
    if new and running.fleet.there:
        yield f"Fleet    {new} domains added, {running.fleet.there} kept."
    if running.plan.relay:
        back, domain = running.standin.smtp, running.plan.config.sendinguser.rpartition("@")[2]
        yield f"Relay    mail for {domain} is accepted at {back.host}:{back.port}."
    yield f"State    {state}, kept between runs; --fresh starts afresh. Ctrl-C stops it."
    yield ""


def _command() -> str:
    """Give the command that started this one, for use in the same terminal."""
    called = Path(sys.argv[0])
    if called.name != "mxtrax":
        return f"{shlex.quote(sys.executable)} -m infra.cli"
    if shutil.which("mxtrax"):
        return "mxtrax"
    there = called.absolute()
    return shlex.quote(str(there.relative_to(Path.cwd()) if there.is_relative_to(Path.cwd()) else there))


def _either(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _mails(folder: Path) -> str:
    count = sum(1 for _ in folder.glob("*"))
    return f"{count} alert mail{'' if count == 1 else 's'} in {folder}"


def _place(text: str) -> Place:
    """Read HOST:PORT, and check that a server answers there: without one, the fleet would only seem slow."""
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isascii() and port.isdecimal() and 0 < int(port) <= 65_535):
        raise Trouble(f"--relay {text!r} should be HOST:PORT, such as 127.0.0.1:2525.")
    place = Place(host.strip("[]"), int(port))
    try:
        socket.create_connection((place.host, place.port), timeout=5).close()
    except OSError as error:
        raise Trouble(f"No mail server answers at {text}: {error.strerror or error}.") from error
    return place


def _say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)
