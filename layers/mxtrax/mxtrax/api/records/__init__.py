"""What the records of /api/v3/ look like: for each its schema and how it is shown. Durations are in seconds."""

from mxtrax.api.records.domains import (
    DOMAIN,
    OVERRIDES,
    ROW,
    WHOLE_DOMAIN,
    Around,
    domain,
    row,
    settings_of,
    whole_domain,
)
from mxtrax.api.records.incidents import INCIDENT, incident
from mxtrax.api.records.mailtests import TEST, WHOLE_TEST, test, trace, whole_test
from mxtrax.api.records.settings import (
    CHANGE,
    CONFIG,
    CUSTOMER,
    LIMITS,
    WINDOW,
    WINDOW_OF_CALENDAR,
    change,
    config,
    customer,
    window,
    window_of_calendar,
)
from mxtrax.api.records.stats import DAY, FIGURES_OF_DAYS, HOUR, days, figures, hours
from mxtrax.api.schema import CAUSE, OBJECT

__all__ = [
    "CAUSE",
    "CHANGE",
    "CONFIG",
    "CUSTOMER",
    "DAY",
    "DOMAIN",
    "FIGURES_OF_DAYS",
    "HOUR",
    "INCIDENT",
    "LIMITS",
    "OBJECT",
    "OVERRIDES",
    "ROW",
    "TEST",
    "WHOLE_DOMAIN",
    "WHOLE_TEST",
    "WINDOW",
    "WINDOW_OF_CALENDAR",
    "Around",
    "change",
    "config",
    "customer",
    "days",
    "domain",
    "figures",
    "hours",
    "incident",
    "row",
    "settings_of",
    "test",
    "trace",
    "whole_domain",
    "whole_test",
    "window",
    "window_of_calendar",
]
