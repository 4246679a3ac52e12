"""The client for all that is not AWS, tested with a misbehaving server, and its fence with every way around it."""

import json
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from mxtrax.errors import Refused, TryAgain
from mxtrax.notify import fence, https
from mxtrax.notify.fence import PUBLIC, Fence
from mxtrax.notify.https import Answer, call
from tests.notify.receiver import Receiver, Say, receiver, silent_port

NOW = 1_795_341_600_000


@pytest.fixture
def there() -> Iterator[Receiver]:
    """Run a receiver."""
    with receiver() as it:
        yield it


def url(it: Receiver, path: str = "/hook", host: str = "hooks.example.com") -> str:
    """Name a path there."""
    return f"https://{host}:{it.port}{path}"


# --- what is answered -------------------------------------------------------------------------------------------------


def test_a_request_arrives_as_it_was_written(there: Receiver) -> None:
    """Method, path with its query, fields and body."""
    there.answers = [Say(202, b'{"status": "taken"}', (("X-Request-Id", "7"),))]
    body = json.dumps({"text": "Grüße"}).encode()
    fields = {"Content-Type": "application/json"}
    answer = call(url(there, "/a/b?c=%20d"), method="POST", body=body, headers=fields, fence=there.fence)
    assert (answer.status, answer.body, answer.headers["x-request-id"]) == (202, b'{"status": "taken"}', "7")
    assert answer.taken
    (asked,) = there.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/a/b?c=%20d", body)
    assert asked.headers["Host"] == f"hooks.example.com:{there.port}"
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["User-Agent"] == "MXTRAX"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_follows_a_redirect(there: Receiver, status: int) -> None:
    """It is an answer, but does not mean that the request was accepted."""
    there.answers = [Say(status, b"", (("Location", url(there, "/elsewhere")),))]
    answer = call(url(there), method="POST", body=b"{}", fence=there.fence)
    assert (answer.status, answer.taken) == (status, False)
    assert [it.path for it in there.asked] == ["/hook"]


def test_no_more_of_an_answer_is_read_than_was_wanted(there: Receiver) -> None:
    """However much a server sends."""
    there.answers = [Say(500, b"x" * 3_000_000)]
    assert len(call(url(there), fence=there.fence).body) == https.MOST
    assert len(call(url(there), most=10, fence=there.fence).body) == 10


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 22 Nov 2026 10:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 999_999_999.0),
        ("Sun, 99 Nov 99999 10:01:00 GMT", None),
    ],
)
def test_when_to_ask_again_is_understood(said: str, seconds: float | None) -> None:
    """In seconds, or as a date; what is neither says nothing."""
    assert Answer(status=429, body=b"", headers={"retry-after": said}).retry_after(NOW) == seconds


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_server_that_gives_a_byte_now_and_then_is_cut_off(there: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if each byte comes in time: in the fields, and in the body."""
    monkeypatch.setattr(https, "TOTAL_SECONDS", 0.5)
    for raw in (b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1_000, b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" * 40):
        there.answers = [Say(raw=raw)]
        began = time.monotonic()
        with pytest.raises(TryAgain, match=r"hooks\.example\.com"):
            call(url(there), fence=there.fence)
        assert time.monotonic() - began < 3


def test_endless_continues_are_cut_off(there: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may say 100 as often as it likes, but not for as long."""
    monkeypatch.setattr(https, "TOTAL_SECONDS", 0.5)
    there.answers = [Say(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 200)]
    with pytest.raises(TryAgain):
        call(url(there), fence=there.fence)


@pytest.mark.parametrize("raw", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_answer_is_none(there: Receiver, raw: bytes) -> None:
    """The call may be tried again; nothing that the server wrote is repeated."""
    there.slowly.set()
    there.answers = [Say(raw=raw)]
    with pytest.raises(TryAgain) as problem:
        call(url(there, "/secret-token"), fence=there.fence)
    assert "SSH" not in str(problem.value)
    assert "secret-token" not in str(problem.value)


def test_a_server_that_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection, and never answers the greeting."""
    monkeypatch.setattr(https, "READ_SECONDS", 0.2)
    with silent_port() as port, pytest.raises(TryAgain, match="did not answer in time"):
        call(f"https://hooks.example.com:{port}/", fence=_leading_to("127.0.0.1", port))


def test_a_certificate_of_another_name_is_not_trusted(there: Receiver) -> None:
    """An attacker with the address does not have the name."""
    with pytest.raises(TryAgain, match="certificate"):
        call(url(there, host="pager.example.org"), fence=there.fence)
    assert not there.asked


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(there: Receiver) -> None:
    """By the certificates of this machine the receiver's is nobody's."""
    with pytest.raises(TryAgain, match="certificate"):
        call(url(there), fence=replace(there.fence, trusts=fence.trusted))
    assert not there.asked


def test_the_next_address_is_tried(there: Receiver) -> None:
    """A host with an address that is out is reached by another one."""
    with socket.create_server(("127.0.0.2", 0)) as busy:
        busy.close()
        both = replace(there.fence, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"])
        assert call(url(there), fence=both).taken


def test_a_name_that_nobody_resolves_in_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The C library would wait for far longer."""
    monkeypatch.setattr(fence, "RESOLVE_SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", _slowly)
    with pytest.raises(TryAgain, match="not resolved"):
        call("https://hooks.example.com/")


def _slowly(*_: object, **__: object) -> Sequence[str]:
    time.sleep(0.5)
    return []


def test_a_name_that_is_not_there_may_be_there_later() -> None:
    """A fault of DNS passes."""
    with pytest.raises(TryAgain, match="cannot be resolved"):
        call("https://nobody.invalid/")


@pytest.mark.parametrize("value", ["a\r\nX-More: b", "a\nb"])
def test_no_field_is_smuggled_in(there: Receiver, value: str) -> None:
    """A line break in a field is refused before anything is sent."""
    with pytest.raises(Refused):
        call(url(there), headers={"X-Name": value}, fence=there.fence)
    assert not there.asked


# --- the fence --------------------------------------------------------------------------------------------------------


def _leading_to(address: str, port: int = 443) -> Fence:
    def resolve(*_: object) -> Sequence[str]:
        return [address]

    return replace(PUBLIC, resolve=resolve, allows=lambda _: True, port=port)


INSIDE = (
    "127.0.0.1",
    "169.254.169.254",
    "169.254.100.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "localhost",
    "10.1.2.3",
    "100.64.0.1",
    "172.16.9.9",
    "192.168.1.1",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2001:0:1::1]",
    "[::127.0.0.1]",
    "[fd00::1]",
    "[fe80::1]",
    "0.0.0.0",  # noqa: S104 -- is what is to be refused
    "[::]",
    "192.0.0.192",
    "192.88.99.1",
    "224.0.0.1",
    "[ff0e::1]",
    "255.255.255.255",
)


@pytest.mark.parametrize("host", INSIDE)
def test_what_is_not_public_is_never_called(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However its address is written."""
    monkeypatch.setattr(https, "_plain", _never)
    with pytest.raises(Refused, match="not a public address"):
        call(f"https://{host}/")


def _never(*_: object) -> socket.socket:
    raise AssertionError


def test_one_address_inside_is_enough_to_refuse_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the next call would take the other one."""
    monkeypatch.setattr(https, "_plain", _never)
    with pytest.raises(Refused):
        call("https://two.example/", fence=replace(PUBLIC, resolve=lambda *_: ["192.0.2.1", "8.8.8.8", "127.0.0.1"]))


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is resolved once: that it leads elsewhere a moment later changes nothing."""
    answers, called = [["8.8.8.8"], ["127.0.0.1"]], list[list[str]]()

    def plain(addresses: list[str], _: int) -> socket.socket:
        called.append(addresses)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(https, "_plain", plain)
    with pytest.raises(TryAgain, match="Connection refused"):
        call("https://rebinding.example/", fence=replace(PUBLIC, resolve=lambda *_: answers.pop(0)))
    assert called == [["8.8.8.8"]]


def test_public_addresses_are_allowed_and_ipv4_goes_first() -> None:
    """Functions have no way out by IPv6."""
    both = replace(PUBLIC, resolve=lambda *_: ["2606:4700::1111", "1.1.1.1"])
    assert both.lead_to("one.example") == ["1.1.1.1", "2606:4700::1111"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("http://hooks.example.com/", "must begin with https"),
        ("ftp://hooks.example.com/", "must begin with https"),
        ("//hooks.example.com/", "must begin with https"),
        ("hooks.example.com", "must begin with https"),
        ("", "must begin with https"),
        ("https://user@hooks.example.com/", "user or a password"),
        ("https://user:secret@hooks.example.com/", "user or a password"),
        ("https://@hooks.example.com/", "user or a password"),
        ("https://hooks.example.com:9001/", "a port other than"),
        ("https://hooks.example.com:0/", "a port other than"),
        ("https://hooks.example.com:x/", "not a URL"),
        ("https://[::1/", "not a URL"),
        ("https:///path", "name a host"),
        ("https://a..b/", "name a host"),
        ("https://host%2f.example/", "name a host"),
        ("https://" + "a" * 64 + ".example/", "name a host"),
        ("https://hooks.example.com/a b", "printable ASCII"),
        ("https://hooks.example.com/\r\nX: y", "printable ASCII"),
        ("https://hooks.example.com\t/", "printable ASCII"),
        ("https://müller.example/", "printable ASCII"),
        ("https://hooks.example.com/" + "a" * 2_000, "at most 2,000"),
    ],
)
def test_a_url_that_cannot_be_called_is_refused_with_a_sentence(wrong: str, sentence: str) -> None:
    """When it is saved, and when it is called."""
    with pytest.raises(Refused, match=sentence) as problem:
        PUBLIC.check(wrong)
    assert problem.value.field == "url"
    assert "secret" not in str(problem.value)
    with pytest.raises(Refused, match=sentence):
        call(wrong)


@pytest.mark.parametrize(
    "right", ["https://hooks.example.com", "https://hooks.example.com:443/a?b=c#d", "https://HOOKS.example.com./"]
)
def test_a_url_that_can_be_called_is_kept(right: str) -> None:
    """As it was written."""
    assert PUBLIC.check(right) == right
