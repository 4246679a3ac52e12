"""Branding: who a public page says it is from, and what it says to all customers."""

import base64
import binascii
import re
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from mxtrax.errors import Refused
from mxtrax.model import Branding
from mxtrax.rules.logo import check_logo
from mxtrax.rules.validation import check_address, check_note

MAX_NAME: Final = 80
MAX_CONTACT: Final = 200

_PAGE: Final = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*)?")


def check_branding(it: Branding) -> Branding:
    """Check what public pages say about the operator, and to all customers, and give it in its plain form."""
    name, contact = it.name.strip(), it.contact.strip()
    if len(name) > MAX_NAME or not name.isprintable():
        raise Refused("name", f"name: this should be at most {MAX_NAME} printable characters.")
    if len(contact) > MAX_CONTACT or not contact.isprintable():
        raise Refused("contact", f"contact: this should be at most {MAX_CONTACT} printable characters.")
    if "@" in contact and "/" not in contact:
        contact = check_address("contact", contact)
    logo = base64.b64encode(check_logo(_octets(it.logo))).decode()
    return replace(it, name=name, contact=contact, logo=logo, note=check_note(it.note, "note"))


def link_of(contact: str) -> str:
    """Give a contact's link, to a mail or a page; "" if it is neither, such as a telephone number."""
    if _PAGE.fullmatch(contact):
        return contact
    return f"mailto:{quote(contact, safe='@')}" if "@" in contact and not re.search(r"[\s/:]", contact) else ""


def _octets(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Refused("logo", "logo: this should be a PNG in base64.") from error
