"""A stand-in for Amazon SES: small, and faithful in what MXTRAX relies on.

api (HTTP, SESv2) -> sending -> relay (SMTP out) -> events (SES's JSON, through EventBridge); inbox (SMTP in) -> S3 and
`receive`.
standin ties them together.
"""

from infra.local.ses.standin import MAX_SEND_RATE, Account, StandIn

__all__ = ["MAX_SEND_RATE", "Account", "StandIn"]
