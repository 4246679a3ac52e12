"""The commands, a file each: `mxtrax NAME` is written in NAME.py, with `_` for `-`."""

from typing import Final

PANELS: Final = {
    "On this machine": ("run", "demo"),
    "See how things are": ("report", "incidents", "incident", "tests", "stats", "inspect", "unmatched"),
    "Keep the fleet": (
        "domains",
        "customers",
        "windows",
        "quiet",
        "channels",
        "config",
        "branding",
        "import-domains",
        "export-domains",
    ),
    "Send and receive by hand": ("send", "sendtests", "receivetests", "receive"),
    "Set up": (
        "preflight",
        "doctor",
        "users",
        "identity-providers",
        "token",
        "test-alert",
        "activate",
        "migrate",
        "rollback-triggers",
        "adopt",
    ),
}
"""All commands under the headings and in the order of `mxtrax --help`."""
