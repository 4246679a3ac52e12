"""Dovecot's delivery agent with Sieve: one mail in, and whatever the mailbox's rules send out."""

import shutil
import subprocess
from typing import Final

from infra.local.smtp import Place
from tests.e2e.servers.process import need, private_folder

NAME: Final = "mx.dovecot.test"
_PROGRAM: Final = "/usr/lib/dovecot/dovecot-lda"
_USER, _GROUP = "nobody", "nogroup"  # as root it would need Dovecot's user database, which requires the whole server


def deliver(content: bytes, sender: str, address: str, rules: str, next_hop: Place, *, quota: str = "1G") -> None:
    """Put a mail into the mailbox at `address`, new and of that quota, with these Sieve rules. It sends by `next_hop`."""
    need("dovecot-sieve", "/usr/bin/sievec")
    program = need("dovecot-core", _PROGRAM)
    with private_folder("dovecot") as folder:
        config = folder / "dovecot.conf"
        config.write_text(f"""\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
hostname = {NAME}
postmaster_address = postmaster@{NAME}
submission_host = {next_hop.host}:{next_hop.port}
mail_location = maildir:{folder}/Maildir
mail_plugins = quota sieve
plugin {{
  sieve = {folder}/rules.sieve
  quota = maildir:quota
  quota_rule = *:storage={quota}
}}
""")
        (folder / "rules.sieve").write_text(rules)
        shutil.chown(folder, _USER, _GROUP)
        done = subprocess.run(  # noqa: S603 -- the tests' own words
            [program, "-c", str(config), "-f", sender, "-a", address],
            input=content,
            env={"HOME": str(folder), "USER": "test"},
            cwd=folder,
            user=_USER,
            group=_GROUP,
            extra_groups=(),
            capture_output=True,
            timeout=30,
            check=False,
        )
        said = folder / "log"
        words = said.read_text(errors="replace") if said.exists() else ""
        assert done.returncode == 0, f"{done.stderr.decode()} {words}"
