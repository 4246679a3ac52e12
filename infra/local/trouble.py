"""What a person at the terminal can put right."""

from mxtrax.errors import MxtraxError


class Trouble(MxtraxError):
    """The world cannot start or go on. The message is one sentence that says what is wrong and what would help."""
