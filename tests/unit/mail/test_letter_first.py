"""Our own letter is a message before any wording is looked at; so is one that somebody sends on."""

import pytest

from mxtrax.mail import ours, read, read_headers
from mxtrax.mail.compose import compose
from mxtrax.mail.fields import block
from mxtrax.model import Kind
from tests.unit.mail.written import OUR_ID, PERSON, PROBE, TESTID, US, enclosing, letter, mail, quoted

TAGS = (
    "[SPF FAILED]", "[REJECTED by user rule]", "{Virus check failed?}", "*** Undeliverable? ***", "(delivery failed)",
    "Warning: delayed -", "[nicht zugestellt]", "[Bounce]", "Rejected:",
)  # fmt: skip


def test_the_reader_knows_the_letter_as_it_is_written() -> None:
    """The sentence by which the body is known stands in what is sent."""
    assert ours.within(compose(TESTID, US, PROBE, "Petra", 0).decode())
    assert ours.SENTENCE in compose(TESTID, US, PROBE, "Petra", 0).decode()


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("path", ["<srs0=k2=x@example.net>", "<>"])
def test_no_tag_of_a_gateway_makes_our_letter_a_bounce(tag: str, path: str) -> None:
    """Whatever a gateway puts into the subject, under whatever path: it is our letter that came back."""
    assert read(letter(Return_Path=path, Subject=f"{tag} {TESTID}").encode()).kind is Kind.MESSAGE


@pytest.mark.parametrize("sender", ["mailer@in.example.org", "watch@mailserver.example", "mailer-daemon@mta.example"])
def test_no_name_of_ours_makes_our_letter_a_bounce(sender: str) -> None:
    """Whatever our own sender is called, the letter is known by header and body alike, and needs no body."""
    raw = letter(sender, Return_Path="<srs0=k2=x@example.net>")
    quick = read_headers(block(raw)[0].pairs)
    assert read(raw.encode()).kind is Kind.MESSAGE
    assert quick is not None
    assert quick.kind is Kind.MESSAGE


@pytest.mark.parametrize(
    "lost",
    [
        {"X_MXTRAX_Test_ID": ""},
        {"X_MXTRAX_Test_ID": "", "Reply_To": ""},
        {"X_MXTRAX_Test_ID": "", "Reply_To": "", "Message_ID": "<1@example.net>"},
        {"From": "MXTRAX via List <list@example.net>", "Reply_To": "list@example.net"},
    ],
)
def test_what_a_gateway_takes_away_does_not_hide_our_letter(lost: dict[str, str]) -> None:
    """One mark of it is enough, and the body is one."""
    for path in ("<list-bounces@example.net>", "<>"):
        assert read(letter(Return_Path=path, **lost).encode()).kind is Kind.MESSAGE


def test_a_bounce_that_copies_our_fields_is_none_of_our_letters() -> None:
    """A mail system's own author, or a report, is not overruled by a field that it copied."""
    told = {"X_MXTRAX_Test_ID": TESTID}
    assert read(mail(f"{PROBE}: 550 5.1.1 no", "MAILER-DAEMON@example.net", TESTID, "<>", **told)).kind is Kind.BOUNCE
    assert read(mail("", PERSON, "x", Content_Type="multipart/report; boundary=b", **told)).kind is not Kind.MESSAGE


@pytest.mark.parametrize(
    "author",
    [
        "Postmaster <postmaster@example.net>", "System Administrator <admin@example.net>", "Pat Mailer <pat@example.net>",
        "Mail Server Test <pat@example.net>", "Pat <pat@mail-server.example>", "MTA Monitoring <pat@mta.example>",
        "No Reply <no-reply@example.net>", "root@mailserver.example",
    ],
)  # fmt: skip
def test_no_name_of_an_author_makes_a_bounce_of_a_forward(author: str) -> None:
    """Who sends our letter on by hand or by rule may be called whatever he likes."""
    path = f"<{author.rpartition('<')[2].rstrip('>')}>"
    for tag in ("", "[DMARC FAILED] "):
        assert read(mail(quoted(), author, f"FW: {tag}{TESTID}", path)).kind is Kind.MESSAGE


@pytest.mark.parametrize("prefix", ["Re:", "AW: WG:", "TR:", "RV:", "VS:", "Tov:", "转发:", "Fw: [EXTERN]", "Re[2]:"])
def test_a_forward_is_known_in_any_language(prefix: str) -> None:
    """A short word and a colon is all that answers and forwards have in common."""
    assert read(mail(quoted("Vastaanottaja", "Aihe"), PERSON, f"{prefix} {TESTID}")).kind is Kind.MESSAGE


def test_a_letter_is_known_within_a_mail_of_another_subject() -> None:
    """Quoted below or enclosed: the letter itself tells."""
    assert read(mail(quoted(), PERSON, "For the archive")).kind is Kind.MESSAGE
    assert read(mail(**enclosing("see below", letter()), subject="For the archive")).kind is Kind.MESSAGE


def test_a_persons_answer_is_known_by_what_it_answers() -> None:
    """SES's id of our mail, or the address for answers."""
    assert read(mail("Thanks.", PERSON, "Got it", In_Reply_To=OUR_ID)).kind is Kind.MESSAGE
    plus = f"watch+{TESTID}@in.example.org"
    assert read(mail("Thanks.", PERSON, "Got it", X_Original_To=plus)).kind is Kind.MESSAGE


@pytest.mark.parametrize("hidden", ["-\u200b", "\u2011", "-\u00ad", "\u2010\u200d", "-\ufeff", "-<wbr>", "&#8209;"])
def test_characters_that_nobody_sees_do_not_hide_an_id(hidden: str) -> None:
    """Mailers put break marks into long words, or make hyphens of their own."""
    text = f"<p>Test {TESTID.replace('-', hidden)}</p>"
    assert read(mail(text, PERSON, "Fwd: test", Content_Type="text/html; charset=utf-8")).tokens == (TESTID,)


def test_a_true_id_is_found_behind_many_others() -> None:
    """Whether an id is ours is asked before the list is cut, wherever the foreign ones stand."""
    foreign = [f"{number:08x}-0000-4000-8000-{number:012x}" for number in range(300)]
    text = " ".join(foreign) + f"\n\nYour request: {TESTID}"
    found = read(mail(text, PERSON, f"[{foreign[0]}] received"), genuine=lambda one: one == TESTID)
    assert found.tokens[0] == TESTID
