"""An account as checks ask it, without a stack."""

from dataclasses import dataclass, field
from typing import Any

import boto3


@dataclass(frozen=True)
class Reached:
    """The account of the stage."""

    session: boto3.Session = field(default_factory=boto3.Session)

    def client(self, service: str) -> Any:
        """Give the client of an AWS service."""
        return self.session.client(service)  # type: ignore[call-overload]
