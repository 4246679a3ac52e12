"""Write the badges of public pages, from the fleet that plan has just read: then showing a badge is one read."""

from collections import Counter
from collections.abc import Iterable, Mapping

from mxtrax.model import Customer, Millis
from mxtrax.rules import selfcheck
from mxtrax.rules.public_status import PublicStatus, of_domain, summary_of
from mxtrax.rules.status import STATUSES, since_of
from mxtrax.rules.windows import in_maintenance
from mxtrax.store import badges, incidents, windows
from mxtrax.store.badges import Badge
from mxtrax.store.fleet import Listed


def write(listed: Iterable[Listed], known: Mapping[str, Customer], now: Millis) -> None:
    """Write the badge of each customer that has a public page."""
    public = {it.codename: it for it in known.values() if it.link}
    if not public:
        return
    planned, fault = windows.everything(), incidents.get(selfcheck.ID)
    doubted_from = fault.sent if fault and fault.closed is None else None
    counts = {codename: Counter[PublicStatus]() for codename in public}
    for it in listed:
        if (count := counts.get(it.domain.customer)) is not None:
            status, since = STATUSES[it.listing.status], since_of(it.listing.urgency)
            resting = in_maintenance(planned, it.domain, now)
            doubtful = doubted_from is not None and since >= doubted_from
            count[of_domain(status, maintenance=resting, doubtful=doubtful, silent=False)] += 1
    said = {
        it.link: Badge(it.friendlyname, summary_of(counts[name], counts[name].total())) for name, it in public.items()
    }
    badges.save(said, now)
