"""The minutes of a fast world: plan, wait until all resulting work is done, alert.

So an alert never goes out in the middle of a fold, however slow this machine is: minutes get longer instead.
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.world import World

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_log = logging.getLogger(__name__)

_NOW: Final[tuple["QueueAttributeNameType", ...]] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
)
_QUEUES: Final[Mapping[str, tuple["QueueAttributeNameType", ...]]] = {
    "SendQueueUrl": (*_NOW, "ApproximateNumberOfMessagesDelayed"),
    "AggregateQueueUrl": _NOW,  # messages that wait there for their second belong to later minutes
    "AlertQueueUrl": _NOW,
    "ObserveQueueUrl": _NOW,
    "FeedbackQueueUrl": _NOW,
}
_SCHEDULED: Final = ("PlanFunction", "AlertFunction")
_LOOK_SECONDS: Final = 0.2
_LONGEST_SECONDS: Final = 60.0


@contextmanager
def metronome(world: World) -> Iterator["Metronome"]:
    """Run short minutes in place of the schedules, because EventBridge cannot shorten theirs."""
    metronome = Metronome(world)
    metronome.start()
    try:
        yield metronome
    finally:
        metronome.stop()


@contextmanager
def no_schedules(world: World) -> Iterator[None]:
    """Switch off the schedules of the jobs that run here: they would interfere."""
    rules = list(_schedules(world))
    for rule in rules:
        world.aws.events.disable_rule(Name=rule)
    try:
        yield
    finally:
        for rule in rules:
            world.aws.events.enable_rule(Name=rule)


class Metronome:
    """A thread that runs the minutes. `beats` counts those that are done, from plan to alert."""

    def __init__(self, world: World) -> None:
        self.beats = 0
        self._world = world
        self._done = threading.Event()
        self._beating = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="metronome", daemon=True)

    def start(self) -> None:
        """Run from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the minute and end."""
        self._done.set()
        self._thread.join()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the end of a minute, and let none begin within this context."""
        with self._beating:
            yield

    def _run(self) -> None:
        while not self._done.is_set():
            began = time.monotonic()
            try:
                with self._beating:
                    self._beat(began + _LONGEST_SECONDS)
            except (BotoCoreError, ClientError) as error:
                _log.warning("a minute was cut short: %s", error)
            self._done.wait(max(0.0, began + self._world.plan.minute_seconds - time.monotonic()))

    def _beat(self, latest: float) -> None:
        self._world.ask("PlanFunction")
        while not _at_rest(self._world) and time.monotonic() < latest:
            self._done.wait(_LOOK_SECONDS)
        self._world.ask("AlertFunction")
        self.beats += 1


def _at_rest(world: World) -> bool:
    """Say whether no message is waiting or in progress, and all incoming mail is accounted for."""
    for queue, waiting in _QUEUES.items():
        answer = world.aws.sqs.get_queue_attributes(QueueUrl=world.outputs[queue], AttributeNames=list(waiting))
        if any(int(number) for number in answer["Attributes"].values()):
            return False
    bucket, prefix = world.outputs["InboxBucket"], world.outputs["InboxPrefix"]
    return not world.aws.s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents")


def _schedules(world: World) -> Iterator[str]:
    """Name the rules that call the jobs that run here."""
    for output in _SCHEDULED:
        arn = world.aws.functions.get_function(FunctionName=world.outputs[output])["Configuration"]["FunctionArn"]
        yield from world.aws.events.list_rule_names_by_target(TargetArn=arn)["RuleNames"]
