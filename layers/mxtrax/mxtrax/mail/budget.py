"""Limit the work on one mail: its content decides what is found, but never how long that takes."""

from .bounds import MAX_WORK


class Budget:
    """Count work in octets examined, and stop when it is used up. Things found cost octets as well (see bounds).

    Work is counted, not timed, so that a mail is read the same way on every machine and every time.
    """

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_WORK

    def spend(self, octets: int) -> bool:
        """Spend this much; False if it is not available, and the reader must stop."""
        self.left -= octets
        return self.left >= 0

    @property
    def spent(self) -> bool:
        """Whether a reader had to stop."""
        return self.left < 0
