"""Single tests: what is shown of them beyond what is stored."""

from dataclasses import replace

from mxtrax.model import DomainHealth, Hop, Kind, MessageTrace
from mxtrax.store import fleet, mailtests
from tests.api.client import NOW, Client
from tests.api.stored import add_failing


def test_a_test_leads_to_its_domain(client: Client) -> None:
    """By its number, and with its cause in words; a domain that is gone is null."""
    domain = add_failing()
    client = replace(client, now=NOW + 60_000)
    lost = client.get("/api/v3/mailtests/t2").json
    assert (lost["domain_id"], lost["cause"], lost["why"]) == (domain.id, "no_word", "no server reports anything")
    assert client.get("/api/v3/mailtests/t1").json["why"] is None
    fleet.remove(domain, DomainHealth(maildomain=domain.key), NOW)
    assert client.get("/api/v3/mailtests/t2").json["domain_id"] is None


def test_a_test_shows_the_trail_of_its_mail(client: Client) -> None:
    """Its hops in order of travel, the changes to it, its header block; nothing if no trace was kept."""
    add_failing()
    trace = MessageTrace(
        hops=(
            Hop(from_="ses.example", by="mx.example", protocol="ESMTPS", tls=True, time=NOW),
            Hop(from_="mx.example", by="in.example", time=NOW - 2_000, gap=0, skew=2_000),
            Hop(by="?"),
        ),
        verdicts={"spf": "pass"},
        dkim_body="changed",
        headers="Subject: t2",
    )
    mailtests.returned("t2", NOW + 1, Kind.MESSAGE, "mail2", None, trace=trace)
    shown = client.get("/api/v3/mailtests/t2").json
    assert shown["hops"][:2] == [
        {
            "by": "mx.example", "from": "ses.example", "at": "2025-11-22T12:00:00Z", "protocol": "ESMTPS", "tls": True,
            "gap": None, "skew": False,
        },
        {
            "by": "in.example", "from": "mx.example", "at": "2025-11-22T11:59:58Z", "protocol": "", "tls": False,
            "gap": 0.0, "skew": True,
        },
    ]  # fmt: skip
    assert (shown["hops"][2]["at"], shown["hops"][2]["from"]) == (None, "")
    assert {name: word for name, word in shown["integrity"].items() if word} == {"spf": "pass", "dkim_body": "changed"}
    assert shown["headers"] == "Subject: t2"
    bare = client.get("/api/v3/mailtests/t1").json
    assert (bare["hops"], bare["integrity"], bare["headers"]) == ([], None, None)
