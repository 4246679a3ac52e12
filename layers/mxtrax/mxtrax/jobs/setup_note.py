"""Tell people once a day which domains are still not set up. Each address is recorded before the next is tried."""

from collections.abc import Iterable

from mxtrax.jobs.snapshot import FleetSnapshot, take_snapshot
from mxtrax.model import Config, Millis
from mxtrax.rules.setting_up import last_note, overdue
from mxtrax.rules.zones import zone_of
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count
from mxtrax.store import runtime
from mxtrax.store.runtime import Progress


def send(progress: Progress, config: Config, now: Millis, settings: Settings) -> None:
    """Send the note if it is due and has something to say; the next run retries addresses that did not get it."""
    due = last_note(now, zone_of(config.timezone))
    if not progress.since:  # Domains that were added before that was recorded count from now.
        runtime.save_alert_progress(progress._replace(since=now, noted=due, noted_to=config.alertuser))
        return
    if progress.noted < due:
        progress = progress._replace(noted=due, noted_to=())
    missing = [address for address in config.alertuser if address not in progress.noted_to]
    if config.sendinguser and missing:
        _send(progress, missing, take_snapshot(now, config, settings))


def _send(progress: Progress, addresses: Iterable[str], snapshot: FleetSnapshot) -> None:
    from mxtrax.notify.channel import Context  # noqa: PLC0415 -- what writes mails is brought once a day, not with alert
    from mxtrax.notify.mail import MailChannel  # noqa: PLC0415
    from mxtrax.report.setting_up import not_set_up  # noqa: PLC0415

    it = snapshot
    domains = overdue(it.fleet(), it.now, progress.since)
    mail = not_set_up(domains, it.customers, it.now, zone_of(it.config.timezone), it.config.sendinguser)
    context = Context(now=it.now, config=it.config, settings=it.settings, customers=it.customers, lines=it.lines)
    channel = MailChannel(context)
    for address in addresses:
        if not domains or not channel.note(mail, address):
            progress = progress._replace(noted_to=(*progress.noted_to, address))
            runtime.save_alert_progress(progress)
            count("SetupNotesSent", int(bool(domains)))
