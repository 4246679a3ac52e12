"""The clients of AWS services.

They are made on first use and share one session, so that importing this costs nothing. They are botocore's own:
boto3 would add a layer that no function uses, and the time to import it.
"""

from typing import Any, Final

import botocore.session
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

from mxtrax.runtime.memory import kept

_RETRIES: Final = ClientConfig(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=3,
    read_timeout=10,
    max_pool_connections=32,
)


@kept
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@kept
def client(service: str) -> Any:  # noqa: ANN401 -- botocore makes its clients at run time
    """Give the client of an AWS service."""
    return _session().create_client(service, config=_RETRIES)


UNREACHABLE: Final = (ClientError, BotoCoreError)
"""What a call raises if it did not get through."""
