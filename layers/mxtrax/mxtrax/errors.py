"""What can go wrong, by whether trying again can help.

- MxtraxError
  - Refused: bad input. Its sentence names the field and what would be right; trying again changes nothing.
    - Exists: it is there already.
    - Missing: it is not there.
    - InUse: something else still needs it.
    - Changed: somebody else has changed it meanwhile.
  - TryAgain: a passing fault, or somebody was quicker; the same call may succeed in a moment.
"""


class MxtraxError(Exception):
    """Root of everything this project raises on purpose."""


class Refused(MxtraxError):
    """Bad input. `field` names what was wrong, the message says what would be right."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Exists(Refused):
    """The record is there already."""


class Missing(Refused):
    """There is no such record."""


class InUse(Refused):
    """Something else still needs the record."""


class Changed(Refused):
    """Somebody else has changed the record meanwhile. `current` is the record as it is now."""

    def __init__(self, current: object) -> None:
        version = getattr(current, "version", None)
        now = "" if version is None else f", and is at version {version} now"
        super().__init__("version", f"This was changed meanwhile{now}; look at it again, then repeat your change.")
        self.current = current


class TryAgain(MxtraxError):
    """A passing fault, or somebody was quicker; the same call may succeed in a moment."""
