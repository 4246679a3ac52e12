"""What a worker keeps, and that all of it can be let go of."""

import pytest

from mxtrax import edge
from mxtrax.aws import clients
from mxtrax.jobs import receive
from mxtrax.runtime import memory
from mxtrax.store import directory, runtime
from tests.stage import START, stage


def test_what_is_kept_is_found_out_once_until_all_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A memoised function runs once for each of its arguments, and again after a reset."""
    monkeypatch.setattr(memory, "_ALL", [])
    asked = list[str]()

    @memory.kept
    def answer(of: str) -> str:
        asked.append(of)
        return of.upper()

    assert [answer("a"), answer("a"), answer("b")] == ["A", "A", "B"]
    assert asked == ["a", "b"]
    memory.reset()
    assert answer("a") == "A"
    assert asked == ["a", "b", "a"]


def test_a_worker_forgets_settings_clients_names_and_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a reset, a worker keeps nothing of the stack that it worked for: it begins like a new one."""
    with stage() as it:
        it.domain("customer.example")
        it.tick()
        monkeypatch.setenv("MXTRAX_TABLES", "t-")
        kept = edge.settings(), clients.client("s3")
        assert directory.find("customer", START) == ["mxtrax@customer.example"]
        assert receive._secret() == runtime.known_secret()
        memory.reset()
        monkeypatch.setenv("MXTRAX_BUCKET", "another")
        assert edge.settings() != kept[0]
        assert clients.client("s3") is not kept[1]
        assert (directory._kept, receive._known_secret) == ([], [])
