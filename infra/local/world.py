"""The world on one machine: everything started in order, and nothing left when it ends."""

import fcntl
import json
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from infra.local import fleet, ministack
from infra.local.aws import Aws, surroundings
from infra.local.customers import TABLE, Customers
from infra.local.deploy import deploy
from infra.local.ministack import ROOT, Ministack
from infra.local.ses import Account, StandIn
from infra.local.ses.relay import Patience, Routes
from infra.local.smtp import Place
from infra.local.trouble import Trouble
from mxtrax.model import Config
from mxtrax.store import rows, settings

SENDING_USER: Final = "mxtrax@monitor.example.net"
ALERT_USER: Final = "alerts@operations.test"
SAMPLE_FLEET: Final = Path(__file__).with_name("fleet.csv")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What world is wanted. `relay` takes all mail instead of the simulated customers; `config` holds for a new world."""

    folder: Path
    port: int = 0
    fresh: bool = False
    relay: Place | None = None
    csv: Path = SAMPLE_FLEET
    minute_seconds: int = 60
    config: Config = field(
        default_factory=lambda: Config(
            sendinguser=SENDING_USER,
            alertuser=(ALERT_USER,),
            maxreturntime=30,
            max_sec_until_fail=180,
            interval_minutes=1,
        )
    )

    @property
    def patience(self) -> Patience:
        """Let the second try of a greylisted mail be on time and the third one late, whatever "late" means here."""
        unit = self.config.maxreturntime
        return Patience(pauses=(0.25 * unit, 1.5 * unit, unit, unit))


@dataclass(frozen=True)
class World:
    """A running world: the local AWS, who plays SES, who plays the customers, and what the stack calls its parts."""

    plan: Plan
    aws: Aws
    standin: StandIn
    customers: Customers
    outputs: dict[str, str]

    def call(self, output: str, event: dict[str, Any] | None = None) -> None:
        """Have a function run soon, named by the stack's output."""
        payload = json.dumps(event or {}).encode()
        self.aws.functions.invoke(FunctionName=self.outputs[output], InvocationType="Event", Payload=payload)

    @property
    def mailbox(self) -> Path:
        """Give the Maildir that alert mails land in."""
        return self.standin.mailbox_of(ALERT_USER)


@contextmanager
def world(plan: Plan) -> Iterator[World]:
    """Start everything, give it, and take it all down again. Raises Trouble where it cannot start."""
    members = fleet.read(plan.csv)
    with ExitStack() as stack:
        stack.enter_context(_alone(plan))
        local_aws = Ministack(plan.folder / "ministack", plan.port)
        stack.callback(local_aws.stop)
        local_aws.start()
        stack.enter_context(surroundings(local_aws.endpoint))
        aws = Aws(local_aws.endpoint)
        standin, customers = _mail(plan, aws, stack)
        outputs = deploy(aws, ROOT / "template.yaml", _parameters(plan, standin), plan.folder / "cache")
        standin.deliver_to(outputs["InboxBucket"], outputs["InboxPrefix"], outputs["ReceiveFunction"])
        rows.connect(outputs["TablePrefix"])
        if not settings.load(Config()).sendinguser:
            settings.save(plan.config)
        fleet.save(members)
        _warm(aws, outputs)
        yield World(plan, aws, standin, customers, outputs)


def _warm(aws: Aws, outputs: dict[str, str]) -> None:
    """Start one process of each function that gets batches: the first mails should not wait for them."""

    def start(output: str) -> None:
        aws.functions.invoke(FunctionName=outputs[output], Payload=b'{"Records": []}')

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start, ("SendFunction", "ReceiveFunction", "FeedbackFunction", "AggregateFunction")))


@contextmanager
def metronome(world: World) -> Iterator[None]:
    """Beat the functions' minute where it is shorter than the schedules' minute, which EventBridge cannot shorten."""
    done = threading.Event()

    def beat() -> None:
        while not done.is_set():
            world.call("PlanFunction")
            world.call("AlertFunction")
            done.wait(world.plan.minute_seconds)

    thread = threading.Thread(target=beat, name="metronome", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def _alone(plan: Plan) -> Iterator[None]:
    """Hold the folder for one world at a time, and empty it where a fresh one is wanted."""
    plan.folder.mkdir(parents=True, exist_ok=True)
    with (plan.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Trouble(f"Another mxtrax is running with the state in {plan.folder}; end it first.") from error
        if plan.fresh:
            ministack.clear(plan.folder / "ministack")
            shutil.rmtree(plan.folder / "mail", ignore_errors=True)
        yield


def _mail(plan: Plan, aws: Aws, stack: ExitStack) -> tuple[StandIn, Customers]:
    """Start SES and the customers. They need each other's port: the routes are filled in once both are known."""
    routes = dict[str, Place]()
    account = Account(plan.config.sendinguser, plan.folder / "mail", frozenset(plan.config.alertuser))
    standin = StandIn(aws, account, Routes(routes, plan.relay), plan.patience)
    stack.callback(standin.stop)
    standin.start()
    customers = Customers(TABLE, plan.config.sendinguser, standin.smtp, plan.config.maxreturntime)
    stack.callback(customers.stop)
    customers.start()
    routes.update(customers.routes())
    return standin, customers


def _parameters(plan: Plan, standin: StandIn) -> dict[str, str]:
    return {
        "LocalMode": "true",
        "MinuteSeconds": str(plan.minute_seconds),
        "SesEndpoint": standin.url,
        "SendingUser": plan.config.sendinguser,
        "AlertUser": " ".join(plan.config.alertuser),
    }
