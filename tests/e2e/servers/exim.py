"""A private Exim on loopback. Debian lets no two mail servers be installed: this one is unpacked beside Postfix."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infra.local.ministack import ROOT, free_port
from infra.local.smtp import LOOPBACK, Place
from tests.e2e.servers.process import need, private_folder, running

NAME: Final = "mx.exim.test"
_UNPACKED: Final = ROOT / ".tools" / "exim" / "usr" / "sbin" / "exim4"
_USER: Final = "Debian-exim"  # compiled in


@contextmanager
def exim(boxes: Mapping[str, str], next_hop: Place, *, tell: int, give_up: int) -> Iterator[Place]:
    """Run Exim for the mailboxes at these addresses; all outgoing mail goes to `next_hop`. Gives its address.

    A box is an alias as in /etc/aliases: an address to redirect to, `:fail: words` or `:defer: words`; or `:reply: words`
    for an auto-reply. Senders get a delay notice after `tell` seconds, and a bounce after `give_up`.
    """
    program = need("exim4-daemon-light", str(_UNPACKED) if _UNPACKED.exists() else "exim4")
    with private_folder("exim") as folder:
        place = Place(LOOPBACK, free_port())
        # It restarts itself under its own user, who may have no access to the project's folder.
        program = str(shutil.copyfile(program, folder / "exim"))
        Path(program).chmod(0o755)
        config = folder / "exim.conf"
        config.write_text(_configuration(program, folder, place, next_hop, tell, give_up))
        for name in ("spool", "logs"):
            (folder / name).mkdir()
            shutil.chown(folder / name, _USER, _USER)
        replies = {box: words for box, words in boxes.items() if words.startswith(":reply:")}
        _write(folder / "replies", {box: words.removeprefix(":reply:").strip() for box, words in replies.items()})
        _write(folder / "aliases", {box: words for box, words in boxes.items() if box not in replies})
        with running([program, "-C", str(config), "-bdf", "-q1s"], place, folder):
            yield place


def _write(path: Path, entries: Mapping[str, str]) -> None:
    path.write_text("".join(f"{key}: {value}\n" for key, value in entries.items()))


def _configuration(program: str, folder: Path, place: Place, next_hop: Place, tell: int, give_up: int) -> str:
    return f"""\
exim_path = {program}
spool_directory = {folder}/spool
log_file_path = {folder}/logs/%slog
pid_file_path = {folder}/spool/pid
primary_hostname = {NAME}
local_interfaces = {place.host}
daemon_smtp_ports = {place.port}
disable_ipv6 = true
host_lookup =
keep_environment =
tls_advertise_hosts =
rfc1413_query_timeout = 0s
acl_smtp_rcpt = accept
acl_smtp_data = accept
# The second warning would come after an hour: there is one.
delay_warning = {tell}s:1h

begin routers
alias:
  driver = redirect
  data = ${{lookup{{$local_part@$domain}}lsearch{{{folder}/aliases}}}}
  allow_fail
  allow_defer
reply:
  driver = accept
  condition = ${{lookup{{$local_part@$domain}}lsearch{{{folder}/replies}}{{yes}}{{no}}}}
  transport = reply
out:
  driver = manualroute
  route_data = {next_hop.host}
  transport = smtp
  self = send

begin transports
smtp:
  driver = smtp
  port = {next_hop.port}
  allow_localhost
  hosts_try_fastopen =
  hosts_try_dane =
reply:
  driver = autoreply
  to = $sender_address
  from = $local_part@$domain
  subject = Out of office: $h_subject:
  text = ${{lookup{{$local_part@$domain}}lsearch{{{folder}/replies}}}}

begin retry
* * F,{give_up}s,1s
"""
