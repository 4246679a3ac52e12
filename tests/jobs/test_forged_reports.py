"""Anybody who knows the id of a test that is out can forge a report about it: SES's word takes precedence."""

from mxtrax.model import Cause, Kind, Verdict
from mxtrax.rules.cause import cause_of, sentence
from mxtrax.rules.verdict import classify
from tests.stage import SENDER, Sent, Stage

THEIR_WORDS = "550 5.7.1 seized, call +1 900 555"


def report(sent: Sent, server: str = "mx.customer.example", action: str = "failed", status: str = "5.7.1") -> bytes:
    """Write a delivery report of a test (RFC 3464)."""
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@customer.example\nTo: {SENDER}\nSubject: Undelivered Mail\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; {server}\n\n"
        f"Final-Recipient: rfc822; {sent.to}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {THEIR_WORDS}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nSubject: {sent.testid}\nTo: {sent.to}\n\n--b--\n"
    ).encode()


def told(it: Stage, sent: Sent) -> tuple[Verdict, Cause | None, str]:
    """Give what is made of a test at this moment."""
    test = it.test(sent)
    verdict = classify(test, it.now)
    return verdict, cause_of(test, verdict), sentence(test, verdict)


def test_a_report_changes_nothing_of_a_test_that_comes_back(it: Stage) -> None:
    """It was never overdue, and its domain never failing."""
    domain = it.domain()
    (sent,) = it.tick()
    it.wait(1)
    assert it.comes_back(sent, report(sent)) == "MailBounced"
    it.fold()
    assert (it.test(sent).counted, it.health(domain).incident) == (Verdict.PENDING, "")
    it.delivered(sent)
    it.wait(1)
    it.comes_back(sent)
    it.fold()
    assert (it.test(sent).counted, it.test(sent).returned_as) == (Verdict.ONTIME, Kind.MESSAGE)
    assert (it.health(domain).incident, it.health(domain).retest) == ("", False)


def test_ses_says_delivered_and_the_report_is_evidence_alone(it: Stage) -> None:
    """For a lost test, the cause is what SES says; the sentence mentions the report and how it came."""
    it.domain()
    (sent,) = it.tick()
    it.comes_back(sent, report(sent))
    it.delivered(sent)
    it.wait(400)
    verdict, cause, said = told(it, sent)
    assert (verdict, cause) == (Verdict.OVERDUE, Cause.ACCEPTED_THEN_LOST)
    assert said.endswith(
        f" A report that came by mail from mx.customer.example says “{THEIR_WORDS}”; SES does not confirm it."
    )


def test_a_report_of_a_strange_server_is_not_repeated(it: Stage) -> None:
    """Its Reporting-MTA is not of the domain: no word of it counts, or is read by people on call."""
    domain = it.domain()
    (sent,) = it.tick()
    it.comes_back(sent, report(sent, "mx.google.com"))
    it.wait(400)
    it.fold()
    verdict, cause, said = told(it, sent)
    assert (verdict, cause) == (Verdict.OVERDUE, Cause.NO_WORD)
    assert said.endswith(
        " A report came by mail from mx.google.com, which is not known to be theirs: it does not count."
    )
    assert it.health(domain).provider == ""


def test_where_ses_is_silent_a_report_of_their_own_server_counts(it: Stage) -> None:
    """Once the time is over, and not before: SES may only be slower."""
    it.domain()
    (sent,) = it.tick()
    it.comes_back(sent, report(sent))
    assert told(it, sent)[:2] == (Verdict.PENDING, None)
    it.wait(400)
    verdict, cause, said = told(it, sent)
    assert (verdict, cause) == (Verdict.OVERDUE, Cause.REFUSED)
    assert said.endswith(" This is from a report that came by mail from mx.customer.example; SES did not report it.")


def test_sess_own_word_takes_the_place_of_a_mails(it: Stage) -> None:
    """Whichever of them comes first."""
    it.domain()
    (sent,) = it.tick()
    it.comes_back(sent, report(sent))
    it.refused(sent)
    refused = it.test(sent).refused
    assert refused is not None
    assert (refused.text, refused.by_mail) == ("550 5.1.1 no such user here", False)
    it.comes_back(sent, report(sent, "mx.google.com"))
    assert it.test(sent).refused == refused
    assert told(it, sent)[1] is Cause.REFUSED


def test_a_forged_delay_is_no_deferral(it: Stage) -> None:
    """Not for a test that SES says was delivered; nor does it hide a deferral that SES reports later."""
    it.domain()
    (sent,) = it.tick()
    assert it.comes_back(sent, report(sent, "mx.google.com", "delayed", "4.7.1")) == "MailDelayed"
    it.wait(400)
    assert told(it, sent)[1] is Cause.NO_WORD
    it.ses_says("DeliveryDelay", sent, delayType="General", delayedRecipients=[{"diagnosticCode": "smtp; 451 later"}])
    deferred = it.test(sent).deferred
    assert deferred is not None
    assert (deferred.text, told(it, sent)[1]) == ("451 later", Cause.DEFERRED)


def test_a_servers_words_are_kept_without_our_ids(it: Stage) -> None:
    """Exchange replies with the Message-ID that it accepted; a reader could use it to answer in the mailbox's name."""
    it.domain()
    (sent,) = it.tick()
    said = f"250 2.6.0 <{sent.ses_id}@email.amazonses.com> queued, subject {sent.testid.upper()}"
    it.ses_says("Delivery", sent, smtpResponse=said, reportingMTA="a8-70.smtp-out.amazonses.com")
    delivered = it.test(sent).delivered
    assert delivered is not None
    assert delivered.text == "250 2.6.0 <…@email.amazonses.com> queued, subject …"
