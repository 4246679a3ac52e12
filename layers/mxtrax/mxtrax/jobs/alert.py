"""Tell people of incidents: one mail of all that is going on, one message an incident for machines.

Judging is apart from telling: an incident is marked as told only once somebody has been told.
"""

from collections.abc import Sequence
from dataclasses import replace

from mxtrax import aws, letter, report
from mxtrax.errors import MxtraxError, TryAgain
from mxtrax.log import count, logger
from mxtrax.model import SECOND, Config, Customer, Incident, MailDomain, Millis, Standing
from mxtrax.settings import Settings
from mxtrax.store import fleet, standings
from mxtrax.store import settings as stored


def run(now: Millis, settings: Settings) -> dict[str, int]:
    """Tell what is due to be told. Raises TryAgain where nobody could be told; the next run then tells it all."""
    domains = {domain.key: domain for domain in fleet.everyone()} if (known := standings.to_tell()) else {}
    news = [incident for incident in known if not _quiet(domains.get(incident.maildomain))]
    if any(incident.due is not None and incident.due <= now for incident in news):
        _tell(news, domains, now, settings)
    stored.beat("alert", now)
    return {"open": len(known), "told": len(news)}


def _quiet(domain: MailDomain | None) -> bool:
    """Nothing is announced of a domain in maintenance; of one that was removed, its end is."""
    return domain is not None and domain.maintmode


def _tell(news: Sequence[Incident], domains: dict[str, MailDomain], now: Millis, settings: Settings) -> None:
    config, customers = stored.load(settings.initial), fleet.customers()
    known = {standing.maildomain: standing for standing in standings.everything()}
    lines = [report.Line(domain, known.get(key) or Standing(maildomain=key)) for key, domain in domains.items()]
    told = _mail(news, lines, customers, config, now, settings)
    for incident in news:
        domain = domains.get(incident.maildomain)
        told += _publish(incident, domain, customers, known.get(incident.maildomain), now, settings)
    if not told:
        count("AlertsNotTold", len(news))
        raise TryAgain(f"of {len(news)} incidents nobody could be told")
    remind = config.remind_minutes * settings.minute_seconds * SECOND
    for incident in news:
        standings.told(_as_told(incident, now, remind))
    count("AlertsTold", len(news))


def _as_told(incident: Incident, now: Millis, remind: Millis) -> Incident:
    if incident.closed is not None:
        return replace(incident, due=None)
    if incident.announced is None:
        return replace(incident, announced=now, due=now + remind)
    return replace(incident, reminded=now, due=now + remind)


def _mail(
    news: Sequence[Incident],
    lines: Sequence[report.Line],
    customers: dict[str, Customer],
    config: Config,
    now: Millis,
    settings: Settings,
) -> int:
    """Mail the report to every alertuser, and give how many SES took."""
    if not (config.alertuser and config.sendinguser):
        logger.error("no alert mail can go out: sendinguser or alertuser is not set")
        return 0
    mail = report.compose(now, config, news, lines, customers)
    told = 0
    for address in config.alertuser:
        raw = letter.alert(mail, config.sendinguser, address, now)
        try:
            aws.send_mail(raw, config.sendinguser, address, settings.configuration_set, {"mxtrax-alert": "report"})
            told += 1
        except MxtraxError as error:
            logger.exception("an alert mail was not taken", reason=str(error))
            count("AlertChannelFailed")
    return told


def _publish(
    incident: Incident,
    domain: MailDomain | None,
    customers: dict[str, Customer],
    standing: Standing | None,
    now: Millis,
    settings: Settings,
) -> int:
    """Publish one incident for machines, and give whether that went well."""
    if not settings.alert_topic:
        return 0
    customer = customers.get(incident.customer)
    message, attributes = report.message(incident, domain, customer, standing, now)
    try:
        aws.publish(settings.alert_topic, f"MXTRAX {message['state']}: {incident.maildomain}", message, attributes)
    except aws.UNREACHABLE as error:
        logger.exception("an alert message was not taken", reason=str(error))
        count("AlertChannelFailed")
        return 0
    return 1
