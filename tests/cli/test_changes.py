"""Who changed what by the command line is kept."""

from mxtrax.model import Change
from mxtrax.store import audit
from tests.cli.operator import Operator


def _changes() -> list[Change]:
    return audit.latest(50).items


def test_changes_of_settings_and_imports_are_kept_too(operator: Operator) -> None:
    """With what was and what is."""
    operator.does("config", "set", "maxreturntime=600")
    operator.does(
        "import-domains",
        "-f",
        "-",
        stdin="Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname\nA,a,mxtrax,a.example",
    )
    assert {change.what for change in _changes()} >= {"config.put", "fleet.import"}
