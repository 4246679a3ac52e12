"""Classify a mail's author by address and reverse-path: a person, a role account, or a mail system."""

import re
from typing import Final, NamedTuple

from . import address
from .fields import Fields, decoded

# Local parts that only mail systems have (Exchange sends reports from an address that ends in 32 hex digits).
DAEMON: Final = re.compile(
    r"(?:mailer|mail|mta|smtp)[-_. ]?daemon|mdaemon|double-bounce|microsoftexchange[0-9a-f]{32}"
    r"|mail[-_. ]?delivery(?:[-_. ]?(?:sub)?(?:system|service))?"
)
# Also a mail system, unless it has a reverse-path: a mailbox can have this name.
BOUNCES: Final = re.compile(r"bounces?(?:[-+=].*)?")
# List servers, by what they call themselves: what they write on their own behalf says what they did with a mail.
LIST_SERVER: Final = re.compile(r"(?:listserv|listmaster|majordomo|sympa|mailman)\b.*|owner-.*|.*-(?:owner|request)")
# A person reads this mailbox (RFC 5321, section 4.5.1), yet most mail from it is written by the mail system.
POSTMASTER: Final = re.compile(r"poo?st[-_.]?master")
# Role accounts (RFC 2142, and what products call themselves): they may forward mail, and may just as well report.
ROLE: Final = re.compile(
    r"(?<![a-z])(?:(?:no|not)[-_.]?reply|do[-_.]?not[-_.]?reply|notif\w*|alerts?|quarantine|(?:anti)?[-_.]?(?:spam|virus)"
    r"|(?:mail)?gateways?|firewall|(?:mail)?filter|scanner|(?:mail)?control|security|sysadmin|(?:system)?administrator|admin"
    r"|root|system|daemon|ro?bot|mailer|listserv|listmaster|majordomo|sympa|mailman|owner|request|bounces?|smtp|mta"
    r"|(?:mail)?server|relay|abuse|staff|fbl|feedback(?:loop)?|complaints?|ndr|mms?c?|poo?st[-_.]?master)(?![a-z])"
)
# Display names of mail systems. A person may have one too, so it counts only together with other signs.
NAMED: Final = re.compile(
    r"mailer[-_. ]?daemon|\bpostmaster\b|mail[ -]?delivery|mail[ -]?system"
    r"|delivery[ -](?:(?:sub)?system|fail|stat|notif|report)"
    r"|(?:mail|system) ?administrator|\bmta\b|\bmailer\b|mail[ -]?(?:router|server|gateway)"
)
# Fields of list servers (RFC 2919, RFC 2369 and older customs): the server wrote the mail, whatever author it names.
LISTS: Final = frozenset(
    (
        "list-id",
        "mailing-list",
        "x-mlserver",
        "x-mailman-version",
        "x-beenthere",
        "x-list-administrivia",
        "x-listserver",
    )
)
EMPTY: Final = re.compile(r"<\s*>")
# Some put their own name where the null reverse-path belongs.
NULL: Final = re.compile(r"(?i)\s*<\s*>|\s*<?(?:mailer-daemon\b|double-bounce\b|poo?stmaster>?\s*$)")


class Author(NamedTuple):
    """The author of a mail. A daemon is not a person; a role may be; anything else counts as one.

    `null`: the reverse-path is null (RFC 5321, section 4.5.5). `named`: the display name is like Mail Delivery System.
    """

    address: str
    daemon: bool
    role: bool
    named: bool
    null: bool
    lists: bool = False
    """Whether a list server wrote it."""

    @property
    def person(self) -> bool:
        """Whether nothing about the address rules out a person."""
        return not (self.daemon or self.role)


def of(fields: Fields) -> Author:
    """Read the author (RFC 5322, section 3.6.2). An author without any address is a mail system."""
    text = decoded(fields["from"][:1_000]).lower()
    found = address.first(text)
    local = found.rpartition("@")[0].strip('"') if found else text.partition("<")[0].strip(' \t"')
    rest = text.replace(found, "") if found else text
    null = NULL.match(fields["return-path"]) is not None
    lists = not LISTS.isdisjoint(fields)
    nobody = not found and (null or EMPTY.search(text) is not None)
    return Author(
        address=found,
        daemon=nobody
        or DAEMON.fullmatch(local) is not None
        or ((null or "return-path" not in fields) and BOUNCES.fullmatch(local) is not None),
        role=ROLE.search(local) is not None or lists,
        named=NAMED.search(rest) is not None,
        null=null,
        lists=lists or LIST_SERVER.fullmatch(local) is not None,
    )


def postmaster(one: Author) -> bool:
    """Say whether the author is a domain's postmaster, in any spelling."""
    return POSTMASTER.fullmatch(one.address.rpartition("@")[0]) is not None
