"""What `mxtrax doctor` checks in SES: can we send, are the mails authenticated, do they come back to us."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from infra.cli.doctor import account
from infra.cli.doctor.findings import Finding, good, note, problem
from infra.cli.target import Here
from mxtrax.jobs.plan import RATE_SHARE
from mxtrax.report.words import many
from mxtrax.rules import budget
from mxtrax.rules.limits import effective
from mxtrax.store import fleet, runtime

CALM_BOUNCES: Final = 2.0
MOST_BOUNCES: Final = 5.0
"""Per cent; above MOST_BOUNCES, AWS reviews the account."""

FEW: Final = 100
"""Out of this many domains, one may fail all day and still be retested each minute."""


def sender(here: Here) -> Finding:
    """Check that tests have a sender, and that it is the one that the stack was deployed for."""
    address, made_for = here.config.sendinguser, here.settings.sending_user
    if not address:
        return problem("no sendinguser is set: run `mxtrax config set sendinguser=ADDRESS`.")
    if made_for and address.rpartition("@")[2] != made_for.rpartition("@")[2]:
        return problem(f"tests are sent from {address}, but the inbox is {made_for}: make them the same.")
    return good(f"tests are sent from {address}.")


def identity(here: Here) -> Finding:
    """Check that SES allows us to send from the inbox's domain."""
    domain, known = _sender(here).rpartition("@")[2], account.identity(here, _sender(here))
    if known is None:
        return problem(f"SES does not know {domain}: deploy with CreateIdentity=true, or verify it in the SES console.")
    if not known.verified:
        return problem(
            f"{known.name} is not verified yet: set its DKIM records ({_named(here)}), then wait some minutes."
        )
    above = "" if known.name in (domain, _sender(here)) else f", and {domain} with it"
    return good(f"{known.name} is verified{above}.")


def dkim(here: Here) -> Finding:
    """Check that SES signs what we send."""
    known = _said(here).get("DkimAttributes", {})
    if known.get("Status") != "SUCCESS":
        return problem(f"DKIM is {_word(known.get('Status'))}: set the three CNAME records ({_named(here)}).")
    if not known.get("SigningEnabled"):
        return problem("SES does not sign: enable DKIM signing for the identity.")
    return good("SES signs every mail.")


def mail_from(here: Here) -> Finding:
    """Check that SPF passes for our own domain, which needs a custom MAIL FROM domain."""
    known = _said(here).get("MailFromAttributes", {})
    if not known.get("MailFromDomain"):
        return note("there is no custom MAIL FROM domain: SPF passes for amazonses.com only; set one for alignment.")
    if known.get("MailFromDomainStatus") != "SUCCESS":
        status = _word(known.get("MailFromDomainStatus"))
        return problem(f"{known['MailFromDomain']} is {status}: set its MX and TXT records ({_named(here)}).")
    return good(f"{known['MailFromDomain']} is set.")


def rule_set(here: Here) -> Finding:
    """Check that SES delivers incoming mail to us: our rule is in the active set, no matter who owns that."""
    name, rule, active = here.output("ReceiptRuleSet"), here.output("ReceiptRule"), _active(here)
    if active is None:
        return problem("no receipt rule set is active, so no mail comes in: run `mxtrax activate`.")
    ours = next((each for each in active["Rules"] if each.get("Name") == rule), None)
    if ours is None:
        return problem(
            f"the active rule set is {active['Name']}, and our rule {rule} is not in it: deploy with "
            f"ReceiptRuleSet={active['Name']}, or let `mxtrax activate` switch to {name}."
        )
    if not ours.get("Enabled"):
        return problem(f"the rule {rule} of {active['Name']} is switched off: switch it on in the SES console.")
    return good(f"{rule} is in {active['Name']}, which is active.")


def _active(here: Here) -> dict[str, Any] | None:
    found = here.client("ses").describe_active_receipt_rule_set()
    name = found.get("Metadata", {}).get("Name", "")
    return {"Name": name, "Rules": found.get("Rules", ())} if name else None


def events(here: Here) -> Finding:
    """Check that SES reports to us what becomes of a test."""
    name = here.output("ConfigurationSet")
    found = here.client("sesv2").get_configuration_set_event_destinations(ConfigurationSetName=name)
    on = [each for each in found.get("EventDestinations", ()) if each.get("Enabled")]
    told = {kind for each in on for kind in each.get("MatchingEventTypes", ())}
    if missing := {"DELIVERY", "BOUNCE", "DELIVERY_DELAY"} - told:
        return problem(f"{name} does not publish {', '.join(sorted(missing))}: deploy the stack again.")
    return good("deliveries, delays and bounces are published.")


def sandbox(here: Here) -> Finding:
    """Check that SES allows this account to send to anybody."""
    account = here.client("sesv2").get_account()
    if not account.get("ProductionAccessEnabled"):
        return problem("the account is in the sandbox and reaches verified addresses only: request production access.")
    if not account.get("SendingEnabled") or account.get("EnforcementStatus", "HEALTHY") == "SHUTDOWN":
        return problem("sending is switched off for this account: see the SES console's reputation page.")
    if account.get("EnforcementStatus", "HEALTHY") != "HEALTHY":
        return problem(f"the account is under {account['EnforcementStatus'].lower()}: answer AWS's support case.")
    return good("the account is out of the sandbox.")


def quota(here: Here) -> Finding:
    """Check that a day's tests fit into SES's daily quota, together with alerts, and with room for retests."""
    said = here.client("sesv2").get_account().get("SendQuota", {})
    allowed, told = int(said.get("Max24HourSend", 0)), here.settings.send_quota
    if allowed == -1:
        return good("there is no daily quota.")
    if told > allowed:
        return problem(
            f"SendQuota is {told:,} and SES allows {allowed:,} mails a day: deploy with SendQuota={allowed}."
        )
    tested, minute = list(fleet.everyone()), here.settings.minute_seconds
    day, planned = told or allowed, round(budget.nominal(tested, here.config, minute))
    needed = f"the fleet needs {planned:,} of {day:,} mails a day, and alerts {budget.ALERTS} %"
    more = (
        f"deploy with SendQuota={allowed}"
        if allowed > day
        else "request a higher quota and deploy with it as SendQuota"
    )
    if budget.share(planned, day) < 0:
        return problem(f"{needed}, which exceeds the quota: {more}, or raise interval_minutes.")
    others = round(said.get("SentLast24Hours", 0)) - budget.spent(runtime.spent_by_hour(), here.now())[0]
    if told and others > max(allowed - planned, 0):
        return problem(f"{needed}, but others in this account sent {others:,} in the last day: {more}.")
    afforded = min(len(tested), budget.retested_all_day(planned, day, here.config, minute))
    rest = f"{needed}; the rest retests {many(afforded, 'failing domain')} all day"
    if afforded < min(len(tested), max(1, len(tested) // FEW)):
        return note(f"{rest}, and more of them less often: {more}.")
    return good(f"{rest}.")


def rate(here: Here) -> Finding:
    """Check that our sending rate is the one that SES allows, and is enough for the fleet."""
    allowed = here.client("sesv2").get_account().get("SendQuota", {}).get("MaxSendRate", 0)
    told, needed = here.settings.send_rate, _tests_a_minute(here) / 60
    if told > allowed:
        return problem(
            f"SendRate is {told:g} and SES allows {allowed:g} mails a second: deploy with SendRate={allowed:g}."
        )
    if needed > told * RATE_SHARE:
        return problem(
            f"the fleet needs {needed:.1f} mails a second and has {told * RATE_SHARE:.1f}: "
            "request a higher rate and deploy with it as SendRate, or raise interval_minutes."
        )
    if told < allowed / 2:
        return note(
            f"SES allows {allowed:g} mails a second, and SendRate is {told:g}: a higher SendRate spreads tests better."
        )
    return good(f"the fleet needs {needed:.1f} of {told * RATE_SHARE:.1f} mails a second.")


def bounce_rate(here: Here) -> Finding:
    """Check that the bounce rate gives AWS no reason to review the account."""
    now = datetime.now(UTC)
    found = here.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SES",
        MetricName="Reputation.BounceRate",
        StartTime=now - timedelta(days=2),
        EndTime=now,
        Period=3_600,
        Statistics=["Average"],
    )
    points = sorted(found.get("Datapoints", ()), key=lambda point: point["Timestamp"])
    if not points:
        return note("AWS has published no bounce rate yet.")
    percent = points[-1]["Average"] * 100
    said = f"{percent:.1f} % of the mails bounced"
    if percent > MOST_BOUNCES:
        return problem(f"{said}, and AWS reviews accounts above {MOST_BOUNCES:g} %: pause the domains that refuse.")
    if percent > CALM_BOUNCES:
        return note(f"{said}: pause the domains that refuse before it is {MOST_BOUNCES:g} %.")
    return good(f"{said}.")


def _sender(here: Here) -> str:
    return here.config.sendinguser or here.settings.sending_user


def _said(here: Here) -> Mapping[str, Any]:
    """Give what SES says about the identity that sends tests; nothing if there is none."""
    known = account.identity(here, _sender(here))
    return known.said if known else {}


def _tests_a_minute(here: Here) -> float:
    config, minute = here.config, here.settings.minute_seconds / 60
    tested = [each for each in fleet.everyone() if not each.maintmode]
    return sum(1 / (effective(each, config).interval_minutes) for each in tested) / minute


def _named(here: Here) -> str:
    """Say where to find the identity's records: this stack has only those of its own identity."""
    return "see DNS records" if "DnsMailFromMx" in here.outputs else "the SES console shows them"


def _word(status: str | None) -> str:
    return (status or "not set").lower().replace("_", " ")
