"""Mail in the inbox that belongs to no test."""

import boto3
import pytest

from tests.api.client import Client


def test_unmatched_mail_is_listed_shown_as_text_and_deleted(outside: Client) -> None:
    """Whatever is in a mail, it arrives as text that controls nothing."""
    raw = b"From: x@evil.example\r\nSubject: =?utf-8?q?=1B[2J<script>?=\r\n\r\n<img src=x onerror=alert(1)>\x1b[31m\x00\r\n"
    boto3.client("s3").put_object(Bucket="inbox", Key="unmatched/mail1", Body=raw)
    (listed,) = outside.get("/api/v3/unmatched").json["items"]
    assert (listed["id"], listed["from"], listed["subject"]) == ("mail1", "x@evil.example", "\ufffd[2J<script>")
    shown = outside.get("/api/v3/unmatched/mail1").json
    assert "<img src=x onerror=alert(1)>\ufffd[31m\ufffd\n" in shown["text"]
    assert shown["size"] == len(raw)
    assert outside.ask("DELETE", "/api/v3/unmatched/mail1").status == 204
    assert outside.get("/api/v3/unmatched/mail1").status == 404
    assert outside.get("/api/v3/unmatched").json == {"items": [], "next": None}


def test_unmatched_mail_is_paged(outside: Client) -> None:
    """Following next leads to each mail once."""
    for number in range(5):
        boto3.client("s3").put_object(Bucket="inbox", Key=f"unmatched/mail{number}", Body=b"Subject: x\n\n")
    found, link = [], "/api/v3/unmatched?limit=2"
    while link:
        page = outside.get(link).json
        found += [it["id"] for it in page["items"]]
        link = page["next"]
    assert sorted(found) == [f"mail{number}" for number in range(5)]


@pytest.mark.parametrize("number", ["..%2Finbox%2Fmail", "../inbox/mail", "a.b", "a" * 201, "%00"])
def test_only_unmatched_mail_can_be_reached(outside: Client, number: str) -> None:
    """No id leads out of the folder."""
    boto3.client("s3").put_object(Bucket="inbox", Key="inbox/mail", Body=b"Subject: x\n\n")
    for method in ("GET", "DELETE"):
        assert outside.ask(method, f"/api/v3/unmatched/{number}").status in {404, 405}
    assert boto3.client("s3").list_objects_v2(Bucket="inbox")["KeyCount"] == 1
