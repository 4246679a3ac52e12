"""Bound the work that one mail takes: its content decides what is found, and never how long that takes."""

from .bounds import MAX_WORK


class Budget:
    """Count work in octets looked at, and stop where it is spent. What is found is counted in octets, too (see bounds).

    Work is counted and not timed, so that a mail is read alike on every machine and at every time.
    """

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_WORK

    def spend(self, octets: int) -> bool:
        """Take this much; False if it is no longer there, so that the reader stops."""
        self.left -= octets
        return self.left >= 0

    @property
    def spent(self) -> bool:
        """Whether somebody had to stop."""
        return self.left < 0
