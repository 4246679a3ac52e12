"""Hand a notice over to a service, by HTTPS, by an SNS topic or by mail, and give the outcome."""

from collections.abc import Callable, Mapping

from mxtrax.aws import ses, sns
from mxtrax.errors import Refused, TryAgain
from mxtrax.notify.calling import SHOWN, Outcome, call, fence_of
from mxtrax.notify.channel import Context
from mxtrax.notify.mail import TAG
from mxtrax.notify.service import Letter, Parcel, Post, Publication
from mxtrax.notify.wire import ticket_form
from mxtrax.rules.untrusted_text import line
from mxtrax.runtime.environment import Settings


def hand_over(parcel: Parcel, secret: Mapping[str, str], context: Context) -> Outcome:
    """Hand over a parcel in its own way."""
    match parcel:
        case Post():
            return call(parcel, secret, context.now, fence_of(context.settings.local_endpoints))
        case Publication():
            return _publish(parcel, context.settings)
        case Letter():
            return _mail(parcel, context)


def _publish(it: Publication, settings: Settings) -> Outcome:
    """Publish to one of this stack's topics for chats: template.yaml allows no other."""
    stack = settings.secrets.removeprefix("/mxtrax/").partition("/")[0]
    begins = f"{settings.alert_topic.rpartition(':')[0]}:{stack}-chat-"
    if not it.topic.startswith(begins):
        return Outcome(problem=f"the topic's ARN has to begin with {begins}", final=True)
    return _outcome(lambda: f"SNS accepted it as {sns.announce(it.topic, it.message)}")


def _mail(it: Letter, context: Context) -> Outcome:
    """Send a mail to a help desk. It has the tag of an alert, so that its bounce is noticed."""
    sender, now = context.config.sendinguser, context.now
    if not sender:
        return Outcome(problem="sendinguser is not set", final=True)
    raw, tags = ticket_form(it, sender, now), {TAG: str(now)}
    configuration_set = context.settings.configuration_set
    return _outcome(lambda: f"SES accepted it as {ses.send_mail(raw, sender, it.to, configuration_set, tags)}")


def _outcome(send: Callable[[], str]) -> Outcome:
    """Send, and give the outcome. A used-up daily quota is a temporary failure."""
    try:
        return Outcome(said=send())
    except TryAgain as error:
        return Outcome(problem=line(str(error), SHOWN))
    except Refused as error:
        return Outcome(problem=line(str(error), SHOWN), final=error.field != "quota")
