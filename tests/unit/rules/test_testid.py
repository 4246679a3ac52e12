"""Test ids: the same for the same slot, and impossible to forge."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mxtrax.rules.testid import SECRET_BYTES, genuine, mint

secrets = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)
names = st.text(st.characters(codec="utf-8"), max_size=40)


@given(secrets, names, names)
def test_the_same_slot_gives_the_same_id(secret: bytes, domain: str, slot: str) -> None:
    """A retry mints what was minted before, and the id is genuine."""
    testid = mint(secret, domain, slot)
    assert testid == mint(secret, domain, slot)
    assert genuine(secret, testid)


@given(secrets, st.lists(st.tuples(names, st.integers(0, 10**8)), unique=True, min_size=2, max_size=20))
def test_other_slots_give_other_ids(secret: bytes, slots: list[tuple[str, int]]) -> None:
    """No two slots of any domains share an id."""
    assert len({mint(secret, domain, str(slot)) for domain, slot in slots}) == len(slots)


def test_a_domain_and_a_slot_do_not_run_together() -> None:
    """What belongs to the domain's name and what to the slot makes a difference."""
    secret = bytes(SECRET_BYTES)
    assert mint(secret, "a@b.example1", "2") != mint(secret, "a@b.example", "12")


@given(secrets, names)
def test_it_has_the_form_of_a_random_uuid(secret: bytes, domain: str) -> None:
    """An id is a version 4 UUID in lower case (RFC 9562, section 5.4)."""
    testid = mint(secret, domain, "1")
    assert str(UUID(testid)) == testid
    assert (UUID(testid).version, UUID(testid).variant) == (4, "specified in RFC 4122")


@given(secrets, names)
def test_any_changed_bit_is_refused(secret: bytes, domain: str) -> None:
    """Each of the 128 bits counts, those of version and variant as well."""
    number = UUID(mint(secret, domain, "1")).int
    assert not [bit for bit in range(128) if genuine(secret, str(UUID(int=number ^ 1 << bit)))]


@given(secrets, secrets, names)
def test_another_secrets_ids_are_refused(ours: bytes, theirs: bytes, domain: str) -> None:
    """An id is genuine under the secret that minted it, and no other."""
    assert genuine(ours, mint(theirs, domain, "1")) is (ours == theirs)


@given(secrets, st.uuids(version=4))
def test_random_uuids_are_refused(secret: bytes, forged: UUID) -> None:
    """A UUID made up by somebody else is not ours."""
    assert not genuine(secret, str(forged))


@given(secrets, st.text())
def test_any_string_may_be_asked_about(secret: bytes, text: str) -> None:
    """Whatever is in a mail, the result is False at worst."""
    assert genuine(secret, text) is False
