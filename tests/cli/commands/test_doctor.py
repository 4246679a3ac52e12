"""A deployment is checked: every problem comes with what to do."""

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest

from infra.cli.doctor import dns
from mxtrax.model import ChannelConfig, ChannelKind, ChannelState
from mxtrax.rules import channels as rules
from mxtrax.store import channels, runtime, schema
from mxtrax.store.tables import RuntimeRow
from tests.cli.operator import Operator

DNS = {
    "DnsMx": "monitor.example.net MX 10 inbound-smtp.eu-west-1.amazonaws.com",
    "DnsDkim1": "one._domainkey.monitor.example.net CNAME one.dkim.amazonses.com",
    "DnsMailFromMx": "bounce.monitor.example.net MX 10 feedback-smtp.eu-west-1.amazonses.com",
    "DnsMailFromSpf": 'bounce.monitor.example.net TXT "v=spf1 include:amazonses.com -all"',
}
ACCOUNT: dict[str, Any] = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 100.0, "SentLast24Hours": 10.0},
    "PricingAttributes": {"CurrentPlan": "NONE"},
}
IDENTITY: dict[str, Any] = {
    "VerifiedForSendingStatus": True,
    "DkimAttributes": {"Status": "SUCCESS", "SigningEnabled": True},
    "MailFromAttributes": {"MailFromDomain": "bounce.monitor.example.net", "MailFromDomainStatus": "SUCCESS"},
}
EVENTS = {"EventDestinations": [{"Enabled": True, "MatchingEventTypes": ["DELIVERY", "BOUNCE", "DELIVERY_DELAY"]}]}


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], list[str]]:
    """Give the records in the DNS: those that the stack requires."""
    known = dict[tuple[str, str], list[str]]()
    for said in DNS.values():
        name, kind, value = said.split(None, 2)
        known[name, kind] = [value.strip('"') if kind == "TXT" else f"{value}."]
    monkeypatch.setattr(dns, "lookup", lambda name, kind: known.get((name, kind), []))
    return known


@pytest.fixture
def healthy(operator: Operator, zone: dict[tuple[str, str], list[str]]) -> Operator:
    """Give the operator a deployment in which all is well."""
    it = operator.it
    it.domain()
    operator.does("migrate")
    operator.outputs |= DNS | {"ConfigurationSet": "mxtrax"}
    for job in ("plan", "send", "aggregate", "alert", "watch"):
        runtime.heartbeat(job, it.now)
    ses = boto3.client("ses")
    ses.create_receipt_rule_set(RuleSetName="mxtrax")
    ses.create_receipt_rule(
        RuleSetName="mxtrax", Rule={"Name": "mxtrax-inbox", "Enabled": True, "Recipients": [], "Actions": []}
    )
    ses.set_active_receipt_rule_set(RuleSetName="mxtrax")
    boto3.client("sns").subscribe(TopicArn=it.settings.alert_topic, Protocol="email", Endpoint="pager@example.org")
    events, feedback = boto3.client("events"), it.settings.send_queue.rpartition("/")[2]
    events.put_rule(Name="mxtrax-EveryMinute", ScheduleExpression="rate(1 minute)")
    events.put_rule(Name="mxtrax-SesEventsIn", EventPattern=json.dumps({"source": ["aws.ses"]}))
    arn = f"arn:aws:sqs:eu-west-1:123456789012:{feedback}"
    events.put_targets(Rule="mxtrax-SesEventsIn", Targets=[{"Id": "feedback", "Arn": arn}])
    dead = boto3.client("sqs").create_queue(QueueName="dead")["QueueUrl"]
    resources = [
        ("AWS::Events::Rule", "PlanFunctionEveryMinute", "mxtrax-EveryMinute"),
        ("AWS::Events::Rule", "SesEventsIn", "mxtrax-SesEventsIn"),
        ("AWS::SQS::Queue", "SendQueue", it.settings.send_queue),
        ("AWS::SQS::Queue", "SendDeadQueue", dead),
    ]
    summaries = [{"ResourceType": k, "LogicalResourceId": n, "PhysicalResourceId": p} for k, n, p in resources]
    operator.answers |= {
        "GetAccount": ACCOUNT,
        "GetEmailIdentity": IDENTITY,
        "GetConfigurationSetEventDestinations": EVENTS,
        "DescribeAlarms": {"MetricAlarms": []},
        "GetAccountSettings": {"AccountLimit": {"ConcurrentExecutions": 1_000}},
        "ListStackResources": {"StackResourceSummaries": summaries},
    }
    return operator


def _findings(operator: Operator) -> dict[str, tuple[str, str]]:
    result = operator.says("doctor", "--json")
    found = {it["check"]: (it["state"], it["finding"]) for it in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == any(state == "PROBLEM" for state, _ in found.values())
    return found


def test_of_a_healthy_deployment_there_is_nothing_to_say(healthy: Operator) -> None:
    """Every check is shown, none is a problem, and the exit code is 0."""
    assert {name: state for name, (state, _) in _findings(healthy).items() if state != "ok"} == {
        "bounce rate": "note",
        "protection": "note",
        "rollback triggers": "note",
    }
    assert _findings(healthy)["layout of the tables"] == ("ok", "version 1.")
    healthy.parameters["Protect"] = "true"
    assert _findings(healthy)["protection"][0] == "ok"
    out = healthy.does("doctor")
    assert "PROBLEM" not in out


def test_a_new_accounts_limit_is_noted(healthy: Operator) -> None:
    """Ten concurrent functions suffice for a small fleet; AWS raises the limit on request."""
    healthy.answers["GetAccountSettings"] = {"AccountLimit": {"ConcurrentExecutions": 10}}
    state, said = _findings(healthy)["concurrency"]
    assert (state, said.partition(",")[0]) == ("note", "Lambda runs 10 functions at once")


def test_the_layout_of_the_tables_is_compared(healthy: Operator) -> None:
    """A new stack should record it, and one of a later release must not be touched."""
    assert schema.save(replace(schema.load(), version=0))
    assert _findings(healthy)["layout of the tables"][0] == "note"
    assert schema.save(replace(schema.load(), version=9))
    state, said = _findings(healthy)["layout of the tables"]
    assert (state, said.partition(",")[0]) == ("PROBLEM", "The tables have the layout of version 9")


@pytest.mark.parametrize(
    ("call", "answer", "check", "sentence"),
    [
        ("GetEmailIdentity", "NotFoundException", "identity", "SES does not know monitor.example.net: deploy with"),
        ("GetEmailIdentity", {"VerifiedForSendingStatus": False}, "identity", "is not verified yet"),
        ("GetEmailIdentity", {"DkimAttributes": {"Status": "PENDING"}}, "DKIM", "DKIM is pending: set the three CNAME"),
        ("GetEmailIdentity", IDENTITY | {"DkimAttributes": {"Status": "SUCCESS"}}, "DKIM", "SES does not sign"),
        (
            "GetEmailIdentity",
            {"MailFromAttributes": {"MailFromDomain": "b.example", "MailFromDomainStatus": "TEMPORARY_FAILURE"}},
            "MAIL FROM",
            "b.example is temporary failure",
        ),
        ("GetAccount", ACCOUNT | {"ProductionAccessEnabled": False}, "sandbox", "request production access"),
        ("GetAccount", ACCOUNT | {"EnforcementStatus": "PROBATION"}, "sandbox", "under probation"),
        ("GetAccount", ACCOUNT | {"SendingEnabled": False}, "sandbox", "sending is switched off"),
        (
            "GetAccount",
            ACCOUNT | {"SendQuota": {"Max24HourSend": 200.0, "MaxSendRate": 100.0}},
            "sending quota",
            "the fleet needs 1,440 of 200 mails a day, and alerts 5 %, which exceeds the quota: request a higher quota",
        ),
        (
            "GetAccount",
            ACCOUNT | {"SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 1.0}},
            "sending rate",
            "deploy with SendRate=1.",
        ),
        (
            "DescribeAlarms",
            {"MetricAlarms": [{"AlarmName": "mxtrax-Alarms-1ABC-PlanSilent-2DEF"}]},
            "alarms",
            "in alarm: PlanSilent; docs/operations.md",
        ),
        ("DescribeRule", {"State": "DISABLED"}, "events' way", "the rule mxtrax-SesEventsIn is switched off"),
        ("ListTargetsByRule", {"Targets": []}, "events' way", "does not send to"),
        ("GetAccount", "AccessDeniedException", "sandbox", "allow these credentials to call GetAccount"),
        ("GetAccount", "InternalFailure", "sandbox", "GetAccount said InternalFailure; try again"),
        ("GetConfigurationSetEventDestinations", {}, "SES events", "does not publish BOUNCE, DELIVERY, DELIVERY_DELAY"),
        (
            "GetMetricStatistics",
            {"Datapoints": [{"Timestamp": 1, "Average": 0.02}, {"Timestamp": 2, "Average": 0.061}]},
            "bounce rate",
            "6.1 % of the mails bounced, and AWS reviews accounts above 5 %",
        ),
        ("DescribeActiveReceiptRuleSet", {}, "rule set", "run `mxtrax activate`"),
        ("DescribeActiveReceiptRuleSet", {"Metadata": {"Name": "theirs"}}, "rule set", "ReceiptRuleSet=theirs"),
        (
            "DescribeActiveReceiptRuleSet",
            {"Metadata": {"Name": "mxtrax"}, "Rules": [{"Name": "mxtrax-inbox", "Enabled": False}]},
            "rule set",
            "mxtrax-inbox of mxtrax is switched off",
        ),
        ("DescribeRule", {"Name": "r", "ScheduleExpression": "x", "State": "DISABLED"}, "schedules", "switched off: r"),
        ("ListStackResources", {"StackResourceSummaries": []}, "schedules", "has no schedules"),
        (
            "GetQueueAttributes",
            {"Attributes": {"ApproximateNumberOfMessages": "3"}},
            "dead letters",
            "3 in SendDeadQueue",
        ),
        ("GetQueueAttributes", {"Attributes": {"ApproximateNumberOfMessages": "3000"}}, "queues", "3,000 in SendQueue"),
    ],
)
def test_each_fault_is_a_problem_with_a_remedy(
    healthy: Operator, call: str, answer: dict[str, Any] | str, check: str, sentence: str
) -> None:
    """And the exit code says that something is wrong."""
    healthy.answers[call] = answer
    state, found = _findings(healthy)[check]
    assert state == "PROBLEM"
    assert sentence in found


def test_a_console_under_its_own_name_is_looked_up(healthy: Operator, zone: dict[tuple[str, str], list[str]]) -> None:
    """By a CNAME, or where none may be, by an alias, which only shows addresses."""
    assert _findings(healthy)["console's name"][0] == "ok"
    healthy.outputs["DnsConsole"] = "mail.example.net CNAME d-1.execute-api.eu-west-1.amazonaws.com"
    found = _findings(healthy)
    assert found["console's name"] == ("PROBLEM", f"add to the DNS: {healthy.outputs['DnsConsole']}")
    assert found["DNS records"][0] == "ok"
    zone["mail.example.net", "CNAME"] = ["d-1.execute-api.eu-west-1.amazonaws.com."]
    assert _findings(healthy)["console's name"] == ("ok", "mail.example.net leads to the console.")
    zone["mail.example.net", "CNAME"] = []
    zone["mail.example.net", "A"] = ["192.0.2.7"]
    assert _findings(healthy)["console's name"][0] == "PROBLEM"
    zone["d-1.execute-api.eu-west-1.amazonaws.com", "A"] = ["192.0.2.8", "192.0.2.7"]
    assert _findings(healthy)["console's name"][0] == "ok"


def test_certificate_and_key_of_the_stack_are_looked_at(healthy: Operator) -> None:
    """Only if it was deployed with them; preflight looks in the same way before."""
    found = _findings(healthy)
    assert (found["certificate"][0], found["key"][0]) == ("ok", "ok")
    healthy.parameters |= {
        "ConsoleDomain": "mail.example.net",
        "ConsoleCertificate": "arn:aws:acm:eu-west-1:123456789012:certificate/1",
        "KmsKey": "arn:aws:kms:eu-west-1:123456789012:key/1",
    }
    healthy.answers |= {
        "DescribeCertificate": {"Certificate": {"DomainName": "mail.example.net", "Status": "EXPIRED"}},
        "DescribeKey": {"KeyMetadata": {"KeyId": "1", "KeyState": "Disabled"}},
        "GetKeyPolicy": {"Policy": "{}"},
    }
    found = _findings(healthy)
    assert found["certificate"] == ("PROBLEM", "the certificate is expired: request another for mail.example.net.")
    assert found["key"] == ("PROBLEM", "the key is disabled: enable it, or nothing can be read any more.")


def test_triggers_of_alarms_that_are_gone_are_a_problem(healthy: Operator) -> None:
    """CloudFormation fails every update whose trigger does not exist."""
    alarm = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:PlanSilent"
    resources = healthy.answers["ListStackResources"]
    assert isinstance(resources, dict)
    resources["StackResourceSummaries"] += [
        {"ResourceType": "x", "LogicalResourceId": name, "PhysicalResourceId": name}
        for name in ("Alarms", "PlanSilent")
    ]
    healthy.answers["DescribeAlarms"] = lambda _: {"MetricAlarms": []}
    healthy.described["RollbackConfiguration"] = {
        "MonitoringTimeInMinutes": 15,
        "RollbackTriggers": [{"Arn": alarm, "Type": "AWS::CloudWatch::Alarm"}],
    }
    state, said = _findings(healthy)["rollback triggers"]
    assert (state, alarm in said, "run `mxtrax rollback-triggers`" in said) == ("PROBLEM", True, True)
    healthy.answers["DescribeAlarms"] = {
        "MetricAlarms": [{"AlarmName": "mxtrax-Alarms-1-PlanSilent-2", "AlarmArn": alarm}]
    }
    found = _findings(healthy)["rollback triggers"]
    assert found == ("ok", "an update is undone if one of 1 alarm rings within 15 minutes.")


@pytest.mark.parametrize(
    ("allowed", "sent", "told", "state", "sentence"),
    [
        (
            50_000,
            10,
            "",
            "ok",
            "the fleet needs 720 of 50,000 mails a day, and alerts 5 %; the rest retests 1 failing domain",
        ),
        (
            50_000,
            10,
            "50001",
            "PROBLEM",
            "SendQuota is 50,001 and SES allows 50,000 mails a day: deploy with SendQuota=50000.",
        ),
        (
            50_000,
            10,
            "750",
            "PROBLEM",
            "needs 720 of 750 mails a day, and alerts 5 %, which exceeds the quota: deploy with",
        ),
        (750, 10, "", "PROBLEM", "exceeds the quota: request a higher quota"),
        (
            1_500,
            10,
            "",
            "note",
            "retests 0 failing domains all day, and more of them less often: request a higher quota",
        ),
        (50_000, 49_300, "50000", "PROBLEM", "but others in this account sent 49,300 in the last day"),
        (-1, 10, "", "ok", "there is no daily quota."),
    ],
)
def test_a_days_quota_is_for_rounds_alerts_and_retests(
    healthy: Operator, allowed: int, sent: int, told: str, state: str, sentence: str
) -> None:
    """One domain every two minutes, retested each minute if it fails; others may use the same account."""
    healthy.it.configure(interval_minutes=2)
    healthy.parameters |= {"SendQuota": told} if told else {}
    healthy.answers["GetAccount"] = ACCOUNT | {
        "SendQuota": {"Max24HourSend": float(allowed), "MaxSendRate": 100.0, "SentLast24Hours": float(sent)}
    }
    found = _findings(healthy)["sending quota"]
    assert found[0] == state
    assert sentence in found[1]


@pytest.mark.parametrize(
    ("plan", "state", "sentence"),
    [
        ({"CurrentPlan": "NONE"}, "ok", "there is no pricing plan: about 0.10 USD for 1,000 mails."),
        (
            {"CurrentPlan": "ESSENTIALS"},
            "note",
            "is Essentials: about 0.16 USD for 1,000 mails. Without a plan they cost",
        ),
        ({"CurrentPlan": "ESSENTIALS", "NextPlan": "NONE"}, "ok", "and from next month without a plan, about 0.10 USD"),
        ({"CurrentPlan": "LATER"}, "note", "the pricing plan is Later. Without a plan they cost about 0.10 USD"),
        ({}, "note", "does not say which pricing plan this account has. New accounts pay about 0.16 USD"),
    ],
)
def test_what_a_thousand_mails_cost_is_told_with_the_way_to_less(
    healthy: Operator, plan: dict[str, str], state: str, sentence: str
) -> None:
    """Expensive, but nothing is broken."""
    healthy.answers["GetAccount"] = ACCOUNT | {"PricingAttributes": plan}
    found = _findings(healthy)["pricing plan"]
    assert found[0] == state
    assert sentence in found[1]
    assert (state == "note") == ("`aws sesv2 put-account-pricing-attributes --plan NONE`" in found[1])


def test_a_domain_above_may_be_the_one_that_is_verified(healthy: Operator) -> None:
    """SES sends mail for all its subdomains; the nearest verified identity counts, for DKIM and MAIL FROM as well."""
    known: dict[str, dict[str, Any]] = {"example.net": IDENTITY}
    healthy.answers["GetEmailIdentity"] = lambda name: known.get(name, "NotFoundException")
    found = _findings(healthy)
    assert found["identity"] == ("ok", "example.net is verified, and monitor.example.net with it.")
    assert found["DKIM"][0] == "ok"
    known["monitor.example.net"] = {"VerifiedForSendingStatus": False}
    assert _findings(healthy)["identity"] == ("ok", "example.net is verified, and monitor.example.net with it.")
    del known["example.net"]
    assert "monitor.example.net is not verified yet" in _findings(healthy)["identity"][1]
    known["mxtrax@monitor.example.net"] = IDENTITY
    assert _findings(healthy)["identity"] == ("ok", "mxtrax@monitor.example.net is verified.")


def test_records_that_are_missing_are_told_as_they_should_be(
    healthy: Operator, zone: dict[tuple[str, str], list[str]]
) -> None:
    """So that they can be copied."""
    zone.clear()
    found = _findings(healthy)
    assert DNS["DnsDkim1"] in found["DNS records"][1]
    assert found["MX of the inbox"] == ("PROBLEM", f"add to the DNS: {DNS['DnsMx']}")
    zone["monitor.example.net", "MX"] = ["10 inbound-smtp.eu-west-1.amazonaws.com.", "20 mx.other.example."]
    assert "mx.other.example" in _findings(healthy)["MX of the inbox"][1]


def test_without_a_name_server_nothing_is_claimed(healthy: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without DNS does not mean a fault of the deployment."""

    def nobody(name: str, kind: str) -> list[str]:
        raise dns.NoResolver("no name server answered")

    monkeypatch.setattr(dns, "lookup", nobody)
    assert _findings(healthy)["DNS records"] == ("note", "not checked (no name server answered).")


def test_our_own_machinery_is_looked_at(healthy: Operator) -> None:
    """A silent job, a stuck mail, a wrong clock, nobody to notify."""
    healthy.it.arrive(b"Subject: x\r\n\r\n")
    healthy.it.wait(20 * 3600)
    healthy.it.configure(alertuser=("ops@customer.example",))
    found = _findings(healthy)
    assert "plan 20 h ago" in found["last round"][1]
    assert "1 mail waiting" in found["inbox"][1]
    assert found["clock"] == ("PROBLEM", "this machine's clock is 20 h ahead: synchronise it with NTP.")
    assert found["alert path"][0] == "ok"
    for each in boto3.client("sns").list_subscriptions()["Subscriptions"]:
        boto3.client("sns").unsubscribe(SubscriptionArn=each["SubscriptionArn"])
    assert "is in a domain that is monitored here" in _findings(healthy)["alert path"][1]
    healthy.it.configure(alertuser=(), sendinguser="mxtrax@elsewhere.example")
    found = _findings(healthy)
    assert "nobody would be notified" in found["alert path"][1]
    assert "make them the same" in found["sender"][1]


def test_a_channel_that_takes_no_notices_is_a_problem(healthy: Operator) -> None:
    """Since when, and what its service answers; one that is switched off is ignored."""
    assert _findings(healthy)["channels"] == ("ok", "0 channels on, and none fails.")
    them = [
        ChannelConfig(id=name, name=name, kind=ChannelKind.PAGERDUTY, enabled=name != "off") for name in ("a", "off")
    ]
    assert channels.save(channels.load(), them)
    for each in them:
        channels.note_state(each.id, rules.refused(ChannelState(), healthy.it.now, "it answers 403 revoked\x1b[31m"))
    healthy.it.wait(7_200)
    state, said = _findings(healthy)["channels"]
    assert state == "PROBLEM"
    assert said.startswith("a (pagerduty) has delivered nothing for 2 h: it answers 403 revoked")
    assert said.endswith("; fix it, then run `mxtrax channels test a`.")
    assert said.isprintable()


def test_a_new_deployment_says_which_jobs_never_ran(healthy: Operator) -> None:
    """Before the first minute is over, too."""
    for job in ("aggregate", "alert"):
        RuntimeRow(f"heartbeat-{job}").delete()
    assert "aggregate, alert never finished a round" in _findings(healthy)["last round"][1]


def test_our_rule_may_be_in_another_set(healthy: Operator) -> None:
    """If the account had one before: our rule must be in the active one."""
    rules = [{"Name": "theirs", "Enabled": True}, {"Name": "mxtrax-inbox", "Enabled": True}]
    healthy.answers["DescribeActiveReceiptRuleSet"] = {"Metadata": {"Name": "shared"}, "Rules": rules}
    assert _findings(healthy)["rule set"] == ("ok", "mxtrax-inbox is in shared, which is active.")
