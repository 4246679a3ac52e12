"""A private Postfix on loopback: its own configuration, queue and data, and a table of how each mailbox behaves."""

import shutil
import socketserver
import subprocess
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.ministack import free_port
from infra.local.smtp import LOOPBACK, Place
from tests.e2e.servers.process import need, private_folder, running

NAME: Final = "mx.postfix.test"
_MASTER: Final = "/usr/lib/postfix/sbin/master"


@dataclass(frozen=True, slots=True)
class Box:
    """How a mailbox behaves. One that neither redirects nor has a `transport` is unknown: 550 5.1.1 at RCPT.

    `redirect` is where its mail is forwarded to. `transport` handles accepted mail, as in transport(5): `error:5.2.1
    words` bounces, `retry:4.2.1 words` holds, `discard:words` loses it. `greylisted` is how many tries of each mail are
    deferred first.
    """

    redirect: str = ""
    transport: str = ""
    greylisted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The seconds until a sender gets a delay notice, and until a bounce. 0 means never."""

    tell: int = 0
    give_up: int = 600


@contextmanager
def postfix(
    boxes: Mapping[str, Box], next_hop: Place, *, port: int = 0, patience: Patience | None = None
) -> Iterator[Place]:
    """Run Postfix for the mailboxes at these addresses; all outgoing mail goes to `next_hop`. Gives its address."""
    program = need("postfix", "postfix")
    with ExitStack() as stack:
        folder = stack.enter_context(private_folder("postfix"))
        greylist = stack.enter_context(_Greylist({address: box.greylisted for address, box in boxes.items()}))
        place = Place(LOOPBACK, port or free_port())
        _configure(folder, boxes, place, next_hop, greylist, patience or Patience())
        config = str(folder / "etc")
        subprocess.run([program, "-c", config, "check"], check=True)  # noqa: S603 -- makes the folders of the queue
        stack.enter_context(running([_MASTER, "-c", config, "-s"], place, folder))
        yield place


class _Greylist(socketserver.ThreadingTCPServer):
    """A policy service (SMTPD_POLICY_README) that defers the first tries of a mail to some mailboxes, like postgrey."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, tries: Mapping[str, int]) -> None:
        super().__init__((LOOPBACK, 0), _Question)
        self._tries, self._seen, self._lock = tries, Counter[tuple[str, str]](), threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.1,), name="greylist", daemon=True).start()

    def __exit__(self, *_: object) -> None:
        """Stop answering."""
        self.shutdown()
        self.server_close()

    @property
    def port(self) -> int:
        """Give its loopback port."""
        return int(self.server_address[1])

    def answer(self, sender: str, recipient: str) -> str:
        """Give the action. A mail is known by its envelope sender, which SES makes unique."""
        with self._lock:
            self._seen[sender, recipient] += 1
            early = self._seen[sender, recipient] <= self._tries.get(recipient, 0)
        return "DEFER 4.2.0 Greylisted, please come back in a moment" if early else "DUNNO"


class _Question(socketserver.StreamRequestHandler):
    """One connection of smtpd: attributes line by line, an empty line, an answer."""

    server: _Greylist

    def handle(self) -> None:
        """Answer until smtpd hangs up."""
        asked = dict[str, str]()
        for line in self.rfile:
            name, _, value = line.decode("utf-8", "replace").strip().partition("=")
            if name:
                asked[name] = value
            else:
                action = self.server.answer(asked.get("sender", ""), asked.get("recipient", "").lower())
                self.wfile.write(f"action={action}\n\n".encode())
                asked.clear()


def _configure(
    folder: Path, boxes: Mapping[str, Box], place: Place, next_hop: Place, greylist: _Greylist, patience: Patience
) -> None:
    config, queue, data = folder / "etc", folder / "queue", folder / "data"
    for each in (config, queue, data):
        each.mkdir()
    shutil.chown(data, "postfix")
    inside = {address: f"{address.partition('@')[0]}@inside.{address.partition('@')[2]}" for address in boxes}
    aliases = {
        address: box.redirect or inside[address] for address, box in boxes.items() if box.redirect or box.transport
    }
    transports = {inside[address]: box.transport for address, box in boxes.items() if box.transport}
    domains = sorted({address.partition("@")[2] for address in boxes})
    _write(config / "aliases", (f"{source} {target}" for source, target in aliases.items()))
    _write(config / "transports", (f"{source} {target}" for source, target in transports.items()))
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": queue,
        "data_directory": data,
        "maillog_file": folder / "log",
        "maillog_file_prefixes": folder,
        "myhostname": NAME,
        "mydestination": "",
        "mynetworks": "",
        "inet_interfaces": LOOPBACK,
        "inet_protocols": "ipv4",
        "smtp_dns_support_level": "disabled",
        "smtp_host_lookup": "native",
        "smtpd_peername_lookup": "no",
        "alias_maps": "",
        "local_recipient_maps": "",
        "virtual_alias_domains": " ".join(domains),
        "virtual_alias_maps": f"texthash:{config}/aliases",
        "transport_maps": f"texthash:{config}/transports",
        "relayhost": f"[{next_hop.host}]:{next_hop.port}",
        "smtpd_relay_restrictions": "reject_unauth_destination",
        "smtpd_recipient_restrictions": f"check_policy_service inet:{LOOPBACK}:{greylist.port}",
        "notify_classes": "",
        "queue_run_delay": "1s",
        "minimal_backoff_time": "1s",
        "maximal_backoff_time": "2s",
        "delay_warning_time": f"{patience.tell}s",
        "maximal_queue_lifetime": f"{patience.give_up}s",
        "bounce_queue_lifetime": f"{patience.give_up}s",
    }
    _write(config / "main.cf", (f"{name} = {value}" for name, value in settings.items()))
    _write(config / "master.cf", _services(place.port))


def _services(port: int) -> Iterator[str]:
    """Give master.cf: the stock services, unchrooted, and smtpd on our port."""
    yield f"{LOOPBACK}:{port} inet n - n - - smtpd"
    for name, kind, private, wakeup, most, program in (
        ("cleanup", "unix", "n", "-", "0", "cleanup"),
        ("qmgr", "unix", "n", "1", "1", "qmgr"),
        ("rewrite", "unix", "-", "-", "-", "trivial-rewrite"),
        ("bounce", "unix", "-", "-", "0", "bounce"),
        ("defer", "unix", "-", "-", "0", "bounce"),
        ("trace", "unix", "-", "-", "0", "bounce"),
        ("verify", "unix", "-", "-", "1", "verify"),
        ("flush", "unix", "n", "1000?", "0", "flush"),
        ("proxymap", "unix", "-", "-", "-", "proxymap"),
        ("smtp", "unix", "-", "-", "-", "smtp"),
        ("relay", "unix", "-", "-", "-", "smtp"),
        ("showq", "unix", "n", "-", "-", "showq"),
        ("error", "unix", "-", "-", "-", "error"),
        ("retry", "unix", "-", "-", "-", "error"),
        ("discard", "unix", "-", "-", "-", "discard"),
        ("anvil", "unix", "-", "-", "1", "anvil"),
        ("scache", "unix", "-", "-", "1", "scache"),
        ("postlog", "unix-dgram", "n", "-", "1", "postlogd"),
    ):
        yield f"{name} {kind} {private} - n {wakeup} {most} {program}"


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines))
