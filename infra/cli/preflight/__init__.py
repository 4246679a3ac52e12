"""What `mxtrax preflight` checks: would a deployment succeed here, with which parameters, and can people sign in."""

from collections.abc import Callable, Mapping
from typing import Final

from infra.cli.doctor.account import plan
from infra.cli.preflight import checks, sign_in
from infra.cli.preflight.account import Account, Found

__all__ = ["CHECKS", "Account", "Found"]

CHECKS: Final[Mapping[str, Callable[[Account], Found]]] = {
    "receiving": checks.receiving,
    "sending quota": checks.quota,
    "pricing plan": lambda account: Found(plan(account)),
    "identity": checks.identity,
    "names": checks.names,
    "concurrency": checks.concurrency,
    "certificate": checks.certificate,
    "key": checks.key,
    "rights": checks.rights,
    "sign-in plan": sign_in.plan,
    "sign-in pages": sign_in.pages,
    "passkeys": sign_in.passkeys,
    "second factor": sign_in.second_factor,
    "sessions": sign_in.sessions,
    "identity providers": sign_in.identity_providers,
}
"""The checks, in the order in which they are shown."""
