"""Message traces as stored: packed, so that a test that came back on time stays below 1 KB.

Times are kept as differences in seconds, the precision of Received fields; a name that the previous hop gave is left
out. WORDS is zlib's dictionary, of strings frequent in such texts; it never changes, because stored data could not be
read with another.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from mxtrax.model import SECOND, Hop, MessageTrace

MOST: Final = 8_192
"""Bytes that a trace may take, header block and all."""

WORDS: Final = (
    b"Authentication-Results: Return-Path: DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; Message-ID: Content-Type: "
    b"X-MS-Exchange-Organization- X-Microsoft-Antispam- Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES"
    b"_256_GCM_SHA384) ARC-Seal: ARC-Message-Signature: Received-SPF: Subject: +0000 (UTC)\nReceived: from by with id for "
    b'.google.com","mail-.outbound.protection.outlook.com","inbound-smtp.us-east-1.amazonaws.com","inbound-smtp.eu-west-1.'
    b'amazonaws.com","SMTP",["a.smtp-out.eu-west-1.amazonses.com","localhost","ESMTP","ESMTPS","LMTP","MICROSOFT","MAPI",'
    b'"HTTP",.mail.protection.outlook.com",.eurprd05.prod.outlook.com",.namprd12.prod.outlook.com",[null,1,0,2,'
    b'{"spf":"pass","dkim":"pass","dmarc":"fail","spam":"gray","virus":"pass"}'
)


def packed(trace: MessageTrace) -> bytes:
    """Pack a trace; the end of a header block that is too long is cut off."""
    while len(data := _deflated(trace)) > MOST and trace.headers:
        trace = replace(trace, headers=trace.headers[: len(trace.headers) // 2])
    return data


def unpacked(data: bytes) -> MessageTrace:
    """Read a trace."""
    kept = json.loads(zlib.decompressobj(-zlib.MAX_WBITS, zdict=WORDS).decompress(data))
    return MessageTrace(**{**kept, "hops": tuple(_hops(kept["hops"]))})


def _deflated(trace: MessageTrace) -> bytes:
    values: dict[str, Any] = {
        "hops": list(_differences(trace.hops)),
        "verdicts": dict(trace.verdicts),
        "dkim_body": trace.dkim_body,
        "subject_before": trace.subject_before,
        "subject_after": trace.subject_after,
        "footer": trace.footer,
        "headers": trace.headers,
    }
    told = {name: value for name, value in values.items() if value or name == "hops"}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=WORDS)
    return deflate.compress(text) + deflate.flush()


def _differences(hops: Sequence[Hop]) -> Iterator[list[Any]]:
    before, latest = "", 0
    for hop in hops:
        seconds = None if hop.time is None else hop.time // SECOND
        from_ = None if hop.from_ == before else hop.from_
        yield [from_, hop.by, hop.protocol, int(hop.tls), None if seconds is None else seconds - latest]
        before, latest = hop.by, latest if seconds is None else seconds


def _hops(kept: Iterable[Sequence[Any]]) -> Iterator[Hop]:
    before, latest = "", None
    for from_, by, protocol, tls, difference in kept:
        after = difference is not None and latest is not None
        time = None if difference is None else (latest or 0) + difference
        yield Hop(
            from_=before if from_ is None else from_,
            by=by,
            protocol=protocol,
            tls=bool(tls),
            time=None if time is None else time * SECOND,
            gap=max(0, difference) * SECOND if after else None,
            skew=max(0, -difference) * SECOND if after else 0,
        )
        before, latest = by, latest if time is None else time
