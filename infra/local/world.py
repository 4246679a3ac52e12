"""The world on one machine: everything started in order, and nothing left when it ends."""

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from mxtrax.edge import clock
from infra.local import ministack, users
from infra.local.alone import alone
from infra.local.aws import Aws, surroundings
from infra.local.customers import TABLE, Customers
from infra.local.deploy import deploy
from infra.local.ministack import ROOT, Ministack
from infra.local.names import Names
from infra.local.ses import MAX_SEND_RATE, Account, StandIn
from infra.local.ses.relay import Patience, Routes
from infra.local.smtp import Place
from infra.local.trouble import Trouble
from mxtrax.admin.actor import Actor
from mxtrax.admin.importing import Outcome, import_fleet
from mxtrax.errors import Refused
from mxtrax.model import Config, Door
from mxtrax.model.orders import FoldOrder, to_json
from mxtrax.rules import fleet_csv
from mxtrax.rules.fleet_csv import Roster
from mxtrax.rules.schedule import SHARDS
from mxtrax.store import fleet, tables
from mxtrax.store.config import load_config, save_config

SENDING_USER: Final = "mxtrax@monitor.example.net"
ALERT_USER: Final = "alerts@operations.test"
SAMPLE_FLEET: Final = Path(__file__).with_name("fleet.csv")
API: Final = "/_aws/execute-api/"
"""The path before an API's id in calls, in the form that needs no Host header."""

LAYERS: Final = ROOT / ".tools" / "layers"


def quick(maxreturntime: int, max_sec_until_fail: int) -> Config:
    """Give settings by which every domain is tested each minute, and a test is soon late and soon failed (in seconds)."""
    return Config(
        sendinguser=SENDING_USER,
        alertuser=(ALERT_USER,),
        maxreturntime=maxreturntime,
        max_sec_until_fail=max_sec_until_fail,
        interval_minutes=1,
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The settings of a world.

    `relay` accepts all mail instead of the simulated customers. `endpoints` is where the doubles of chats and pagers
    are: a port, and the file of their certificate. Without `csv`, a world that has no fleet gets the sample fleet.
    `config` applies to a new world. What is built for it is kept in `cache`, for other worlds, too.
    """

    folder: Path
    port: int = 0
    fresh: bool = False
    relay: Place | None = None
    csv: Path | None = None
    cache: Path = LAYERS
    minute_seconds: int = 60
    endpoints: str = ""
    config: Config = field(default_factory=lambda: quick(30, 180))

    @property
    def patience(self) -> Patience:
        """Make the second try of a greylisted mail on time and the third one late, whatever "late" means here."""
        unit = self.config.maxreturntime
        return Patience(pauses=(0.25 * unit, 1.5 * unit, unit, unit))


@dataclass(frozen=True)
class World:
    """A running world: the local AWS, the SES stand-in, the simulated customers, and the stack's outputs."""

    plan: Plan
    ministack: Ministack
    aws: Aws
    standin: StandIn
    customers: Customers
    outputs: dict[str, str]
    fleet: Outcome

    def call(self, output: str, event: dict[str, Any] | None = None) -> None:
        """Have a function, named by the stack's output, run soon."""
        payload = json.dumps(event or {}).encode()
        self.aws.functions.invoke(FunctionName=self.outputs[output], InvocationType="Event", Payload=payload)

    def ask(self, output: str) -> None:
        """Run a function, and wait for its end."""
        self.aws.functions.invoke(FunctionName=self.outputs[output], Payload=b"{}")

    def fold(self) -> None:
        """Order a fold of all that is due, as plan does every minute."""
        order = to_json(FoldOrder(shards=tuple(range(SHARDS))))
        self.aws.sqs.send_message(QueueUrl=self.outputs["AggregateQueueUrl"], MessageBody=order)

    def open_inbox(self) -> None:
        """Accept mail for the inbox; before that, and after `standin.cut_off`, it is deferred."""
        self.standin.deliver_to(
            self.outputs["InboxBucket"], self.outputs["InboxPrefix"], self.outputs["ReceiveFunction"]
        )

    @property
    def mailbox(self) -> Path:
        """Give the Maildir of alert mails."""
        return self.standin.mailbox_of(ALERT_USER)

    @property
    def api_url(self) -> str:
        """Give the API's base URL, in the form that needs no Host header."""
        return f"{self.ministack.endpoint}{API}{self.outputs['ApiId']}"


@contextmanager
def world(plan: Plan, say: Callable[[str], None] = lambda _: None) -> Iterator[World]:
    """Start everything, give it, and stop it all again. Raises Trouble if it cannot start.

    `say` gets progress messages.
    """
    asked = read_fleet(plan.csv) if plan.csv else None
    with ExitStack() as stack:
        lock = stack.enter_context(alone(plan.folder))
        if plan.fresh:
            ministack.clear(plan.folder / "ministack")
            shutil.rmtree(plan.folder / "mail", ignore_errors=True)
        local_aws = Ministack(plan.folder / "ministack", plan.port)
        stack.callback(local_aws.stop)
        say("Starting the local AWS")
        local_aws.start(lock)
        stack.enter_context(surroundings(local_aws.endpoint))
        try:
            running = _started(plan, local_aws, asked, stack, say)
        except (BotoCoreError, ClientError, PynamoDBException) as error:
            raise Trouble(f"The local AWS failed while the world was starting: {error}") from error
        yield running


def _started(
    plan: Plan, local_aws: Ministack, asked: Roster | None, stack: ExitStack, say: Callable[[str], None]
) -> World:
    """Deploy and start everything in the local AWS."""
    aws = Aws(local_aws.endpoint)
    standin, customers = _mail(plan, aws, stack)
    names = Names(customers.records())
    stack.callback(names.stop)
    names.start()
    say("Deploying template.yaml")
    places = {"Resolver": names.place, "LocalApi": f"{local_aws.endpoint}{API}"}
    outputs = deploy(aws, ROOT / "template.yaml", _parameters(plan, standin) | places, plan.cache)
    tables.connect(outputs["TablePrefix"])
    if not load_config(Config()).sendinguser:
        save_config(plan.config)
    operator = Actor(name="local", door=Door.COMMAND_LINE)
    imported = import_fleet(operator, clock(), asked or read_fleet(SAMPLE_FLEET if not fleet.count() else None))
    users.add(local_aws.endpoint, outputs["UserPoolId"])
    say("Warming up the functions")
    _warm(aws, outputs)
    running = World(plan, local_aws, aws, standin, customers, outputs, imported)
    running.open_inbox()
    return running


def read_fleet(path: Path | None) -> Roster:
    """Read and check a whole fleet, all or nothing. Raises Trouble with the line and what would be right."""
    if path is None:
        return Roster(good=(), bad=())
    try:
        read = fleet_csv.read(path.read_bytes())
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.") from error
    except Refused as refused:
        raise Trouble(f"{path}: {refused}") from refused
    if read.bad:
        first, *others = read.bad
        more = f" (And {len(others)} more of its {read.rows} rows cannot be imported.)" if others else ""
        raise Trouble(f"{path}, line {first.line}: {first.reason}{more}")
    if not read.good:
        raise Trouble(f"{path}: there is no mailbox in it.")
    return read


def _warm(aws: Aws, outputs: dict[str, str]) -> None:
    """Start one process of each function that gets batches, so that the first mails do not wait for it."""

    def start(output: str) -> None:
        aws.functions.invoke(FunctionName=outputs[output], Payload=b'{"Records": []}')

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start, ("SendFunction", "ReceiveFunction", "FeedbackFunction", "AggregateFunction")))


def _mail(plan: Plan, aws: Aws, stack: ExitStack) -> tuple[StandIn, Customers]:
    """Start SES and the customers. They need each other's port: the routes are filled in once both are known."""
    routes = dict[str, Place]()
    ours = frozenset(it.rpartition("@")[2] for it in plan.config.alertuser)
    account = Account(plan.config.sendinguser, plan.folder / "mail", ours)
    standin = StandIn(aws, account, Routes(routes, plan.relay, account.identity), plan.patience)
    stack.callback(standin.stop)
    standin.start()
    customers = Customers(TABLE, plan.config.sendinguser, standin.smtp, plan.config.maxreturntime)
    stack.callback(customers.stop)
    customers.start()
    routes.update(customers.routes() | {account.identity: standin.smtp})
    return standin, customers


def _parameters(plan: Plan, standin: StandIn) -> dict[str, str]:
    return {
        "LocalMode": "true",
        "MinuteSeconds": str(plan.minute_seconds),
        "SendRate": f"{MAX_SEND_RATE:g}",
        "SesEndpoint": standin.url,
        "LocalEndpoints": plan.endpoints,
        "LocalPeople": f"{','.join(it.name for it in users.USERS)} {users.PASSWORD}",
        "SendingUser": plan.config.sendinguser,
        "AlertUser": " ".join(plan.config.alertuser),
    }
