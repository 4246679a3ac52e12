"""Find by its form which state a server says a mailbox is in: a word for a mailbox, and its state next to it.

It is used if no word of the table matches. RFC 3463 defines the states (sections 3.2, 3.3: X.1.6, X.2.1, X.2.2).
"""

import re
from typing import Final, NamedTuple

from mxtrax.model import Reason

# "Your account" may be the sender's.
NOT_HIS: Final = r"(?<!your )(?<!sender )(?<!sender's )(?<!\bip )\b"
BOX: Final = (
    NOT_HIS
    + r"(?:(?:mail|in|post|e-?mail ?)?box(?:es)?|(?:e-?mail )?account|user|postfach|(?:benutzer)?konto|compte|bo[iî]te"
    r"|cuenta|buz[oó]n|conta|caixa|casella|skrzynk\w|schránk\w|postbus|brevlåd\w|postkass\w|ящик|аккаунт|учетная запись)"
)
OWNER: Final = (
    NOT_HIS + r"(?:recipient|(?:e-?mail )?address(?:ee)?|customer|subscri(?:ber|ption)|owner|person|employee|licen[cs]e"
    r"|empfänger|destinataire|destinatario|utilisateur|utilizador|usuario|utente|gebruiker|пользовател\w)"
)
BEFORE: Final = r"{}s?\b(?:[^.;]|\.(?! )){{0,60}}\Z"
BEHIND: Final = r"\w{{0,6}} (?:\w{{1,12}} ){{0,2}}?{}"
ROOM: Final = 90
"""Characters around a state in which its mailbox is looked for."""


class Whose(NamedTuple):
    """Find a mailbox before or after its state."""

    before: re.Pattern[str]
    behind: re.Pattern[str]


A_BOX: Final = Whose(re.compile(BEFORE.format(BOX)), re.compile(BEHIND.format(BOX)))
ANYBODY: Final = Whose(*(re.compile(form.format(f"(?:{BOX}|{OWNER})")) for form in (BEFORE, BEHIND)))
STATES: Final[tuple[tuple[Reason, Whose, tuple[str, ...]], ...]] = (
    (Reason.MAILBOX_FULL, A_BOX, (
        "full", "overfull", "over the limit", "over limit", "over its", "overflow", "over size", "oversize", "out of space",
        "out of room", "no room", "no space", "no more space", "no more room", "insufficient", "not enough", "exceed",
        "storage limit", "maximum storage", "überfüllt", "überschritten", "pleine", "saturée", "llen", "piena", "chei",
        "pełn", "pln", "переполнен",
    )),
    (Reason.MAILBOX_DISABLED, ANYBODY, (
        "frozen", "locked", "suspen", "disabl", "deactiv", "de-activ", "deaktiv", "inactiv", "inaktiv", "not activ",
        "closed", "terminat", "cancel", "expired", "barred", "retired", "dormant", "abandon", "discontinu", "decommission",
        "on hold", "switched off", "turned off", "not enabled", "not accept", "no longer accept", "no longer receiv",
        "no longer monitor", "no longer us", "no longer avail", "no longer valid", "no longer with", "no longer work",
        "no longer employ", "no longer maintain", "has left", "gesperrt", "geschlossen", "stillgelegt", "abgelaufen",
        "désactiv", "bloqué", "fermé", "desactiv", "desativ", "bloquead", "cerrad", "encerrad", "disattiv", "bloccat",
        "chius", "sospes", "geblokkeerd", "zablokowan", "zawieszon", "zrušen", "spärrad", "заблокирован", "отключен",
    )),
    (Reason.UNKNOWN_USER, ANYBODY, (
        "moved", "relocat", "migrated", "changed", "no longer exist", "not local", "ceased", "umgezogen",
    )),
    (Reason.UNKNOWN_USER, A_BOX, (
        "deleted", "removed", "erased", "gelöscht", "supprimé", "eliminad", "eliminat", "verwijderd", "usunięt", "удален",
    )),
)  # fmt: skip
# What must follow some of the stems, because they have other meanings as well.
NO_ROOM: Final = re.compile(r"\W{1,3}(?:\w{1,10}\W){0,2}(?:spac|stor|room|quota|mem|plac|plat|espac|spaz)")
FOLLOWS: Final = {
    "full": re.compile(r"\b(?! (?:user ?)?(?:name|address|e-?mail|text))"),
    "insufficient": NO_ROOM,
    "not enough": NO_ROOM,
    "exceed": re.compile(r"(?!\w{0,3}\W(?:\w{1,20}\W){0,2}?(?:rate|num|count|hour|dai|conn|recip))"),
    "not accept": re.compile(r"(?:ing)? (?:any )?(?:incoming )?(?:messages?|e-?mails?|mails?)(?! from)"),
    "changed": re.compile(r"(?! (?:password|permission))"),
}
OVERFULL: Final = re.compile(rf"{BOX}s?(?: (?:has|have|is|was|already|currently|been)){{0,3}} exceed")


def of(said: str) -> Reason | None:
    """Return what a sentence in lower case says about a mailbox, if its form shows it."""
    for reason, whose, stems in STATES:
        if any(stem in said and _is_in(said, stem, whose) for stem in stems):
            return reason
    return None


def _is_in(said: str, stem: str, whose: Whose) -> bool:
    """Say whether a mailbox is in a state: a word begins with it, and the mailbox is near it in the same sentence."""
    at = said.find(stem)
    while at >= 0:
        end = at + len(stem)
        begins = at == 0 or not said[at - 1].isalnum()
        tells = begins and (stem not in FOLLOWS or FOLLOWS[stem].match(said, end))
        if tells and (whose.before.search(said[max(0, at - ROOM) : at]) or whose.behind.match(said, end, end + ROOM)):
            return True
        at = said.find(stem, end)
    return False


def overfull(said: str) -> bool:
    """Say whether what looks like a mail that is too large is a mailbox."""
    return "exceed" in said and OVERFULL.search(said) is not None
