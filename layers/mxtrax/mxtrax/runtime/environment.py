"""What a function is told by its environment. Read once, at the edge."""

import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from mxtrax.frozen import dataclass
from mxtrax.model import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One function's environment; each function's own part of template.yaml sets what it needs.

    `own_loop` is what stands before the @ of the inbox's own test mailbox; without it there is none. `send_rate` is mails
    a second, and `send_quota` mails a day, as SES allows the account, or 0 if nobody counts.
    `dead_queues` are those of what was given up, with spaces between: name=URL.
    `minute_seconds` is how long a minute of plan's clock lasts.
    `sign_in` is the URL of the user pool's API, `client` the console's id there, `user_pool` the pool itself, `login`
    where its own pages are (without them the console asks for name and password itself), `identity_providers` the names
    of what people sign in with there, separated by commas (COGNITO is a password or passkey of the pool); `passkeys` is
    empty if nobody is offered one; `local_people` names those who sign in with one press, and their password, in the
    world on one machine alone.
    `resolver` is HOST:PORT of the DNS server to ask, where that is not the network's own. `secrets` is what the names of
    secret parameters begin with, `kms_key` the key that encrypts them if it is not AWS's, `console` where people open the
    console, `local_endpoints` where the doubles of services are, in the world on one machine alone.
    `heartbeat_url` is called in each minute in which all is well, `peer_health_url` is where another monitor says whether
    it is.
    """

    tables: str
    bucket: str = ""
    inbox_prefix: str = "inbox/"
    send_queue: str = ""
    aggregate_queue: str = ""
    observe_queue: str = ""
    alert_queue: str = ""
    dead_queues: str = ""
    alert_topic: str = ""
    configuration_set: str = ""
    sending_user: str = ""
    alert_user: str = ""
    own_loop: str = ""
    send_rate: float = 10.0
    send_quota: int = 0
    minute_seconds: int = 60
    sign_in: str = ""
    client: str = ""
    login: str = ""
    identity_providers: str = ""
    passkeys: str = ""
    local_people: str = ""
    user_pool: str = ""
    resolver: str = ""
    secrets: str = ""
    kms_key: str = ""
    console: str = ""
    local_endpoints: str = ""
    heartbeat_url: str = ""
    peer_health_url: str = ""

    @property
    def initial(self) -> Config:
        """The settings that hold until somebody saves some: what the deployment was told."""
        return Config(sendinguser=self.sending_user, alertuser=tuple(self.alert_user.replace(",", " ").split()))


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read each setting from the variable of its name. Raises KeyError if the one that every function needs is missing."""
    told: dict[str, Any] = {"tables": environ["MXTRAX_TABLES"]}
    for each in fields(Settings):
        text = environ.get(f"MXTRAX_{each.name.upper()}")
        if text is not None:
            told[each.name] = each.type(text) if callable(each.type) else text
    return Settings(**told)
