"""The two doors to `admin/`, API and command line, and the state behind each: records, audit, people, messages sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Protocol

import boto3
import pytest

from mxtrax.jobs import send
from mxtrax.model import ROLES
from mxtrax.rules.roles import access_of
from mxtrax.store import audit, channels, tables, windows
from tests.api.client import Client
from tests.cli.operator import Operator, before
from tests.stage import Stage, stage

UNTOLD = {"ses_message_id"}
"""Made up by SES, and different each time."""


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What somebody does: as a request, and as a command. `{window}`, `{incident}` and `{mail}` are the one there is."""

    name: str
    api: tuple[Any, ...]
    cli: tuple[str, ...]
    stdin: str | None = None
    says: str = ""
    """For a mistake, a part of the sentence that both doors give."""
    meanwhile: tuple[str, Any] | None = None
    """A name and its replacement during the deed: somebody else who is quicker, a fleet that is full."""


class Door(Protocol):
    """One of the doors."""

    @property
    def it(self) -> Stage:
        """Give the stage behind it."""

    def does(self, deed: Deed) -> None:
        """Do what must succeed."""

    def errs(self, deed: Deed) -> str:
        """Do what must fail, and give the sentence."""


@dataclass
class ByApi:
    """By the API, as an admin."""

    it: Stage

    def does(self, deed: Deed) -> None:
        """Send a request that must succeed."""
        status, body = self._ask(deed)
        assert status < 300, (deed.name, body)

    def errs(self, deed: Deed) -> str:
        """Send a request that must fail."""
        status, body = self._ask(deed)
        assert 400 <= status < 500 or status == 503, (deed.name, body)
        return str(json.loads(body)["detail"])

    def _ask(self, deed: Deed) -> tuple[int, str]:
        method, path, *body = deed.api
        client = Client(now=self.it.now, settings=self.it.settings)
        given = {"version": _version(self.it)} if path == "/api/v3/config" and method == "PUT" else {}
        asked = {**given, **body[0]} if body and isinstance(body[0], dict) else body[0] if body else None
        answer = client.ask(method, path.format(**_named()), asked)
        return answer.status, answer.body


@dataclass
class ByCommand:
    """By the command line."""

    operator: Operator

    @property
    def it(self) -> Stage:
        """Give the stage."""
        return self.operator.it

    def does(self, deed: Deed) -> None:
        """Give a command that must succeed."""
        self.operator.does(*self._words(deed), stdin=deed.stdin)

    def errs(self, deed: Deed) -> str:
        """Give a command that must fail."""
        result = self.operator.says(*self._words(deed), stdin=deed.stdin)
        assert result.exit_code in {1, 2}, (deed.name, result.output)
        return result.stderr.splitlines()[0].removeprefix("mxtrax: ")

    def _words(self, deed: Deed) -> list[str]:
        named = _named()
        return [word.format(**named) if word in {f"{{{name}}}" for name in named} else word for word in deed.cli]


@contextmanager
def opened(kind: type[ByApi] | type[ByCommand]) -> Iterator[Door]:
    """Open a door to a deployment of its own; random values are the same in all of them."""
    with pytest.MonkeyPatch.context() as patch, stage() as it:
        number = count(1)
        patch.setattr("secrets.token_hex", lambda size: f"{next(number):0{2 * size}x}")
        patch.setattr("secrets.token_urlsafe", lambda size: f"{next(number):0{size * 4 // 3}}")
        pool = boto3.client("cognito-idp").create_user_pool(PoolName="t")["UserPool"]["Id"]
        for role in ROLES:
            boto3.client("cognito-idp").create_group(UserPoolId=pool, GroupName=role)
        it.settings = replace(it.settings, user_pool=pool)
        if kind is ByApi:
            yield ByApi(it)
        else:
            operator = before(it, patch)
            operator.outputs |= {"UserPoolId": pool, "ApiUrl": "https://api.example"}
            patch.setattr("infra.cli.commands.send.sleep", lambda _: it.comes_back(it.outbox[-1]))
            yield ByCommand(operator)


def settle(it: Stage) -> None:
    """Let the sender process its queue."""
    for batch in it.batches():
        send.run(batch, it.clock, it.settings)


def found(it: Stage) -> dict[str, Any]:
    """Give all state behind a door, without the audit: records, people, stored mail, and messages sent."""
    client = boto3.client("dynamodb")
    state: dict[str, Any] = {}
    for name in tables.TABLES.values():
        if name != "audit":
            items = client.scan(TableName=f"t-{name}")["Items"]
            plain = [{key: value for key, value in item.items() if key not in UNTOLD} for item in items]
            state[name] = sorted(json.dumps(_same_actor(item), sort_keys=True, default=repr) for item in plain)
    state["people"] = sorted(_people(it.settings.user_pool))
    state["aside"] = it.inbox("unmatched/")
    state["sent"] = sorted((mail.to, mail.testid) for mail in it.outbox)
    return state


def noted() -> list[dict[str, Any]]:
    """Give the audit, without actor, door and ids; the latest last."""
    return [
        {"at": it.at, "what": it.what, "target": it.target, **_same_actor({"before": it.before, "after": it.after})}
        for it in reversed(audit.latest(200).items)
    ]


def _same_actor(record: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(record, sort_keys=True, default=repr)
    for who in ("anna", "arn:aws:sts::123456789012:user/moto"):
        text = text.replace(who, "WHO")
    return dict(json.loads(text))


def _people(pool: str) -> Iterator[tuple[str, bool, str]]:
    client = boto3.client("cognito-idp")
    for user in client.list_users(UserPoolId=pool)["Users"]:
        groups = client.admin_list_groups_for_user(UserPoolId=pool, Username=user["Username"])["Groups"]
        yield user["Username"], user["Enabled"], str(access_of({each["GroupName"] for each in groups}))


def _version(it: Stage) -> int:
    return int(Client(now=it.now, settings=it.settings).get("/api/v3/config").json["version"])


def _named() -> dict[str, str]:
    known = {"window": [it.id for it in windows.everything()], "channel": [it.id for it in channels.load().them]}
    scanned = boto3.client("dynamodb").scan(TableName="t-incident")["Items"]
    known["incident"] = [item["id"]["S"] for item in scanned]
    stored = boto3.client("s3").list_objects_v2(Bucket="inbox", Prefix="unmatched/").get("Contents", [])
    known["mail"] = [each["Key"].removeprefix("unmatched/") for each in stored]
    return {name: ids[0] if ids else "none" for name, ids in known.items()}
