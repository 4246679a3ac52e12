"""A world in which the functions run as in AWS, with simulated time: schedule, queues, retries, and customers.

Future events are in an agenda as plain values; so a world can be saved, restored, and compared with another.
"""

import base64
import json
import warnings
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from functools import cache
from hashlib import blake2b
from types import SimpleNamespace
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse

from functions import aggregate, alert, feedback, plan, receive, rollup, send, sweep
from mxtrax.aws import clients
from mxtrax.jobs import send as sending
from mxtrax.model import MONITOR, SECOND, Config, Millis, Notice
from mxtrax.report import alert as report
from mxtrax.runtime import log, memory
from mxtrax.store import runtime
from tests.faults import motos_memory
from tests.faults.wire import Call, Invocation, Killed, Wire, response, says
from tests.stage import SENDER, START, Stage

FUNCTIONS: Final = {
    "plan": plan,
    "send": send,
    "feedback": feedback,
    "receive": receive,
    "aggregate": aggregate,
    "sweep": sweep,
    "alert": alert,
    "rollup": rollup,
}
JOBS: Final = tuple(FUNCTIONS)
RANK: Final = {"arrival": 0, **{job: rank for rank, job in enumerate(JOBS, 1)}}
QUEUES: Final = {"send": 4, "feedback": 5, "aggregate": 3}
"""The jobs behind queues, and how often a message comes before it is a dead letter (template.yaml)."""

VISIBILITY: Final = 90 * SECOND + 13
"""When an unprocessed message comes again; the odd milliseconds distinguish it from all else."""

RETRIES: Final = (60 * SECOND + 7, 120 * SECOND + 11)
"""After how long Lambda tries an asynchronous event again."""

STALL: Final = 59 * SECOND
"""How long a call may hang and still be answered before its function's time is over (template.yaml)."""

WAITED: Final = 59 * SECOND
"""How long a message of aggregate's may have waited before, so that the next minute's is at work beside it."""

BATCH: Final = 10
"""Events in one invocation of feedback."""

_MAILS: Final = {
    "message-id": "From: {to}\r\nTo: {us}\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n"
    "In-Reply-To: <{ses_id}@email.amazonses.com>\r\n\r\nI am away.\r\n",
    "stranger": "From: somebody@elsewhere.example\r\nTo: {us}\r\nSubject: an offer\r\n\r\nHello.\r\n",
}
"""Mails that are not copies of a test: a reply that names only its Message-ID, and an unrelated one."""


class Event(NamedTuple):
    """Something to come: a job's invocation, or a mail that arrives. The order of fields is that of the agenda."""

    at: Millis
    rank: int
    job: str
    payload: str
    attempt: int = 1


class Told(NamedTuple):
    """A channel was notified of an incident."""

    channel: str
    incident: str
    news: str


class Mail(NamedTuple):
    """A test mail that SES accepted, and when it will be back in the inbox, or SES reports a bounce.

    `unsent` if SES never really tried.
    """

    to: str
    test: str
    at: Millis
    back: tuple[Millis, ...]
    bounced: tuple[Millis, ...]
    unsent: bool


class Step(NamedTuple):
    """One invocation: of a job, with what came at once."""

    job: str
    events: tuple[Event, ...]


type SmtpReply = tuple[Millis, str, dict[str, Any]]
"""A customer's answer: after how long, what it is, and what an event says. `mail` is the test itself that comes back."""

type Customers = Callable[[str, int], Sequence[SmtpReply]]
"""The answers of an address to its n-th test."""


@dataclass
class World:
    """The whole state. `mails` and `told` are what is visible from outside; they are history and decide nothing.

    While it is `deaf`, `receive` is not called for incoming mail.
    """

    wire: Wire
    stage: Stage
    customers: Customers = lambda *_: ()
    unverified: frozenset[str] = frozenset()
    deaf: bool = False
    now: Millis = START
    agenda: list[Event] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)
    tests: dict[str, list[str]] = field(default_factory=dict)
    secrets: int = 0
    mails: list[Mail] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    dead: list[Event] = field(default_factory=list)

    # --- what is to come

    def add(self, after: Millis, job: str, payload: Any, attempt: int = 1) -> None:
        """Put something into the agenda."""
        text = payload if isinstance(payload, str) else json.dumps(payload, sort_keys=True)
        insort(self.agenda, Event(self.now + after, RANK[job], job, text, attempt))

    def tick(self, at: Millis) -> None:
        """Let the schedule call plan, sweep and alert at this moment."""
        time = datetime.fromtimestamp(at / 1000, UTC).isoformat().replace("+00:00", "Z")
        self.add(at - self.now, "plan", {"time": time})
        self.add(at - self.now, "sweep", {})
        self.add(at - self.now, "alert", {"time": time})

    def hour(self, at: Millis) -> None:
        """Let the schedule call rollup at this moment."""
        self.add(at - self.now, "rollup", {})

    def next(self) -> Step:
        """Take what comes next; feedback's events come several at once."""
        first = self.agenda.pop(0)
        self.now = max(self.now, first.at)
        events = [first]
        while first.job == "feedback" and self.agenda and self.agenda[0][:3] == first[:3] and len(events) < BATCH:
            events.append(self.agenda.pop(0))
        return Step(first.job, tuple(events))

    # --- invocations

    def play(self, step: Step, invocation: Invocation | None = None) -> Invocation:
        """Let one step happen, and do with what failed as AWS would."""
        it = invocation or Invocation()
        if step.job == "arrival":
            self._arrive(**json.loads(step.events[0].payload))
            return it
        second = list[list[Event]]()
        it.beside = lambda: second.append(self.invoke(step, Invocation()))
        it.meanwhile = lambda: self._go_on(STALL + (WAITED if step.job == "aggregate" else 0))
        failed = self.invoke(step, it)
        if step.job in QUEUES:  # A message that either worker has done is deleted.
            failed = [event for event in failed if all(event in missed for missed in second)]
        else:
            failed += [event for missed in second for event in missed]
        for event in failed:
            self._again(event)
        return it

    def _go_on(self, length: Millis) -> None:
        """Let the world go on while a call hangs."""
        until = self.now + length
        while self.agenda and self.agenda[0].at <= until:
            self.play(self.next())
        self.now = until

    def invoke(self, step: Step, invocation: Invocation) -> list[Event]:
        """Run a function on a cold worker, and give those of the events that it did not do."""
        memory.reset()
        with self.wire.invoked(invocation):
            try:
                answer = FUNCTIONS[step.job].handler(self._event(step), _CONTEXT)
            except (Exception, Killed):  # noqa: BLE001 -- whatever a function raises, AWS only sees that it failed
                return list(step.events)
        if step.job == "feedback":
            failed = {int(item["itemIdentifier"]) for item in answer["batchItemFailures"]}
            return [event for number, event in enumerate(step.events) if number in failed]
        return []

    def _event(self, step: Step) -> dict[str, Any]:
        if step.job in QUEUES:
            return {"Records": [{"body": event.payload, "messageId": str(n)} for n, event in enumerate(step.events)]}
        payload: dict[str, Any] = json.loads(step.events[0].payload)
        return payload

    def _again(self, event: Event) -> None:
        if event.job in QUEUES:
            if event.attempt < QUEUES[event.job] or is_given_up(event):
                self.add(VISIBILITY, event.job, event.payload, event.attempt + 1)
            elif event.job == "send":
                self.add(0, "feedback", event.payload)
            else:
                self.dead.append(event)
        elif event.attempt <= len(RETRIES):
            self.add(RETRIES[event.attempt - 1], event.job, event.payload, event.attempt + 1)

    # --- AWS beyond moto

    def took(self, call: Call, body: bytes) -> AWSResponse | None:
        """Take note of what goes out: SES and the queues deliver in this world's time."""
        match call.operation:
            case "SendEmail":
                return self._mail(call, json.loads(body))
            case "SendMessageBatch":
                order = json.loads(body)
                job = order["QueueUrl"].rpartition("/")[2]
                for entry in order["Entries"] if job in RANK else ():  # There are no DNS look-ups in this world.
                    self.add(entry.get("DelaySeconds", 0) * SECOND, job, entry["MessageBody"])
            case "Publish":
                message = json.loads(parse_qs(body.decode())["Message"][0])
                self.told.append(Told("topic", message.get("record", message["incident"]), message["notice"]))
        return None

    def _mail(self, call: Call, order: dict[str, Any]) -> AWSResponse:
        (to,) = order["Destination"]["ToAddresses"]
        raw = base64.b64decode(order["Content"]["Raw"]["Data"])
        tags = {tag["Name"]: tag["Value"] for tag in order["EmailTags"]}
        if to in self.unverified:
            return says(call, 400, "MessageRejected")
        test = tags.get("mxtrax-test")
        if test is None:
            text = message_from_bytes(raw).get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
            self.told += [Told(to, *line.split()) for line in text.splitlines()]
        number = self.sent[test or to] = self.sent.get(test or to, 0) + 1
        ses_id = f"0102018c{blake2b((test or to).encode(), digest_size=4).hexdigest()}-{number:08}-000000"
        if test is not None:
            self.mails.append(self._answer(to, test, ses_id, raw.decode()))
        return response(call, 200, {}, json.dumps({"MessageId": ses_id}))

    # --- the customers

    def _answer(self, to: str, test: str, ses_id: str, raw: str) -> Mail:
        tests = self.tests.setdefault(to, [])
        if test not in tests:
            tests.append(test)
        back, bounced, unsent = list[Millis](), list[Millis](), False
        for number, (after, kind, detail) in enumerate(self.customers(to, tests.index(test))):
            if kind == "event":
                self._ses_says(after, test, ses_id, detail)
                unsent = unsent or detail.get("bounceSubType") == "OnAccountSuppressionList"
                bounced += [self.now + after] if detail["eventType"] == "Bounce" else []
                continue
            mail = raw if kind == "mail" else _MAILS[kind].format(to=to, us=SENDER, ses_id=ses_id)
            self.add(after, "arrival", {"number": f"{ses_id}r{number}", "raw": mail})
            back += [self.now + after] if kind != "stranger" else []
        return Mail(to, test, self.now, tuple(back), tuple(bounced), unsent)

    def _ses_says(self, after: Millis, test: str, ses_id: str, detail: dict[str, Any], late: Millis = 0) -> None:
        at = iso(self.now + after)
        kind = detail["eventType"]
        name = {"DeliveryDelay": "deliveryDelay"}.get(kind, kind.lower())
        said = {"timestamp": at, **{key: value for key, value in detail.items() if key != "eventType"}}
        if kind == "Bounce":
            said["feedbackId"] = f"f-{ses_id}"
        mail = {"messageId": ses_id, "timestamp": iso(self.now), "tags": {"mxtrax-test": [test]}}
        self.add(after + late, "feedback", {"detail": {"eventType": kind, "mail": mail, name: said}})

    def _arrive(self, number: str, raw: str) -> None:
        """Bring a mail into the inbox as SES does: into the bucket, then to receive."""
        motos_memory.put(f"inbox/{number}", raw.encode(), self.now)
        if self.deaf:
            return
        headers = [{"name": n, "value": str(v)} for n, v in message_from_bytes(raw.encode()).items()]
        mail = {"messageId": number, "headers": headers, "headersTruncated": False, "timestamp": iso(self.now)}
        receipt = {"timestamp": iso(self.now), "recipients": [SENDER]}
        self.add(0, "receive", {"Records": [{"ses": {"mail": mail, "receipt": receipt}}]})

    # --- keeping a world and putting it back

    def keep(self) -> dict[str, Any]:
        """Keep the world as it is."""
        return {
            "now": self.now,
            "agenda": list(self.agenda),
            "sent": dict(self.sent),
            "tests": {to: list(tests) for to, tests in self.tests.items()},
            "secrets": self.secrets,
            "mails": list(self.mails),
            "told": list(self.told),
            "dead": list(self.dead),
            "aws": motos_memory.keep(),
        }

    def put_back(self, kept: dict[str, Any]) -> None:
        """Make the world what it was."""
        self.now, self.secrets = kept["now"], kept["secrets"]
        self.agenda, self.mails = list(kept["agenda"]), list(kept["mails"])
        self.told, self.dead, self.sent = list(kept["told"]), list(kept["dead"]), dict(kept["sent"])
        self.tests = {to: list(tests) for to, tests in kept["tests"].items()}
        motos_memory.put_back(kept["aws"])

    def state(self) -> bytes:
        """Give what decides about the future, as a digest. Equal states have equal futures.

        Left out are the moments that are for people, and the numbers that grow with each write: those are only ever
        compared with what the same invocation has read before.
        """
        tables = {name: sorted(map(_plain, motos_memory.items(table))) for name, table in motos_memory.tables().items()}
        incidents = {
            item.attrs["id"].value: item.attrs for item in motos_memory.items(motos_memory.tables()["t-incident"])
        }
        tables["due"] = [
            str(self._told_at(int(incidents[name]["due"].value))) if "due" in incidents[name] else ""
            for name in sorted(incidents)
        ]
        sent = sorted(each for each in self.sent.items() if "@" not in each[0])  # mails of tests, not to people
        seen = (self.now, self.agenda, sent, sorted(self.tests.items()), self.secrets, self.dead)
        inbox = {name: mail for name, mail in motos_memory.stored().items() if name.startswith("inbox/")}
        elsewhere = [name for name in motos_memory.stored() if name not in inbox]
        text = repr((seen, tables, inbox, elsewhere))
        for number, name in enumerate(sorted(incidents)):
            text = text.replace(name, f"incident {number}")
        return blake2b(text.encode(), digest_size=16).digest()

    def _told_at(self, due: Millis) -> Millis:
        """Give when an incident that is due at this moment will be notified."""
        return next((event.at for event in self.agenda if event.job == "alert" and event.at >= due), 0)


@dataclass(frozen=True)
class _Context:
    """What Lambda hands to a function."""

    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:function"
    aws_request_id: str = "request"

    def get_remaining_time_in_millis(self) -> int:
        """Tell that there is time."""
        return 240_000


_CONTEXT: Final = _Context()


@contextmanager
def world(wire: Wire, stage: Stage) -> Iterator[World]:
    """Set up a world on a stage. It replaces all the functions' surroundings; one test mail goes out at a time."""
    it = World(wire, stage)
    wire.took = it.took
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No application metrics")
        for function in FUNCTIONS.values():
            patch.setattr(function, "settings", lambda: stage.settings)
            patch.setattr(function, "clock", lambda: it.now, raising=False)
        session = clients._session()  # Creating clients takes longer than a life: a cold worker finds them created.
        patch.setattr(session, "create_client", cache(session.create_client))
        patch.setattr(botocore.session, "get_session", lambda: session)
        patch.setattr(sending, "PARALLEL", 1)
        patch.setattr(runtime, "secrets", SimpleNamespace(token_hex=_source(it)))
        patch.setattr(report, "compose", _compose)
        patch.setattr(log.metrics, "add_metric", lambda **_: None)
        patch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
        log.logger.setLevel("CRITICAL")
        yield it


def _source(it: World) -> Any:
    """Give a source of secrets, another one each time."""

    def token_hex(size: int) -> str:
        it.secrets += 1
        return f"{it.secrets:02x}" * size

    return token_hex


def _compose(now: Millis, config: Config, notices: Sequence[Notice], *_: Any, **__: Any) -> report.Mail:
    """Reduce an alert to what this suite reads; its words have tests of their own."""
    lines = "\n".join(f"{notice.incident.id} {notice.kind}" for notice in notices)
    return report.Mail(subject="alert", text=lines + "\n", html="<p>alert</p>")


def is_given_up(event: Event) -> bool:
    """Say whether this is one of send's dead letters, which feedback reads and which nothing gives up any more."""
    return event.job == "feedback" and "detail" not in json.loads(event.payload)


def iso(at: Millis) -> str:
    """Write a time as SES does."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_BY_PRESENCE: Final = frozenset(
    {"accepted", "notified", "reminded", "opened", "since", "version", "rev", "rank", "place"}
)
"""Of these it matters whether they are there: they are for people, or compared only with what the same run has read."""


def _plain(item: Any) -> str:
    attrs = dict(item.attrs)
    if "evidence" in attrs and attrs["maildomain"].value != MONITOR and "closed" in attrs:
        attrs["closed"] = attrs["opened"]  # When one of a domain's ended decides nothing, only that it did.
    return repr(sorted((name, _value(name, it)) for name, it in attrs.items() if name != "due" or "testid" in attrs))


def _value(name: str, it: Any) -> Any:
    if name in _BY_PRESENCE:
        return "there"
    value = it.value
    if isinstance(value, dict):
        return sorted((key, _value(key, inner)) for key, inner in value.items())
    if it.type == "SS":
        return sorted(value)
    return sorted(json.loads(value).items()) if str(value).startswith("{") else value
