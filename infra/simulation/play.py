"""Play a scenario: run the product's jobs in a world, with a simulated clock.

Assumptions about AWS: rules that run each minute do so at fixed seconds; a queue's messages take 0.06 to 0.7 s; a job
that raises is retried as configured for its queue or trigger.
"""

import heapq
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import process_time
from typing import Any, Final

from infra.simulation.model import HOUR, MINUTE, SECOND, SENDER, Mail, Millis, Scenario, dice
from infra.simulation.product import Product, on_stage
from infra.simulation.returning import Headers, returned
from infra.simulation.seen import Mailed, Played
from infra.simulation.ses import MEMBER, Event
from infra.simulation.stand_ins import clients
from infra.simulation.world import Arrival, World

VISIBILITY: Final = 90 * SECOND
"""After how long a queue redelivers a message that a job has failed on."""

TRIES: Final = {"send": 4, "aggregate": 3, "receive": 3, "alert": 3}
"""How often a message is delivered to a job; others get it once."""

SWEEPS: Final = 5 * MINUTE
"""How often the sweep runs."""

KEPT: Final = 3 * HOUR
"""How long tests with a final verdict are kept: nothing reads them again."""


def play(scenario: Scenario, config: Mapping[str, Any]) -> Played:
    """Play a scenario with these settings, and give what was observed."""
    drive = _Drive(scenario)
    with on_stage(scenario, config, clients(drive)) as it:
        drive.run(it)
    return drive.out


class _Drive:
    """Clock and agenda."""

    product: Product

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.world, self.out = scenario, World(scenario), Played()
        self.dice = dice("play", scenario.seed)
        self.now, self.number = scenario.start, 0
        self.swept: Millis = dice("sweep", scenario.seed).randrange(SWEEPS)
        self.agenda: list[tuple[Millis, int, Callable[..., None], tuple[Any, ...]]] = []
        self.inbox: dict[str, tuple[Headers, bytes, Millis]] = {}

    def run(self, it: Product) -> None:
        """Run it, minute by minute."""
        self.product, began = it, process_time()
        for minute in self.scenario.minutes():
            scheduled = minute + self.scenario.plan_second * SECOND
            self._at(scheduled + 400, self._plan, scheduled)
            self._at(minute + self.scenario.alert_second * SECOND + 300, self._try, "alert", self._alert)
            if (minute + self.swept) % SWEEPS < MINUTE:
                self._at(minute + self.swept % MINUTE, self._try, "sweep", self._sweep)
            while self.agenda and self.agenda[0][0] < minute + MINUTE:
                self.now, _, do, given = heapq.heappop(self.agenda)
                do(*given)
            if minute % HOUR == 0:
                it.forget(self.now - KEPT)
        self.out.cpu = process_time() - began
        self.out.dropped, self.out.untold = it.dropped_and_untold()
        self.out.counted = it.counted()

    def _at(self, when: Millis, do: Callable[..., None], *given: object) -> None:
        self.number += 1
        heapq.heappush(self.agenda, (when, self.number, do, given))

    def _clock(self) -> Millis:
        return self.now

    # --- the jobs

    def _try(self, job: str, do: Callable[..., object], *given: object, attempt: int = 1) -> None:
        """Run a job; if it raises, retry it as often as its queue or trigger does."""
        try:
            do(*given)
        except _Down:
            pass
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with a job, the others go on
            self.out.errors[f"{job}: {type(error).__name__}: {str(error)[:80]}"] += 1
        else:
            return
        if attempt < TRIES.get(job, 1):
            wait = attempt * MINUTE if job == "receive" else VISIBILITY
            self._at(self.now + wait, self._again, job, do, given, attempt + 1)

    def _again(self, job: str, do: Callable[..., object], given: tuple[object, ...], attempt: int) -> None:
        self._try(job, do, *given, attempt=attempt)

    def _plan(self, scheduled: Millis) -> None:
        if not self.world.ours("plan_down", self.now):
            self._try("plan", self.product.plan, scheduled)

    def _alert(self) -> None:
        self.product.alert(self.now)

    def _sweep(self) -> None:
        self.product.sweep(self.now)

    def _consume(self, queue: str, message: str) -> None:
        self.product.consume(queue, message, self._clock)

    def _receive(self, record: Mapping[str, Any]) -> None:
        if self.world.ours("receive_down", self.now):
            raise _Down
        self.product.receive(record, self.now)

    # --- called by the jobs

    def fails(self) -> str:
        """Give SES's error code if it accepts no mail at this moment."""
        if self.world.ours("ses_fails", self.now):
            return "SendingPausedException"
        if self.world.ours("ses_throttles", self.now) and self.dice.random() < 0.6:  # After the client's own retries.
            return "TooManyRequestsException"
        return ""

    def sent(self, to: str, test: str, raw: bytes) -> str:
        """Accept a mail: pass a test to its mail system, and record an alert."""
        if not test:
            told = self.product.told_by_mail(self.now)
            self.out.notices += told
            self.out.mailed.append(Mailed(self.now, tuple((it.incident, it.kind) for it in told)))
            return f"alert{self.number}"
        if test in self.out.mails:
            self.out.errors["a test was sent twice"] += 1
        mail = self.out.mails.get(test) or Mail(test, to, self.now)
        if test not in self.out.mails:
            self.out.took(mail)
        ses_id = f"0102018c{self.number:08x}-{len(self.out.mails):08}-000000"
        life = self.world.meet(mail)
        for event in life.events:
            self._at(event.told, self._try, "feedback", self.product.feedback, _told(event, ses_id, test, self.now))
        for number, arrival in enumerate(life.arrivals):
            self._at(arrival.at, self._arrive, mail, raw, ses_id, f"{ses_id}r{number}", arrival)
        return ses_id

    def _arrive(self, mail: Mail, raw: bytes, ses_id: str, name: str, arrival: Arrival) -> None:
        domain = self.scenario.domains.get(mail.domain)
        fields, body = returned(mail, raw, domain, ses_id, arrival)
        self.inbox[f"inbox/{name}"] = fields, body, self.now
        at = _iso(self.now)
        record = {
            "mail": {
                "messageId": name,
                "headers": [{"name": field, "value": value} for field, value in fields],
                "headersTruncated": False,
                "timestamp": at,
            },
            "receipt": {"timestamp": at, "recipients": [SENDER], "spfVerdict": {"status": "PASS"}},
        }
        self._at(self.now + self.dice.randint(80, 900), self._try, "receive", self._receive, record)

    def queued(self, queue: str, delay: Millis, message: str) -> None:
        """Accept a message for a queue."""
        taken = self.now + delay + self.dice.randint(60, 700)
        self._at(taken, self._try, queue, self._consume, queue, message)

    def published(self, message: Mapping[str, Any]) -> None:
        """Accept a message of the topic."""
        self.out.notices.append(self.product.told_by_topic(message, self.now))

    def unmatched(self) -> None:
        """Record that a mail was set aside: none here should be."""
        self.out.errors["unmatched mail"] += 1


class _Down(Exception):
    """A job is down: one of our own outages."""


def _told(event: Event, ses_id: str, test: str, sent: Millis) -> dict[str, Any]:
    mail = {"messageId": ses_id, "timestamp": _iso(sent), "source": SENDER, "tags": {"mxtrax-test": [test]}}
    detail = {"timestamp": _iso(event.at), **event.detail}
    return {"eventType": event.kind, "mail": mail, MEMBER[event.kind]: detail}


def _iso(at: Millis) -> str:
    return datetime.fromtimestamp(at / SECOND, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
