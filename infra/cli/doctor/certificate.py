"""What ACM says about the certificate of the console's own name: the same before and after the first deployment."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.cli.doctor.account import Asked
from infra.cli.doctor.findings import Finding, good, problem
from infra.cli.target import Here
from mxtrax.model import DAY, SECOND, Millis

LAST_DAYS: Final = 30
"""Days before a certificate's end in which it should have been renewed: ACM starts 60 days before."""


def of_the_console(here: Here) -> Finding:
    """Check the certificate that the stack was deployed with, if it was."""
    arn = here.parameters.get("ConsoleCertificate", "")
    if not arn:
        return good("none is needed: the console is under API Gateway's name.")
    return certificate(here, here.parameters.get("ConsoleDomain", ""), arn, here.now())


def certificate(asked: Asked, host: str, arn: str, now: Millis) -> Finding:
    """Check that a certificate may be used for a host name, and that it is renewed in time."""
    ours, theirs = asked.session.region_name, arn.split(":")[3]
    if ours != theirs:
        return problem(f"the certificate is in {theirs}: request one in {ours}, where the stack is.")
    try:
        found = asked.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return problem(f"ACM has no certificate {arn}: request one for {host}.")
        raise
    return _usable(found, host) or _lasting(found, host, now)


def _usable(found: Mapping[str, Any], host: str) -> Finding | None:
    """Say why a certificate is of no use for a host name; None if it is."""
    names = {str(it).lower() for it in (found.get("DomainName", ""), *found.get("SubjectAlternativeNames", ()))}
    if not any(_covers(name, host.lower()) for name in names):
        return problem(f"the certificate is for {', '.join(sorted(names))}: request one for {host}.")
    match found.get("Status"):
        case "ISSUED":
            return None
        case "PENDING_VALIDATION":
            return problem(f"ACM waits for its record: {_records(found)}.")
        case status:
            return problem(f"the certificate is {str(status).replace('_', ' ').lower()}: request another for {host}.")


def _lasting(found: Mapping[str, Any], host: str, now: Millis) -> Finding:
    """Say until when a certificate holds, and what keeps it from being renewed."""
    end: datetime | None = found.get("NotAfter")
    if end is None:
        return good(f"{host} has a certificate.")
    day = f"{end.astimezone(UTC):%Y-%m-%d}"
    if end.timestamp() * SECOND - now >= LAST_DAYS * DAY:
        return good(f"{host} has a certificate until {day}.")
    if found.get("Type") == "IMPORTED":
        return problem(f"the certificate ends on {day}: import its successor under the same ARN.")
    return problem(
        f"the certificate ends on {day}, and ACM could not renew it: set its record again, {_records(found)}."
    )


def _covers(name: str, host: str) -> bool:
    """Say whether a certificate for a name, perhaps with a wildcard, is one for a host (RFC 6125, section 6.4.3)."""
    return name == host or (name.startswith("*.") and name[2:] == host.partition(".")[2])


def _records(found: Mapping[str, Any]) -> str:
    """Give the records by which ACM sees whose domain it is: NAME TYPE VALUE."""
    asked = [it["ResourceRecord"] for it in found.get("DomainValidationOptions", ()) if "ResourceRecord" in it]
    said = "; ".join(f"{it['Name']} {it['Type']} {it['Value']}" for it in asked)
    return said or "`aws acm describe-certificate` names it"
