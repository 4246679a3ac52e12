"""One pass over inbox and statistics."""

from tests.cli.operator import Operator

STRANGE = b"From: Eve <eve@evil.example>\r\nSubject: =?utf-8?q?=1b=5B2J_win?= now\r\n\r\nHello\x1b]0;owned\x07 you\r\n"


def test_one_pass_reads_the_inbox_and_counts_the_tests(operator: Operator) -> None:
    """Mail in the inbox is accounted for at once, not only after ten minutes."""
    it = operator.it
    it.domain()
    (sent,) = it.tick()
    it.wait(5)
    it.arrive(sent.raw)
    it.arrive(STRANGE)
    (done,) = operator.reads("receivetests")
    assert done["mails"] == {"MailReturned": 1, "MailUnmatched": 1}
    assert done["folded"] == 1
    assert not it.inbox()
    assert it.stat(it.domain("other.example")).total_num == 0
    assert "Tests counted       0" in operator.does("receivetests")
