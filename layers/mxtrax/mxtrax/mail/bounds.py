"""Name every bound of the reader. Passing one is reported in `Return.notes`, never silently."""

from typing import Final

MAX_READ: Final = 1 << 20
"""Characters of a mail that are read: notice, report and the original's header block stand at the front."""
MAX_FIELDS: Final = 2_000
"""Header fields of one block."""
MAX_FIELD: Final = 16_384
"""Characters of one field that are kept."""
MAX_PARTS: Final = 200
"""MIME parts that are looked at."""
MAX_DEPTH: Final = 40
"""Multiparts and enclosed mails inside one another."""
MAX_ENCODED_DEPTH: Final = 2
"""Encoded mails inside one another."""
MAX_DECODED: Final = 131_072
"""Characters of one part that are decoded."""
MAX_NOTICE: Final = 65_536
"""Characters of human wording that are read for recipients and reasons."""
MAX_LINE: Final = 1_000
"""Characters of one line of wording that are read (RFC 5321, section 4.5.3.1.6)."""
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
"""Work that taking a mail apart may take, and once more that reading its words may take, in octets looked at."""
LINE_WORK: Final = 50
"""What a line or a boundary costs beyond its octets."""
FIELD_WORK: Final = 150
"""What a header field costs beyond its octets."""
ENTITY_WORK: Final = 100
"""What a character reference of HTML costs."""
ADDRESS_WORK: Final = 2_000
"""What an address in the wording costs: it is weighed by what stands around it."""
WORD_WORK: Final = 50
"""What an octet costs where it may be an address's, or an encoded word's."""
