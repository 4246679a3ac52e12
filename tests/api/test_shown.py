"""What is shown of a domain, a test and an incident beyond what is stored of them."""

from dataclasses import replace

from mxtrax.model import (
    MONITOR,
    Cause,
    Customer,
    DomainHealth,
    Hop,
    Incident,
    Kind,
    MailDomain,
    MailTest,
    MessageTrace,
    Recent,
    State,
    Verdict,
)
from mxtrax.store import fleet, mailtests, mapping, settings
from tests.api.client import NOW, Client

HOME = "/api/v3/maildomains"


def _failing(**values: object) -> MailDomain:
    """Add a failing domain of Acme's with an open incident; its newest returned test came back as an auto-reply."""
    fleet.add_customer(Customer(codename="acme", friendlyname="Acme Ltd"))
    (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname="a.example", customer="acme", maxlatenumber=7)])
    back, lost = NOW - 120_000, NOW - 60_000
    known = DomainHealth(
        maildomain=domain.key,
        state=State.FAILING,
        since=NOW,
        recent=(Recent(back, Verdict.ONTIME, 1_500), Recent(lost, Verdict.OVERDUE, None, Cause.NO_WORD)),
        incident="1-1",
        retest=True,
    )
    mapping.health_row(replace(known, **values)).save()  # type: ignore[arg-type]
    mapping.incident_row(
        Incident(id="1-1", maildomain=domain.key, customer="acme", opened=NOW, evidence="Nothing came back.")
    ).save()
    for testid, sendtime in (("t1", back), ("t2", lost)):
        test = MailTest(
            testid=testid, maildomain=domain.key, sendtime=sendtime, maxreturntime=30, max_sec_until_fail=600
        )
        mailtests.create([test], keep_days=90)
    mailtests.accepted({"t1": "ses1", "t2": "ses2"}, lost)
    mailtests.returned("t1", back + 1_500, Kind.AUTO_REPLY, "mail1", None)
    return domain


def test_a_domain_tells_what_holds_for_it(client: Client) -> None:
    """Its own settings where it has some, Config's elsewhere; and how long it still has to be on time."""
    _failing()
    shown = client.get(f"{HOME}/1").json
    assert shown["effective"] == {
        "interval_minutes": 15,
        "maxreturntime": 300,
        "max_sec_until_fail": 86_400,
        "maxfailnumber": 0,
        "maxfailpercentage": 0.0,
        "maxlatenumber": 7,
        "maxlatepercentage": 0.0,
    }
    assert (shown["needed"], shown["retest"], shown["window_hours"]) == (3, True, 24)


def test_a_domain_tells_why_it_fails(client: Client) -> None:
    """What a row of the overview tells, and what its incident rests on."""
    _failing()
    shown = client.get(f"{HOME}/1").json
    (row,) = client.get("/api/v3/overview").json["items"]
    assert {name: shown[name] for name in row} == row
    assert (shown["friendlyname"], shown["why"]) == ("Acme Ltd", "no word from their server")
    assert (shown["evidence"], shown["returned_as"]) == ("Nothing came back.", "auto-reply")


def test_a_domain_that_nothing_is_known_of_says_so(client: Client) -> None:
    """Null, and no guess."""
    fleet.add([MailDomain(id=0, testuser="mx", domainname="a.example")])
    shown = client.get(f"{HOME}/1").json
    assert [shown[name] for name in ("needed", "returned_as", "why", "last", "p95", "friendlyname")] == [None] * 6
    assert (shown["evidence"], shown["retest"]) == ("", False)


def test_recovery_counts_down(client: Client) -> None:
    """A domain that fell back needs twice as many; without a streak to reach, there is no number."""
    _failing(streak=1, relapses=1)
    assert client.get(f"{HOME}/1").json["needed"] == 5
    config = settings.load(client.settings.initial)
    settings.save(replace(config, recover_after=0))
    assert client.get(f"{HOME}/1").json["needed"] is None


def test_a_test_leads_to_its_domain(client: Client) -> None:
    """By its number, and with its cause in words; a domain that is gone is null."""
    domain = _failing()
    client = replace(client, now=NOW + 60_000)
    lost = client.get("/api/v3/mailtests/t2").json
    assert (lost["domain_id"], lost["cause"], lost["why"]) == (domain.id, "no_word", "no word from their server")
    assert client.get("/api/v3/mailtests/t1").json["why"] is None
    fleet.remove(domain, DomainHealth(maildomain=domain.key), NOW)
    assert client.get("/api/v3/mailtests/t2").json["domain_id"] is None


def test_a_test_shows_the_trail_of_its_mail(client: Client) -> None:
    """Its hops in order of travel, what was done to it, its header block; of one that nothing is kept of, nothing."""
    _failing()
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


def test_an_incident_leads_to_its_domain(client: Client) -> None:
    """By its number and its customer's name; the monitor's own belongs to neither."""
    _failing()
    mapping.incident_row(Incident(id="self-check", maildomain=MONITOR, opened=NOW + 1)).save()
    own, theirs = client.get("/api/v3/incidents").json["items"]
    assert (own["domain_id"], own["friendlyname"]) == (None, None)
    assert (theirs["domain_id"], theirs["friendlyname"]) == (1, "Acme Ltd")
    assert client.get("/api/v3/incidents/1-1").json == theirs


def test_an_incident_does_not_lead_to_another_customers_domain(client: Client) -> None:
    """A domain that has changed hands keeps its past with those whose it was, without a way in."""
    domain = _failing()
    fleet.add_customer(Customer(codename="beta", friendlyname="Beta"))
    fleet.save(replace(domain, customer="beta"))
    bound = client.signed_in("viewer", "customer:acme")
    assert bound.get("/api/v3/incidents/1-1").json["domain_id"] is None
