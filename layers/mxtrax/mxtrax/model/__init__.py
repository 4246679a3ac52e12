"""The words of MXTRAX as frozen dataclasses, a file a subject. Durations say their unit.

A function needs the words of some subjects, so each file is imported when one of its words is first asked for.
"""

from typing import TYPE_CHECKING

from mxtrax import lazily

if TYPE_CHECKING:
    from .channel import ChannelConfig, ChannelKind, ChannelState, Severity
    from .fleet import CUSTOMER_GROUP, ROLES, Change, Customer, Door, MailDomain, Scope, Window
    from .health import DomainHealth, HourOfDay, Recent, Stat, State, WindowCounts
    from .incident import MONITOR, Incident, Stretch
    from .mailserver import MailServer, MailServers
    from .moments import DAY, HOUR, MINUTE, SECOND, Millis
    from .notice import Notice, NoticeKind
    from .returned import Integrity, Recipient, Return, Signature
    from .settings import AlarmWhen, AlertMail, Branding, Config, Limits, Published, Schema, WallLink
    from .test import Cause, Kind, MailTest, Reason, SmtpReply, Verdict
    from .trace import Hop, MessageTrace

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
    "Stretch",
    "Verdict",
    "WallLink",
    "Window",
    "WindowCounts",
]

__getattr__ = lazily.imported(
    __name__,
    {
        "channel": "ChannelConfig ChannelKind ChannelState Severity",
        "fleet": "CUSTOMER_GROUP ROLES Change Customer Door MailDomain Scope Window",
        "health": "DomainHealth HourOfDay Recent Stat State WindowCounts",
        "incident": "MONITOR Incident Stretch",
        "mailserver": "MailServer MailServers",
        "moments": "DAY HOUR MINUTE SECOND Millis",
        "notice": "Notice NoticeKind",
        "returned": "Integrity Recipient Return Signature",
        "settings": "AlarmWhen AlertMail Branding Config Limits Published Schema WallLink",
        "test": "Cause Kind MailTest Reason SmtpReply Verdict",
        "trace": "Hop MessageTrace",
    },
)
