"""The words that distinguish kinds of mail if no field does: in lower case, in many languages."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


class Words:
    """What a text may say: plain words, and patterns for words with many forms, each with a part that must be there.

    Looking for a plain word is fast, while a pattern is tried at every character.
    """

    __slots__ = ("forms", "plain")

    def __init__(self, *plain: str, forms: Mapping[str, str] = MappingProxyType({})) -> None:
        self.plain = plain
        self.forms = [(needed, re.compile(form)) for needed, form in forms.items()]

    def stand_in(self, text: str) -> bool:
        """Say whether a text has any of them."""
        return any(word in text for word in self.plain) or any(
            needed in text and form.search(text) for needed, form in self.forms
        )


BOUNCE_SUBJECT: Final = Words(
    "undeliver", "nondeliver", "non deliver", "non-deliver", "not deliver", "not be deliver", "no deliver",
    "returned mail", "mail returned", "returned to sender", "returning m",
    "failure", "failed", "rejected",
    "delivery status", "delivery report", "delivery problem", "delivery error", "delivery notif",
    "mail error", "mail system error", "user unknown", "unknown user", "mailbox full", "mailbox is full",
    "could not send", "error sending", "errors from",
    "unzustellbar", "nicht zugestellt", "fehlgeschlagen", "nonremis", "non remis", "non-remis", "échec",
    "impossible de remettre", "no se puede entregar", "no entregad", "não entregue", "mancata", "mancato", "impossibile",
    "onbestelbaar", "kan inte levereras", "niedostarcz", "nie dostarczono", "nedoručiteln",
    "не доставлен", "недоставлен", "配信", "送信", "エラー", "退信", "배달 실패",
    forms={"bounce": r"bounced?\b", "loop": r"\bloop(?:s|ing)?\b"},
)  # fmt: skip
# With these, a word of waiting in a subject ("Returned mail: Deferred") means that the waiting is over.
RETURNED: Final = Words("undeliverable", "returned", "fail")
DELAY_SUBJECT: Final = Words(
    "delay", "still being retried", "warning: could not", "could not send message for", "temporar", "deferred",
    "queued mail", "not yet deliver", "verzöger", "retard", "retras", "ritard", "vertrag", "opóźn", "задерж", "遅延",
)  # fmt: skip
BOUNCE_WORDS: Final = Words(
    "not deliver", "not be deliver", "can't deliver", "can't be deliver", "unable to deliver", "unable to be deliver",
    "wasn't deliver", "failed to deliver", "failed to be deliver", "undeliverable", "undelivered", "did not reach",
    "returned to sender", "delivery failure", "failed recipient", "rejected", "user unknown", "unknown user",
    "mailbox full", "transcript of session", "only subscribers", "only members", "subscribers only", "members only",
    "subscribers-only", "members-only",
    "nicht zugestellt", "no pudo ser entregado", "n'a pas pu", "non è stat", "送信できません", "配信でき",
    forms={
        "could": r"could(?: not|n't)(?: be)? (?:deliver|sen[dt])",
        " been ": r"(?:not|never) been (?:\w+ )?(?:deliver|accept|forward|sent|passed)",
        "ed": r"(?:was|were|been|is) (?:\w+ )?"
        r"(?:blocked|stopped|refused|bounced|discarded|denied|deleted|intercepted|dropped)",
        "not ": r"not (?:an? )?(?!monitored)(?:valid|existing|known|active|\w+ )?"
        r"(?:user|mailbox|account|address|recipient|member|subscriber)\b"
        r"|not (?:allowed|authori[sz]ed|permitted|subscribed)\b",
        "permanent": r"permanent(?:ly)?[\s\w]{0,20}(?:error|fail)",
        "delivery ": r"delivery (?:to|has|attempt)?[\s\w]{0,60}fail",
    },
)  # fmt: skip
# A server that says this is still retrying, or calls the failure temporary.
GOES_ON: Final = Words(
    "warning only", "warning message only", "no action is required", "do not need to resend", "do not need to re-send",
    "does not need to resend", "does not need to re-send", "still being", "still trying", "still in the queue",
    "keep trying", "continue try", "continue to try", "continue attempt", "continue to attempt",
    "delivery attempts will continue", "not yet been delivered", "not yet been collected", "noch nicht zugestellt",
    forms={
        "ll ": r"(?:will|shall)(?: be| continue to be| keep)?(?: continue to)? "
        r"(?:re-?tr(?:y|ied)|try(?:ing)? (?:again|to deliver)|attempt(?:ed|ing)? (?:again|delivery|to deliver))",
    },
)  # fmt: skip
LATE: Final = Words(
    forms={"delay": r"(?:has|have|is|was|being|been|message|mail)\W+(?:been\W+|currently\W+|temporarily\W+)?delay"}
)
# A delay is over if its sentence or the next says what came of it, unless the server is still retrying.
IN_VAIN: Final = Words(
    forms={
        "delay": r"delay\w*\b[^\n]{0,100}?"
        r"(?:(?:could|was|can|has|have)(?: ?not|n't)(?: be| been)? deliver\w*|(?:failed to|unable to)(?: be)? deliver\w*"
        r"|delivery (?:has )?failed|undeliver\w*)"
        r"(?![^.\n]{0,60}\b(?:yet|so far|within|until|temporar\w*|immediately|since|(?:for|after|in) (?:the )?(?:last|\d)))",
        "returned": r"(?:has been|have been|was|were|is now|is being|is hereby) returned\b",
    }
)
GAVE_UP: Final = Words(
    "failed permanently", "final fail", "finally fail", "given up", "giving up", "gave up", "not going to try",
    "will not be retried", "will not be delivered", "will not continue", "no longer be",
    forms={"permanent": r"permanent(?:ly)?[\s\w]{0,20}(?:error|fail)"},
)  # fmt: skip
SUCCESS: Final = Words(
    "return receipt",
    forms={
        "ed": r"(?<!not )(?<!n't )(?<!never )\b(?:was|were|is|been) (?:\w+ ){0,2}(?:delivered|relayed|expanded)\b",
        "success": r"success\w*\W+(?:\w+\W+){0,3}deliver|deliver\w*\W+(?:\w+\W+){0,2}success",
        "status": r"status\W{1,4}(?:delivered|opened)",
    },
)
# What says that a mail is no longer queued.
ARRIVED: Final = Words(
    "delivered after all", "since delivered", "alsnog afgeleverd", "alsnog bezorgd", "nun doch zugestellt",
    forms={
        "deliver": r"(?<!not )(?:now|since|finally|meanwhile|eventually|subsequently|later|then|successfully)"
        r" (?:been )?(?:successfully )?delivered\b"
        r"|delay\w{0,3} (?:(?!(?:not|be|yet|been|until|if|when) )\w{1,20} ){0,3}delivered\b",
        "zugestellt": r"(?:nun|jetzt|inzwischen|mittlerweile|schließlich|nachträglich|nachricht|mail) zugestellt",
        "remis": r"(?:maintenant|finalement|enfin|depuis|message|courrier|retardé) (?:été )?remis\b",
        "entreg": r"(?:ya|finalmente|ahora|já|agora|se) (?:ha sido |foi |fue )?entreg(?:ado|ue|ó)\b",
        "consegnat": r"(?:ora|infine|finalmente|poi) (?:stat[ao] )?consegnat[ao]\b",
    },
)  # fmt: skip
RECEIPT: Final = Words(
    "deleted without being read", "read receipt", "return receipt", "ungelesen gelöscht", "lesebestätigung",
    "a été lu", "a été supprimé", "accusé de lecture", "accusé de réception",
    forms={"was ": r"\bwas (?:read|opened|displayed|deleted)\b", "gelesen": r"wurde (?:am .{1,40} )?gelesen"},
)  # fmt: skip
REPLY: Final = (
    r"(?:repl(?:y|ies)|respon[sd]\w*|answer|acknowledg\w+|message|antwort|antwoord|réponse|respuesta|resposta|risposta|svar|"
    r"atbilde|atsakymas|vastaus|odpověď|odpoved|odpowied[źz]|válasz|răspuns|ответ|відповідь)"
)
# What may come first: a gateway's tag in brackets.
LEAD: Final = r"^\W{0,20}(?:\[[^\]]{1,40}\]\W{0,20}+)?"
AUTO_SUBJECT: Final = Words(
    "automatisk", "автоответ", "absence du bureau", "fuori sede", "fuori ufficio", "fuera de oficina",
    "fuera de la oficina", "abwesend", "abwesenheit", "自动回复", "自动答复",
    forms={
        "auto": rf"\bauto(?:mat\w*)?[ :_-]{{0,3}}{REPLY}|{REPLY} autom",
        "自動": r"自動(?:応答|返信|回复)",
        "자동": r"자동 ?(?:응답|회신)",
        "": rf"{LEAD}(?:auto:|autosvar|ooo\b|vacation|on holiday|urlaub|afwezig"
        r"|away (?:from|until)|(?:i am|i'm) (?:away|out|on))",
        "office": r"out[- ]of[- ](?:the )?office",
        "absen": r"^\W{0,20}+absen(?:ce|t)",
    },
)  # fmt: skip
AWAY: Final = Words(
    "estoy fuera de", "sono fuori", "fuori ufficio", "ik ben afwezig", "ik ben niet aanwezig",
    forms={
        "": r"(?:i am|i'm|i will be) (?:currently )?(?:away|out of (?:the )?office|on (?:vacation|holiday|leave))"
        r"|(?:bin|nicht) (?:derzeit )?(?:abwesend|im urlaub|im büro|im haus)",
        "office": r"out of (?:the )?office (?:until|from|and|with)",
        "absent": r"(?:je suis|absent du bureau) (?:absent|jusqu)",
    },
)  # fmt: skip
RECEIVED: Final = Words(
    "acknowledg", "have received", "has been received", "was received", "thanks for contacting", "thanks for writing",
    "thanks for your", "thank you for contacting", "thank you for writing", "thank you for your", "vielen dank für",
    "merci de", "merci pour", "gracias por", "grazie per",
    forms={"": r"(?:ist|wurde) (?:bei uns )?(?:eingegangen|erfasst)"},
)  # fmt: skip
COMPLAINT: Final = Words(
    "complain", "spam report", "spamreport", "spam feedback", "spamfeedback", "junk report", "junk mail report",
    "beschwerde", "plainte", "reclamaci", "жалоб", forms={"abuse": r"\babuse\b"},
)  # fmt: skip
CHALLENGE: Final = Words(
    "challenge/response", "challenge-response", "challenge response", "sender verification", "guest list", "waitlisted",
    forms={
        "": r"(?:confirm|verify|prove)\b[^.]{0,60}\b(?:(?:you are|you're) (?:a |not )|human|delivery|sender)"
        r"|(?:held|waiting|quarantine)(?:[^.]|\.(?! )){0,80}\b(?:until you|confirm|verif|approv)"
        r"|(?:bestätigen sie|bevestig|confirmez|confirmer|confirme (?:su|seu|sua)|conferm(?:i|a|are) (?:il|la|l')|potwierdź"
        r"|potvrďte|bekräfta|подтвердите)\w{0,6}\b[^.]{0,60}"
        r"\b(?:absender|e-?mail-?adress|afzender|expéditeur|adresse|remitente|dirección|remetente|endereço|mittente|indirizz"
        r"|nadawc|adres|odesílatel|avsändar|отправител|адрес)",
        "your ": r"(?:confirm|verify)\b[^.]{0,60}\byour (?:e-?mail )?(?:address|message)"
        r"|so (?:that )?your (?:messages?|e-?mails?|mails?) (?:will|can|may) (?:be delivered|reach|get)",
        " link": r"click (?:on )?(?:the|this) link[^.]{0,60}(?:deliver|release|approve|receive|reach)",
    },
)  # fmt: skip
