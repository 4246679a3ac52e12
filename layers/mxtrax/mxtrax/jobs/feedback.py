"""Record what SES says about an outgoing test (SES event publishing): delivered, deferred, bounced, rejected."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mxtrax.aws import sqs
from mxtrax.mail import ses_events
from mxtrax.mail.ses_events import MAX_TEXT
from mxtrax.model import Cause, Kind, MailTest, SmtpReply
from mxtrax.model.orders import FoldOrder, Wake
from mxtrax.rules.schedule import shard_of
from mxtrax.rules.secret_ids import without
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import mailtests


def run(event: Mapping[str, Any], settings: Settings) -> str:
    """Record one SES event on its test, and name the outcome. Events of other mails are ignored here.

    A bounce wakes the fold: a permanent refusal need not wait for the next minute.
    """
    mail = event["mail"]
    tags = mail.get("tags", {}).get("mxtrax-test")
    if alert := mail.get("tags", {}).get("mxtrax-alert"):
        return _alert(event, alert[0], settings)
    if not tags:
        return _outcome("EventOfAnotherMail")
    test, ses_id = tags[0], mail["messageId"]
    match event["eventType"]:
        case "Delivery":
            known = _heard(test, "delivered", ses_events.delivered(event["delivery"]), ses_id)
        case "DeliveryDelay":
            known = _heard(test, "deferred", ses_events.deferred(event["deliveryDelay"]), ses_id)
        case "Bounce":
            return _bounced(test, ses_id, event["bounce"], mail.get("source", ""), settings)
        case "Reject" | "Rendering Failure" as kind:
            why = (event.get("reject") or event.get("failure") or {}).get("reason", kind)
            known = _heard(test, "unsent", ses_events.unsent(why, mail["timestamp"]), ses_id)
        case "Complaint":
            # Somebody marked a test as spam. It was delivered; the complaint is for SES's own figures.
            logger.warning("a test was reported as spam", testid=test, to=mail.get("destination"))
            return _outcome("EventComplaint")
        case other:
            logger.info("an event that tells nothing of the journey", event_type=other, testid=test)
            return _outcome("EventIgnored")
    return _outcome(f"Event{event['eventType'].replace(' ', '')}" if known else "EventOfUnknownTest")


def _alert(event: Mapping[str, Any], sent: str, settings: Settings) -> str:
    """Tell alert about a mail that its reader did not get, or does not want: that reader was not notified."""
    mail = event["mail"]
    match event["eventType"]:
        case "Bounce":
            said = ses_events.refused(event["bounce"])
            if said is None:  # An automatic reply to the envelope sender shows as a transient bounce without a word.
                return _outcome("EventBounceWithoutWord")
            why = said.text or said.status
        case "Complaint":
            why = "reported as spam"
        case "Reject" | "Rendering Failure" as kind:
            why = (event.get("reject") or event.get("failure") or {}).get("reason", kind)
        case _:
            return _outcome("EventOfAlert")
    if not sent.isdecimal():
        return _outcome("EventIgnored")
    wakes = [Wake(returned=address, sent=int(sent), why=why[:MAX_TEXT]) for address in mail.get("destination", ())]
    logger.warning("an alert mail came back", to=mail.get("destination"), said=why)
    sqs.queue_all(settings.alert_queue, [(wake, 0) for wake in wakes])
    return _outcome("AlertReturned")


def _bounced(test: str, ses_id: str, bounce: Mapping[str, Any], source: str, settings: Settings) -> str:
    said = ses_events.refused(bounce, source)
    if said is None:  # An automatic reply to the envelope sender shows as a transient bounce without a word.
        return _outcome("EventBounceWithoutWord")
    if said.cause is Cause.SUPPRESSED:
        return _outcome("EventSuppressed" if _heard(test, "unsent", said, ses_id) else "EventOfUnknownTest")
    if said.cause is Cause.MONITOR_FAULT:  # Their server sent it back, our own inbox refused it: no fault of theirs.
        logger.warning("a test could not be brought back into our inbox", testid=test, said=said.text)
        if known := mailtests.get(test):
            sqs.queue_all(settings.alert_queue, [(Wake(named_by=known.maildomain, sent=said.at), 0)])
        return _outcome("EventBounceNamesUs")
    known = _heard(test, "refused", said, ses_id)
    if known and known.returns_bounce:
        mailtests.returned(test, said.at, Kind.BOUNCE, bounce["feedbackId"], None)
    elif known and not known.incl_in_stat:
        sqs.queue_all(settings.aggregate_queue, [(FoldOrder(shards=(shard_of(known.maildomain),), due_only=True), 0)])
    return _outcome("EventBounce" if known else "EventOfUnknownTest")


def _heard(test: str, leg: mailtests.Leg, said: SmtpReply, ses_id: str) -> MailTest | None:
    """Record what was said about a test, without the ids by which a mail would count as its return."""
    return mailtests.heard(test, leg, replace(said, text=without(said.text, test, ses_id)), ses_id)


def _outcome(name: str) -> str:
    count(name)
    return name
