"""What the wiki promises to those who read its API: the names of fields, in its order."""

MAILDOMAIN = ["domainname", "failing", "id", "maintmode", "resource_uri", "testuser"]
STAT = [
    "all_done",
    "d",
    "domain",
    "fail_num",
    "id",
    "late_num",
    "max_delivery_time",
    "min_delivery_time",
    "ontime_num",
    "resource_uri",
    "total_delivery_time",
    "total_num",
]
