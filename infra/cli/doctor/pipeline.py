"""What `mxtrax doctor` checks in our own machinery: does it run, is anything stuck, would anybody be notified."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Final

from infra.cli.doctor.findings import Finding, good, note, problem
from infra.cli.doctor.updates import resources
from infra.cli.target import Here
from mxtrax.admin import migrating
from mxtrax.inbox import open_inbox
from mxtrax.model import DAY, MINUTE, SECOND
from mxtrax.report.words import clean, many
from mxtrax.rules import vitals
from mxtrax.rules.cause import span
from mxtrax.store import channels, customers, fleet, runtime

JOBS: Final = tuple(job.name for job in vitals.JOBS if job.at_once)
SILENT: Final = 4
"""Minutes after which a job that runs every minute has stopped."""

STUCK: Final = 20 * MINUTE
"""How old a mail in the inbox gets at most if the sweep works."""

SKEW: Final = 30 * SECOND
ENOUGH_AT_ONCE: Final = 100
"""Executions at once: queues and schedules take up to 50, and people, the API and mail that comes in need the rest."""

LONG_QUEUE: Final = 1_000
LATELY: Final = 7 * DAY
"""How long a bounced alert is reported."""


def schedules(here: Here) -> Finding:
    """Check that plan and alert are called every minute."""
    names = [name for kind, _, name in resources(here, here.stack) if kind == "AWS::Events::Rule"]
    rules = [here.client("events").describe_rule(Name=name.rpartition("|")[2]) for name in names]
    timed = [rule for rule in rules if rule.get("ScheduleExpression")]
    if not timed:
        return problem("the stack has no schedules: deploy it again.")
    if off := [rule["Name"] for rule in timed if rule.get("State") != "ENABLED"]:
        return problem(f"switched off: {', '.join(off)}; run `aws events enable-rule --name NAME` for each.")
    return good(f"{many(len(timed), 'schedule')} on.")


def layout(_: Here) -> Finding:
    """Check that the tables have the layout of this release."""
    try:
        due = migrating.due()
    except migrating.LaterRelease as later:
        return problem(str(later))
    if due and due[0] is migrating.STEPS[0]:  # a new stack has nothing to change
        return note("no version is noted yet: run `mxtrax migrate` once.")
    if due:
        return problem(f"`mxtrax migrate` is due: {' '.join(step.what for step in due)}")
    return good(f"version {migrating.STEPS[-1].version}.")


def alarms(here: Here) -> Finding:
    """Check that none of the stack's alarms is in alarm."""
    pages = here.client("cloudwatch").get_paginator("describe_alarms")
    found = pages.paginate(AlarmNamePrefix=f"{here.stack}-Alarms-", StateValue="ALARM")
    ringing = sorted(_alarm(it["AlarmName"], here.stack) for page in found for it in page.get("MetricAlarms", ()))
    if ringing:
        return problem(f"in alarm: {', '.join(ringing)}; docs/operations.md says what to do about each.")
    return good("none is in alarm.")


def _alarm(name: str, stack: str) -> str:
    """Give an alarm's name in the template: in a nested stack, CloudFormation names it STACK-Alarms-ID-NAME-ID."""
    return name.removeprefix(f"{stack}-Alarms-").split("-")[1]


def concurrency(here: Here) -> Finding:
    """Check that the account allows enough concurrent functions for all jobs."""
    allowed = int(here.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"])
    if allowed < ENOUGH_AT_ONCE:
        return note(f"Lambda runs {allowed} functions at once, in the whole account: request 1,000 (Service Quotas).")
    return good(f"Lambda runs {allowed:,} functions at once.")


def events_in(here: Here) -> Finding:
    """Check that SES's events reach the feedback queue."""
    rule = next((name for _, logical, name in resources(here, here.stack) if logical == "SesEventsIn"), None)
    if rule is None:
        return problem("the stack has no rule for SES's events: deploy it again.")
    name = rule.rpartition("|")[2]
    if here.client("events").describe_rule(Name=name).get("State") != "ENABLED":
        return problem(f"the rule {name} is switched off: run `aws events enable-rule --name {name}`.")
    wanted = here.output("FeedbackQueueUrl").rpartition("/")[2]
    arns = [it["Arn"] for it in here.client("events").list_targets_by_rule(Rule=name)["Targets"]]
    if wanted not in {arn.rpartition(":")[2] for arn in arns}:
        return problem(f"the rule {name} does not send to {wanted}: deploy the stack again.")
    return good(f"SES's events reach {wanted}.")


def queues(here: Here) -> Finding:
    """Check that work does not pile up."""
    waiting = {name: number for name, number in _queues(here) if "Dead" not in name}
    long = {name: number for name, number in waiting.items() if number > LONG_QUEUE}
    if long:
        said = ", ".join(f"{number:,} in {name}" for name, number in long.items())
        return problem(f"messages are piling up: {said}; see the functions' errors and throttles in CloudWatch.")
    return good(f"{many(sum(waiting.values()), 'message')} waiting.")


def dead_letters(here: Here) -> Finding:
    """Check that no message was given up."""
    dead = {name: number for name, number in _queues(here) if "Dead" in name and number}
    if dead:
        said = ", ".join(f"{number:,} in {name}" for name, number in dead.items())
        return problem(f"failed permanently: {said}; read one, then redrive the queue (docs/operations.md).")
    return good("none.")


def inbox(here: Here) -> Finding:
    """Check that every mail in the inbox is accounted for."""
    old = sum(1 for _ in open_inbox(here.settings).arrivals(here.now() - STUCK))
    if old:
        return problem(f"{many(old, 'mail')} waiting for more than {span(STUCK)}: run `mxtrax receivetests`.")
    return good("no mail is stuck.")


def last_round(here: Here) -> Finding:
    """Check that each job has finished a round recently."""
    now, minute = here.now(), here.settings.minute_seconds * SECOND
    heartbeats = {job: runtime.last_heartbeat(job, now) for job in JOBS}
    if never := [job for job, at in heartbeats.items() if at is None]:
        return problem(f"{', '.join(never)} never finished a round: check its log and the schedules.")
    ages = {job: max(0, now - at) for job, at in heartbeats.items() if at is not None}
    # The local AWS calls its schedules every 60 to 70 seconds, however long a minute is meant to be.
    if late := {job: age for job, age in ages.items() if age > SILENT * max(minute, MINUTE)}:
        said = ", ".join(f"{job} {span(age)} ago" for job, age in late.items())
        return problem(f"stopped: {said}; check its log for errors.")
    return good(f"{span(max(ages.values()))} ago.")


def alert_path(here: Here) -> Finding:
    """Check that an alert would reach somebody, and not only through mail, which may be what fails."""
    people = here.config.alertuser
    pages = here.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=here.output("AlertTopic"))
    topics = [each["SubscriptionArn"] for page in pages for each in page.get("Subscriptions", ())]
    confirmed = [arn for arn in topics if arn.startswith("arn:")]
    if not people and not confirmed:
        return problem(
            "nobody would be notified: run `mxtrax config set alertuser=ADDRESS`, or subscribe to the SNS topic."
        )
    if back := _came_back(here):
        return problem(back)
    monitored = {each.domainname for each in fleet.everyone()}
    same = [address for address in people if address.rpartition("@")[2].lower() in monitored]
    if same and not confirmed:
        return problem(f"{same[0]} is in a domain that is monitored here: add a second way, such as the SNS topic.")
    if not confirmed:
        return note(f"{many(len(people), 'address')}, all by mail: subscribe to the SNS topic for a second way.")
    return good(f"{len(people)} by mail, {len(confirmed)} by SNS; test them with `mxtrax test-alert`.")


def added_channels(here: Here) -> Finding:
    """Check that each channel that people have added accepts notices."""
    them = {it.id: it for it in channels.load().them if it.enabled}
    broken = channels.broken(them.values())
    for number, state in broken.items():
        it, ago = them[number], span(max(0, here.now() - (state.failing_since or here.now())))
        more = f"; {len(broken) - 1} more fail" if len(broken) > 1 else ""
        return problem(
            f"{clean(it.name)} ({it.kind}) has delivered nothing for {ago}: {clean(state.problem)}; fix it, then run "
            f"`mxtrax channels test {number}`{more}."
        )
    return good(f"{many(len(them), 'channel')} on, and none fails.")


def _came_back(here: Here) -> str:
    """Say which address that is still to be notified has most recently bounced an alert."""
    people = {address.lower() for it in customers.everyone().values() for address in it.alertuser}
    people |= {address.lower() for address in here.config.alertuser}
    for address, it in runtime.returned_alerts().items():
        if address.lower() in people and here.now() - it.at < LATELY:
            said = clean(it.why) or "no reason was given"
            return (
                f"an alert to {address} came back {span(max(0, here.now() - it.at))} ago ({said}): correct the address."
            )
    return ""


def protection(here: Here) -> Finding:
    """Check that tables and users are protected from accidental deletion, which a first deployment leaves out."""
    if here.parameters.get("Protect") != "true":
        return note("tables and users are not protected from deletion: deploy once more with Protect=true.")
    return good("tables and users are protected from deletion.")


def clock(here: Here) -> Finding:
    """Check that this machine's clock agrees with AWS's: times shown as `ago` depend on it."""
    answer = here.client("cloudformation").describe_stacks(StackName=here.stack)
    said = answer["ResponseMetadata"].get("HTTPHeaders", {}).get("date", "")
    if not said:
        return note("AWS did not give the time.")
    off = here.now() - round(parsedate_to_datetime(said).timestamp() * SECOND)
    if abs(off) > SKEW:
        return problem(
            f"this machine's clock is {span(abs(off))} {'ahead' if off > 0 else 'behind'}: synchronise it with NTP."
        )
    return good("this machine's clock agrees with AWS's.")


def _queues(here: Here) -> Iterator[tuple[str, int]]:
    """Give the number of messages waiting in each queue of the stack, by its name in the template."""
    for kind, name, url in resources(here, here.stack):
        if kind == "AWS::SQS::Queue":
            wanted = ["ApproximateNumberOfMessages"]
            found = here.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
            yield name, int(found[wanted[0]])
