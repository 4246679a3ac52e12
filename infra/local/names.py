"""A DNS server on loopback, for the world on one machine: which servers accept whose mail."""

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

LOOPBACK: Final = "127.0.0.1"
_LARGEST: Final = 65_535
_LOOK_SECONDS: Final = 0.2
_TTL: Final = 60

type Records = Mapping[str, Mapping[str, Sequence[str]]]
"""All records, by name in lower case and by type, as in a zone file: {"a.test": {"MX": ["10 mx.a.test."]}}."""


class Names:
    """Answers from `records`, NXDOMAIN for any other name, and SERVFAIL if `fails` says so."""

    def __init__(self, records: Records, fails: Callable[[str], bool] = lambda _: False) -> None:
        self.records, self.fails = records, fails
        self.asked: list[tuple[str, str]] = []
        """Each question, by name and type."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self._socket.settimeout(_LOOK_SECONDS)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="names", daemon=True)

    @property
    def place(self) -> str:
        """Give the address on which it listens, as HOST:PORT."""
        return f"{LOOPBACK}:{self._socket.getsockname()[1]}"

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        self._done.set()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while not self._done.is_set():
            with suppress(TimeoutError, dns.exception.DNSException):
                question, peer = self._socket.recvfrom(_LARGEST)
                self._socket.sendto(self._answer(dns.message.from_wire(question)).to_wire(max_size=_LARGEST), peer)

    def _answer(self, question: dns.message.Message) -> dns.message.Message:
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
