"""Naming a domain: by its name, if that is unique."""

from tests.cli.operator import Operator


def test_a_name_with_two_mailboxes_is_not_guessed(operator: Operator) -> None:
    """Both are named."""
    operator.it.domain()
    operator.does(
        "import-domains",
        "-f",
        "-",
        stdin="Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname\nA,a,other,customer.example",
    )
    result = operator.says("tests", "customer.example")
    assert result.exit_code == 2
    assert "mxtrax@customer.example, other@customer.example" in result.stderr
