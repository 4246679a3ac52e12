"""An API on moto's tables, which are made once a module and emptied for each test."""

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from moto.cognitoidp.models import CognitoIdpGroup, cognitoidp_backends
from moto.dynamodb.models import dynamodb_backends

from mxtrax.model import (
    DAY,
    MINUTE,
    ROLES,
    Customer,
    DomainHealth,
    Incident,
    MailDomain,
    MailTest,
    Recent,
    State,
    Verdict,
)
from mxtrax.rules import vitals
from mxtrax.runtime import memory
from mxtrax.runtime.environment import Settings
from mxtrax.store import customers, fleet, mailtests, mapping, runtime, tables
from mxtrax.store.config import load_config
from tests.api.client import NOW, Client
from tests.api.gateway import Gateway
from tests.api.stored import TESTID, add_domains, add_stat, fail, put_health
from tests.every_request import CONFIG
from tests.fake_aws import empty_aws

ACCOUNT, REGION = "123456789012", "eu-west-1"


@pytest.fixture(scope="module")
def _tables() -> Iterator[None]:
    """Make the tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        with empty_aws():
            tables.connect("t-")
            for table in tables.TABLES:
                table.create_table()
            boto3.client("cognito-idp").create_user_pool(PoolName="t")
            yield


@pytest.fixture
def client(_tables: None) -> Client:
    """Give a client of an API with empty tables and nobody in the user pool."""
    for backend in dynamodb_backends[ACCOUNT][REGION].tables.values():
        backend.items.clear()
    memory.reset()
    (pool,) = cognitoidp_backends[ACCOUNT][REGION].user_pools.values()
    pool.users.clear()
    pool.groups.clear()
    for role in ROLES:
        pool.groups[role] = CognitoIdpGroup(pool.id, role, "", "", 0)
    return Client(settings=Settings(tables="t-", user_pool=pool.id))


@pytest.fixture
def outside(client: Client) -> Iterator[Client]:
    """Give a client of an API with a bucket and a queue."""
    s3, sqs = boto3.client("s3"), boto3.client("sqs")
    s3.create_bucket(Bucket="inbox", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    queue = sqs.create_queue(QueueName="send")["QueueUrl"]
    yield replace(client, settings=Settings(tables="t-", bucket="inbox", send_queue=queue))
    for each in s3.list_objects_v2(Bucket="inbox").get("Contents", []):
        s3.delete_object(Bucket="inbox", Key=each["Key"])
    s3.delete_bucket(Bucket="inbox")
    sqs.delete_queue(QueueUrl=queue)


@pytest.fixture
def operator(client: Client) -> Client:
    """Give an operator, with a customer of two domains, one of which is well."""
    runtime.heartbeat("plan", NOW - MINUTE)
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    for number in (1, 2):
        (domain,) = fleet.add(
            [MailDomain(id=0, testuser="secret-mailbox", domainname=f"mail{number}.example", customer="acme")]
        )
        tested = (Recent(NOW - 4 * MINUTE, Verdict.ONTIME, 1_000),)
        known = DomainHealth(maildomain=domain.key, state=State.OK, since=NOW - 3 * DAY, recent=tested)
        put_health(known)
        add_stat(domain, "2025-11-22", ontime_num=3, late_num=1, total_num=4)
    return client.signed_in("operator")


@pytest.fixture
def stranger(operator: Client) -> Client:
    """Give somebody without a token."""
    return Client(claims=None)


@pytest.fixture
def gateway(client: Client) -> Gateway:
    """Give an API with records of every kind."""
    s3 = boto3.client("s3")
    if "inbox" not in {it["Name"] for it in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket="inbox", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    queue = boto3.client("sqs").create_queue(QueueName="send")["QueueUrl"]
    s3.put_object(Bucket="inbox", Key="unmatched/mail1", Body=b"Subject: x\n\n")
    client.ask("PUT", "/api/v3/config", CONFIG)
    assert load_config(client.settings.initial).version == 1
    customers.add(Customer(codename="acme", friendlyname="Acme"))
    domain, *_ = add_domains(3)
    fail(domain)
    add_stat(domain, "2025-11-22", ontime_num=1, total_num=1, histogram={100: 1})
    mapping.incident_row(Incident(id="1-1", maildomain=domain.key, opened=NOW)).save()
    for job in (*vitals.HEARTBEATS, vitals.WELL):
        runtime.heartbeat(job, NOW)
    test = MailTest(testid=TESTID, maildomain=domain.key, sendtime=NOW, maxreturntime=300, max_sec_until_fail=900)
    mailtests.create([test], 90)
    client.ask("POST", "/api/v3/users", {"email": "ann@operator.example", "role": "viewer"})
    return Gateway(replace(client.settings, bucket="inbox", send_queue=queue))
