"""What people set: the settings, customers, domains with their place in the lists, and maintenance windows."""

from dataclasses import asdict, fields
from typing import Any, Final

from mxtrax.model import AlarmWhen, AlertMail, Config, Customer, Limits, MailDomain, Scope, Window
from mxtrax.rules.status import Listing
from mxtrax.store.mapping.fields import present, taken, words_or_none
from mxtrax.store.scanning import Item, plain
from mxtrax.store.tables import FLEET, CustomerRow, MailDomainRow, WindowRow


def config(settings: dict[str, Any], version: int) -> Config:
    """Read the settings."""
    known = {f.name for f in fields(Config)} - {"limits", "version"}
    values = {name: value for name, value in settings.items() if name in known}
    values |= {name: tuple(values.get(name, ())) for name in ("alertuser", "escalateuser")}
    values["alarm_when"] = AlarmWhen(values.get("alarm_when", AlarmWhen.EVIDENCE))
    values["alert_mail"] = AlertMail(values.get("alert_mail", AlertMail.NEWS))
    return Config(limits=Limits(**settings.get("limits", {})), version=version, **values)


def config_settings(it: Config) -> dict[str, Any]:
    """Write the settings."""
    settings = asdict(it)
    del settings["version"]
    return settings


def customer(row: CustomerRow) -> Customer:
    """Read a customer."""
    return Customer(**taken(row, Customer, alertuser=tuple))


def customer_row(it: Customer) -> CustomerRow:
    """Write a customer."""
    return CustomerRow(
        **present(it, alertuser=lambda addresses: list(addresses) or None, ending=lambda ends: ends or None)
    )


def maildomain(row: MailDomainRow) -> MailDomain:
    """Read a domain."""
    return MailDomain(**taken(row, MailDomain, tags=frozenset))


def maildomain_of(item: Item) -> MailDomain:
    """Read a domain from a DynamoDB item, as fast as possible: this runs for each domain, each minute."""
    return MailDomain(**{name: it for name, it in plain(item).items() if name in _OF_MAILDOMAIN})


_OF_MAILDOMAIN: Final = frozenset(each.name for each in fields(MailDomain))


def maildomain_row(it: MailDomain, listing: Listing) -> MailDomainRow:
    """Write a domain with its place in the lists."""
    return MailDomainRow(
        key=it.key,
        fleet=FLEET,
        status=listing.status,
        urgency=listing.urgency,
        provider=listing.provider or None,
        early_mark=listing.early_mark or None,
        **present(it, tags=words_or_none),
    )


def listing_of(item: Item) -> Listing:
    """Read a domain's place in the lists from an item."""
    known = plain({name: item[name] for name in ("urgency", "provider", "early_mark") if name in item})
    return Listing(known["urgency"], known.get("provider", ""), known.get("early_mark", 0))


def listing(row: MailDomainRow) -> Listing:
    """Read a domain's place in the lists."""
    return Listing(int(row.urgency), row.provider or "", int(row.early_mark or 0))


def window(row: WindowRow) -> Window:
    """Read a maintenance window."""
    return Window(**taken(row, Window, scope=Scope))


def window_row(it: Window) -> WindowRow:
    """Write a maintenance window."""
    return WindowRow(**present(it, scope=str))
