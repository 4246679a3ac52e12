"""The words of MXTRAX as frozen dataclasses, a file a subject. Durations say their unit."""

from mxtrax.model.channel import ChannelConfig, ChannelKind, ChannelState, Severity
from mxtrax.model.fleet import CUSTOMER_GROUP, ROLES, Change, Customer, Door, MailDomain, Scope, Window
from mxtrax.model.health import DomainHealth, HourOfDay, Recent, Stat, State, WindowCounts
from mxtrax.model.incident import MONITOR, Incident
from mxtrax.model.mailserver import MailServer, MailServers
from mxtrax.model.moments import DAY, HOUR, MINUTE, SECOND, Millis
from mxtrax.model.notice import Notice, NoticeKind
from mxtrax.model.returned import Integrity, Recipient, Return, Signature
from mxtrax.model.settings import AlarmWhen, AlertMail, Branding, Config, Limits, Published, Schema, WallLink
from mxtrax.model.test import Cause, Kind, MailTest, Reason, SmtpReply, Verdict
from mxtrax.model.trace import Hop, MessageTrace

__all__ = [
    "CUSTOMER_GROUP",
    "DAY",
    "HOUR",
    "MINUTE",
    "MONITOR",
    "ROLES",
    "SECOND",
    "AlarmWhen",
    "AlertMail",
    "Branding",
    "Cause",
    "Change",
    "ChannelConfig",
    "ChannelKind",
    "ChannelState",
    "Config",
    "Customer",
    "DomainHealth",
    "Door",
    "Hop",
    "HourOfDay",
    "Incident",
    "Integrity",
    "Kind",
    "Limits",
    "MailDomain",
    "MailServer",
    "MailServers",
    "MailTest",
    "MessageTrace",
    "Millis",
    "Notice",
    "NoticeKind",
    "Published",
    "Reason",
    "Recent",
    "Recipient",
    "Return",
    "Schema",
    "Scope",
    "Severity",
    "Signature",
    "SmtpReply",
    "Stat",
    "State",
    "Verdict",
    "WallLink",
    "Window",
    "WindowCounts",
]
