"""Every limit of the reader. When one is reached, `Return.notes` says so."""

from typing import Final

MAX_READ: Final = 1 << 20
"""Characters of a mail that are read: notice, report and the original's header block come first."""
MAX_FIELDS: Final = 2_000
"""Header fields of one block."""
MAX_FIELD: Final = 16_384
"""Characters of one field that are kept."""
MAX_PARTS: Final = 200
"""MIME parts that are examined."""
MAX_DEPTH: Final = 40
"""Nesting depth of multiparts and enclosed mails."""
MAX_ENCODED_DEPTH: Final = 2
"""Nesting depth of encoded mails."""
MAX_DECODED: Final = 131_072
"""Characters of one part that are decoded."""
MAX_NOTICE: Final = 65_536
"""Characters of human-readable text that are searched for recipients and reasons."""
MAX_LINE: Final = 1_000
"""Characters read of one line of text (RFC 5321, section 4.5.3.1.6)."""
MAX_RECIPIENTS: Final = 100
"""Recipients that are reported."""
MAX_TOKENS: Final = 32
"""Candidate test ids that are reported."""
MAX_DIAGNOSTIC: Final = 1_000
"""Characters of a diagnostic that are kept."""
MAX_HOPS: Final = 100
"""Received fields of one chain (RFC 5321, section 6.3 asks for at least 100)."""
MAX_SIGNED: Final = 1 << 20
"""Octets of a body whose DKIM hash is computed."""
MAX_WORK: Final = 1 << 24
"""Work, in octets examined, that parsing a mail may take; reading its text may take as much again."""
LINE_WORK: Final = 50
"""The cost of a line or a boundary beyond its octets."""
FIELD_WORK: Final = 150
"""The cost of a header field beyond its octets."""
ENTITY_WORK: Final = 100
"""The cost of an HTML character reference."""
ADDRESS_WORK: Final = 2_000
"""The cost of an address in the text: it is weighed by its surroundings."""
WORD_WORK: Final = 50
"""The cost of an octet that may belong to an address or an encoded word."""
