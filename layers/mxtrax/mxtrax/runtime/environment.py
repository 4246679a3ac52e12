"""What a function is told by its environment. Read once, at the edge."""

import os
from collections.abc import Mapping

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
    where its own pages are, `identity_providers` the names of what people sign in with there, separated by commas;
    `passkeys` is empty if nobody is offered one; `local_people` names those who sign in with one press, and their
    password, in the world on one machine alone.
    `resolver` is HOST:PORT of the DNS server to ask, where that is not the network's own. `secrets` is what the names of
    secret parameters begin with, `console` where people open the console, `local_endpoints` where the doubles of services
    are, in the world on one machine alone.
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
    console: str = ""
    local_endpoints: str = ""
    heartbeat_url: str = ""
    peer_health_url: str = ""

    @property
    def initial(self) -> Config:
        """The settings that hold until somebody saves some: what the deployment was told."""
        return Config(sendinguser=self.sending_user, alertuser=tuple(self.alert_user.split()))


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises KeyError if the one that every function needs is missing."""
    return Settings(
        tables=environ["MXTRAX_TABLES"],
        bucket=environ.get("MXTRAX_BUCKET", ""),
        inbox_prefix=environ.get("MXTRAX_INBOX_PREFIX", "inbox/"),
        send_queue=environ.get("MXTRAX_SEND_QUEUE", ""),
        aggregate_queue=environ.get("MXTRAX_AGGREGATE_QUEUE", ""),
        observe_queue=environ.get("MXTRAX_OBSERVE_QUEUE", ""),
        alert_queue=environ.get("MXTRAX_ALERT_QUEUE", ""),
        dead_queues=environ.get("MXTRAX_DEAD_QUEUES", ""),
        alert_topic=environ.get("MXTRAX_ALERT_TOPIC", ""),
        configuration_set=environ.get("MXTRAX_CONFIGURATION_SET", ""),
        sending_user=environ.get("MXTRAX_SENDING_USER", ""),
        alert_user=environ.get("MXTRAX_ALERT_USER", "").replace(",", " "),
        own_loop=environ.get("MXTRAX_OWN_LOOP", ""),
        send_rate=float(environ.get("MXTRAX_SEND_RATE", "10")),
        send_quota=int(environ.get("MXTRAX_SEND_QUOTA", "0")),
        minute_seconds=int(environ.get("MXTRAX_MINUTE_SECONDS", "60")),
        sign_in=environ.get("MXTRAX_SIGN_IN", ""),
        client=environ.get("MXTRAX_CLIENT", ""),
        login=environ.get("MXTRAX_LOGIN", ""),
        identity_providers=environ.get("MXTRAX_IDENTITY_PROVIDERS", ""),
        passkeys=environ.get("MXTRAX_PASSKEYS", ""),
        local_people=environ.get("MXTRAX_LOCAL_PEOPLE", ""),
        secrets=environ.get("MXTRAX_SECRETS", ""),
        console=environ.get("MXTRAX_CONSOLE", ""),
        local_endpoints=environ.get("MXTRAX_LOCAL_ENDPOINTS", ""),
        user_pool=environ.get("MXTRAX_USER_POOL", ""),
        resolver=environ.get("MXTRAX_RESOLVER", ""),
        heartbeat_url=environ.get("MXTRAX_HEARTBEAT_URL", ""),
        peer_health_url=environ.get("MXTRAX_PEER_HEALTH_URL", ""),
    )
