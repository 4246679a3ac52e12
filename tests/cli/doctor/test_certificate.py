"""A certificate is judged by ACM's description of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from infra.cli.doctor.certificate import certificate
from infra.cli.doctor.findings import State
from tests.cli.operator import Operator
from tests.cli.reached import Reached

ARN = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
HOST = "mail.example.net"
RECORD = {"Name": "_1.mail.example.net.", "Type": "CNAME", "Value": "_2.acm-validations.aws."}
OPTIONS = [{"DomainName": HOST, "ResourceRecord": RECORD}]
ISSUED = {"DomainName": HOST, "Status": "ISSUED", "DomainValidationOptions": OPTIONS}
SOON = datetime(2026, 12, 1, tzinfo=UTC)
LATER = datetime(2027, 6, 1, tzinfo=UTC)
NOW = round(datetime(2026, 11, 22, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("found", "state", "sentence"),
    [
        (ISSUED | {"NotAfter": LATER}, State.GOOD, "mail.example.net has a certificate until 2027-06-01."),
        (ISSUED | {"DomainName": "*.example.net", "NotAfter": LATER}, State.GOOD, "until 2027-06-01"),
        (ISSUED | {"DomainName": "*.net"}, State.PROBLEM, "the certificate is for *.net"),
        (ISSUED | {"DomainName": "*.mail.example.net"}, State.PROBLEM, "request one for mail.example.net"),
        (
            ISSUED | {"DomainName": "example.net", "SubjectAlternativeNames": ["example.net", "MAIL.example.net"]},
            State.GOOD,
            "has a certificate",
        ),
        (
            ISSUED | {"Status": "PENDING_VALIDATION"},
            State.PROBLEM,
            "ACM waits for its record: _1.mail.example.net. CNAME _2.acm-validations.aws.",
        ),
        (ISSUED | {"Status": "VALIDATION_TIMED_OUT"}, State.PROBLEM, "is validation timed out: request another"),
        (ISSUED | {"NotAfter": SOON}, State.PROBLEM, "ends on 2026-12-01, and ACM could not renew it"),
        (ISSUED | {"NotAfter": SOON, "Type": "IMPORTED"}, State.PROBLEM, "import its successor under the same ARN"),
        ("ResourceNotFoundException", State.PROBLEM, "ACM has no certificate"),
    ],
)
def test_what_acm_says_is_said_with_what_to_do(
    operator: Operator, found: dict[str, Any] | str, state: State, sentence: str
) -> None:
    """A wildcard stands for one label."""
    operator.answers["DescribeCertificate"] = found if isinstance(found, str) else {"Certificate": found}
    said = certificate(Reached(), HOST, ARN, NOW)
    assert (said.state, sentence in said.sentence) == (state, True), said


def test_a_certificate_of_another_region_is_none(operator: Operator) -> None:
    """ACM is not even asked: it knows only those of its region."""
    said = certificate(Reached(), HOST, ARN.replace("eu-west-1", "us-east-1"), NOW)
    assert (said.state, said.sentence) == (
        State.PROBLEM,
        "the certificate is in us-east-1: request one in eu-west-1, where the stack is.",
    )
    assert operator.calls == []
