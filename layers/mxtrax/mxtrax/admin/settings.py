"""The settings: saved all together or not at all, and tried out before."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.errors import Changed, Refused
from mxtrax.frozen import dataclass
from mxtrax.model import AlarmWhen, AlertMail, Config, DomainHealth, Limits, MailDomain, Millis, State
from mxtrax.rules.health import judged_anew, needed, terms_for
from mxtrax.rules.statistics import total
from mxtrax.rules.validation import check_config
from mxtrax.runtime.environment import Settings
from mxtrax.store import audit, fleet
from mxtrax.store.config import load_config, save_config
from mxtrax.store.health import all_health

LIMITS: Final = tuple(each.name for each in fields(Limits))
"""The settings that stand beside the others for people, as the wiki has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What other settings would change: the domains that would begin to fail, or would not fail any more.

    `needed` is the on-time tests in a row that each of the latter has still to show, by its key.
    """

    failing_now: int
    would_fail: int
    begins: tuple[tuple[MailDomain, DomainHealth], ...]
    ends: tuple[tuple[MailDomain, DomainHealth], ...]
    needed: Mapping[str, int | None]


def current(settings: Settings) -> Config:
    """Read the settings as they are now."""
    return load_config(settings.initial)


def save(
    actor: Actor, now: Millis, settings: Settings, wanted: Mapping[str, Any], *, seen: int | None = None
) -> tuple[Config, Config]:
    """Save the settings that are to change, and give all as they were and as they are. Others stay."""
    before = current(settings)
    if seen is not None and seen != before.version:
        raise Changed(before)
    after = _changed(settings, before, wanted)
    try:
        saved = save_config(after)
    except Refused as quicker:
        raise Changed(current(settings)) from quicker
    audit.note(entry(actor, now, "config.put", "config", before=before, after=saved))
    return before, saved


def preview(now: Millis, settings: Settings, wanted: Mapping[str, Any]) -> Preview:
    """Tell which domains would be failing now, had these settings always held. Nothing is changed.

    Single tests keep the verdict they have: each is judged by the limits that it was sent under. A domain that is listed
    under `ends` has still to show its on-time tests in a row, once the settings are saved.
    """
    config = _changed(settings, current(settings), wanted)
    known = {it.maildomain: it for it in all_health() if _could_fail(it)}
    judged = [
        (domain, known[domain.key], judged_anew(known[domain.key], domain, config, now))
        for domain in sorted(fleet.by_keys(known).values(), key=lambda it: it.id)
        if not domain.maintmode
    ]
    return Preview(
        failing_now=sum(_fails(before) for _, before, _ in judged),
        would_fail=sum(_fails(after) for _, _, after in judged),
        begins=tuple((it, after) for it, before, after in judged if not _fails(before) and _fails(after)),
        ends=tuple((it, before) for it, before, after in judged if _fails(before) and not _fails(after)),
        needed={
            it.key: needed(before, terms_for(it, config))
            for it, before, after in judged
            if _fails(before) and not _fails(after)
        },
    )


def _changed(settings: Settings, before: Config, wanted: Mapping[str, Any]) -> Config:
    """Give the settings with those that are wanted in place, checked."""
    own = {each.name for each in fields(Config)} - {"limits", "version"}
    values: dict[str, Any] = {name: value for name, value in wanted.items() if name in own}
    values |= {name: tuple(values[name]) for name in ("alertuser", "escalateuser") if name in values}
    if "alarm_when" in values:
        values["alarm_when"] = AlarmWhen(values["alarm_when"])
    if "alert_mail" in values:
        values["alert_mail"] = AlertMail(values["alert_mail"])
    limits = replace(before.limits, **{name: wanted[name] for name in LIMITS if name in wanted})
    after = check_config(replace(before, **values, limits=limits))
    if after.sendinguser != before.sendinguser:
        _check_sender(after.sendinguser, settings.sending_user)
    return after


def _check_sender(wanted: str, deployed: str) -> None:
    """Refuse a sender whom SES would refuse: inbox, identity and rights are of the one domain that was deployed."""
    host = deployed.rpartition("@")[2].lower()
    if host and wanted and wanted.rpartition("@")[2] != host:
        raise Refused(
            "sendinguser",
            f"sendinguser: {wanted!r} cannot send; this deployment sends and receives at {host} only.",
        )


def _could_fail(it: DomainHealth) -> bool:
    """Say whether any settings could make a domain failing: it is, or something has gone wrong of late."""
    counts = total(it.window_counts)
    return _fails(it) or counts.missed + counts.late > 0


def _fails(it: DomainHealth) -> bool:
    return it.state is State.FAILING
