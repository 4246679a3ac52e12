"""An empty stack on moto: tables, queues, topic, bucket, and an identity that may send."""

from collections.abc import Callable
from typing import Any, Final

from mxtrax.runtime.environment import Settings
from mxtrax.store import tables

REGION: Final = "eu-west-1"
BUCKET: Final = "inbox"


def stack(prefix: str, sender: str, client: Callable[..., Any], **more: Any) -> Settings:  # noqa: ANN401 -- as Settings
    """Make a stack by the clients of these services, and give its settings; `more` are further ones."""
    tables.connect(prefix)
    for table in tables.TABLES:
        table.create_table()
    client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    client("sesv2").create_email_identity(EmailIdentity=sender)
    sqs, names = client("sqs"), ("send", "aggregate", "observe", "alert")
    return Settings(
        tables=prefix,
        bucket=BUCKET,
        **{f"{name}_queue": sqs.create_queue(QueueName=name)["QueueUrl"] for name in names},
        alert_topic=client("sns").create_topic(Name="alerts")["TopicArn"],
        sending_user=sender,
        **more,
    )
