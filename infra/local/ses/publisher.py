"""Publishes SES's events through EventBridge, in the order in which they happened."""

import json
import logging
import queue
import threading
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import ACCOUNT, REGION, Aws
from infra.local.ses.events import DETAIL_TYPES, SOURCE

_log = logging.getLogger(__name__)
_BATCH: Final = 10  # PutEvents accepts no more
_TRIES: Final = 3


class Publisher:
    """A thread that sends what is in its queue. It ends once all is sent."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._queue = queue.SimpleQueue[Mapping[str, Any] | None]()
        self._thread = threading.Thread(target=self._run, name="ses events", daemon=True)

    def start(self) -> None:
        """Publish from now on."""
        self._thread.start()

    def put(self, event: Mapping[str, Any]) -> None:
        """Queue an event for publishing. Without a configuration set, SES publishes nothing."""
        if event["mail"]["tags"]["ses:configuration-set"][0]:
            self._queue.put(event)

    def stop(self) -> None:
        """Publish what is left and end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            batch = [event]
            while len(batch) < _BATCH and not self._queue.empty():
                if (following := self._queue.get()) is None:
                    self._send(batch)
                    return
                batch.append(following)
            self._send(batch)

    def _send(self, batch: list[Mapping[str, Any]]) -> None:
        entries = [_entry(event) for event in batch]
        for _ in range(_TRIES):
            try:
                answer = self._aws.events.put_events(Entries=entries)
            except (BotoCoreError, ClientError) as error:
                _log.warning("events were not accepted: %s", error)
                continue
            results = zip(entries, answer["Entries"], strict=True)
            entries = [entry for entry, result in results if "ErrorCode" in result]
            if not entries:
                return
        _log.error("%d events are lost", len(entries))


def _entry(event: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- the client's own type for it is a nest of TypedDicts
    configuration_set = event["mail"]["tags"]["ses:configuration-set"][0]
    return {
        "Source": SOURCE,
        "DetailType": DETAIL_TYPES[event["eventType"]],
        "Resources": [f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{configuration_set}"],
        "Detail": json.dumps(event),
    }
