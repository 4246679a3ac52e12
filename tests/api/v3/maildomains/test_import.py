"""The fleet as a CSV file, in."""

from tests.api.client import HOME, Client
from tests.every_request import HEADER


def test_a_fleet_comes_in_by_csv_with_the_wikis_counts(client: Client) -> None:
    """The dry run shows what the import then does; a second import changes nothing."""
    rows = ["Acme,acme,mx,a.example", "Acme,acme,mx,b.example", "Acme,acme,mx,a.example", "Bad,bad,mx,no domain"]
    raw = "\r\n".join([HEADER, *rows]).encode("utf-8-sig")
    dry = client.ask("POST", f"{HOME}/import?dry_run=true", raw).json
    assert (dry["imported"], dry["already_there"], dry["problematic"], dry["rows"]) == (2, 0, 2, 4)
    assert [it["line"] for it in dry["bad"]] == [4, 5]
    assert client.get(HOME).json["items"] == []
    done = client.ask("POST", f"{HOME}/import", raw).json
    assert done == {**dry, "dry_run": False}
    assert done["adds_up"]
    again = client.ask("POST", f"{HOME}/import", raw).json
    assert (again["imported"], again["already_there"], again["adds_up"]) == (0, 2, True)
    (kept,) = client.get("/api/v3/audit?target=fleet").json["items"]
    assert kept["after"]["imported"] == 2


def test_a_file_that_is_no_such_csv_is_refused(client: Client) -> None:
    """One sentence says what the file should be; a file that is too large is not read."""
    assert client.ask("POST", f"{HOME}/import", b"a,b\n1,2\n").json["field"] == "file"
    assert client.ask("POST", f"{HOME}/import", b"").status == 422
    assert client.ask("POST", f"{HOME}/import", b"x" * 4_000_001).status == 413
