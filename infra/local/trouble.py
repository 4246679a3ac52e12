"""Problems that the person at the terminal can solve."""

from mxtrax.errors import MxtraxError


class Trouble(MxtraxError):
    """The world cannot start or continue. The message is one sentence that says what is wrong and what would help."""
