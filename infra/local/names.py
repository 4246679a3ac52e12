"""A DNS server on loopback, for the world on one machine: which servers accept whose mail."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from socketserver import BaseRequestHandler, UDPServer
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from infra.local.serving import Server

LOOPBACK: Final = "127.0.0.1"
_LARGEST: Final = 65_535
_TTL: Final = 60

type Records = Mapping[str, Mapping[str, Sequence[str]]]
"""All records, by name in lower case and by type, as in a zone file: {"a.test": {"MX": ["10 mx.a.test."]}}."""


class Names(Server):
    """Answers from `records`, NXDOMAIN for any other name, and SERVFAIL if `fails` says so."""

    def __init__(self, records: Records, fails: Callable[[str], bool] = lambda _: False) -> None:
        self.records, self.fails = records, fails
        self.asked: list[tuple[str, str]] = []
        """Each question, by name and type."""
        server = UDPServer((LOOPBACK, 0), type("Handler", (_Handler,), {"names": self}))
        self.place = f"{LOOPBACK}:{server.server_address[1]}"
        """The address on which it listens, as HOST:PORT."""
        super().__init__(server, "names")

    def answer(self, question: dns.message.Message) -> dns.message.Message:
        """Answer a question."""
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        asked = question.question[0]
        name, kind = asked.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((name, kind))
        if self.fails(name):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif found := self.records[name].get(kind):
            answer.answer.append(dns.rrset.from_text_list(asked.name, _TTL, "IN", kind, found))
        return answer


class _Handler(BaseRequestHandler):
    names: Names

    def handle(self) -> None:
        """Answer one packet; what is no question gets no answer."""
        packet, socket = self.request
        with suppress(dns.exception.DNSException):
            answer = self.names.answer(dns.message.from_wire(packet))
            socket.sendto(answer.to_wire(max_size=_LARGEST), self.client_address)
