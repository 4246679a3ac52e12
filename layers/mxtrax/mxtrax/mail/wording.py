"""Hold the words that tell one kind of mail from another where no field does: in lower case, in many languages."""

import re
from typing import Final


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


BOUNCE_SUBJECT: Final = _any(
    r"undeliver|nondeliver|non[ -]?deliver|not? (?:be )?deliver|cannot be delivered",
    r"returned mail|mail returned|returned to sender|returning m",
    r"failure|failed|rejected|bounced?\b|\bloop(?:s|ing)?\b",
    r"delivery (?:status|report|problem|error|notif)|mail (?:system )?error",
    r"user unknown|unknown user|mailbox (?:is )?full",
    r"could not send|error sending|errors from",
    r"unzustellbar|nicht zugestellt|fehlgeschlagen",
    r"non[ -]?remis|échec|impossible de remettre",
    r"no se puede entregar|no entregad|não entregue|mancat[ao]|impossibile",
    r"onbestelbaar|kan inte levereras|niedostarcz|nie dostarczono|nedoručiteln",
    r"не доставлен|недоставлен",
    r"配信|送信|エラー|退信|배달 실패",
)
# Beside these a word of waiting in a subject ("Returned mail: Deferred") means that the waiting is over.
RETURNED: Final = _any(r"undeliverable", r"returned", r"fail")
DELAY_SUBJECT: Final = _any(
    r"delay|still being retried|warning: could not|could not send message for|temporar|deferred|queued mail|not yet deliver",
    r"verzöger|retard|retras|ritard|vertrag|opóźn|задерж|遅延",
)
BOUNCE_WORDS: Final = _any(
    r"could(?: not|n't)(?: be)? (?:deliver|sen[dt])|(?:not|never) been (?:\w+ )?(?:deliver|accept|forward|sent|passed)",
    r"(?:was|were|been|is) (?:\w+ )?(?:blocked|stopped|refused|bounced|discarded|denied|deleted|intercepted|dropped)",
    r"not (?:an? )?(?:valid|existing|known|active|\w+ )?(?:user|mailbox|account|address|recipient|member|subscriber)\b",
    r"not (?:allowed|authori[sz]ed|permitted|subscribed)\b",
    r"only (?:subscribers|members)|(?:subscribers|members)[- ]only",
    r"(?:can(?:not|'t)|unable to|was not|wasn't|not|failed to) (?:be )?deliver",
    r"undeliver(?:able|ed)|did not reach|returned to sender|delivery failure|failed recipient|rejected",
    r"permanent(?:ly)?[\s\w]{0,20}(?:error|fail)|delivery (?:to|has|attempt)?[\s\w]{0,60}fail",
    r"user unknown|unknown user|mailbox full|transcript of session",
    r"nicht zugestellt|no pudo ser entregado|n'a pas pu|non è stat|送信できません|配信でき",
)
DELAY_WORDS: Final = _any(
    r"(?:has|have|is|was|being|been|message|mail)\W+(?:been\W+|currently\W+|temporarily\W+)?delay",
    r"warning(?: message)? only|no action is required|do(?:es)? not need to re-?send",
    r"(?:will|shall)(?: be| continue to be| keep)?(?: continue to)? "
    r"(?:re-?tr(?:y|ied)|try(?:ing)? (?:again|to deliver)|attempt(?:ed|ing)? (?:again|delivery|to deliver))",
    r"still (?:being|trying|in the queue)|keep trying|continue(?: to)? (?:try|attempt)|delivery attempts will continue",
    r"not yet been (?:delivered|collected)|noch nicht zugestellt",
)
GAVE_UP: Final = _any(
    r"permanent(?:ly)?[\s\w]{0,20}(?:error|fail)|failed permanently|final(?:ly)? fail",
    r"given up|giving up|gave up|not going to try|will not (?:be (?:retried|delivered)|continue)|no longer be",
)
SUCCESS: Final = _any(
    r"(?<!not )(?<!n't )(?<!never )\b(?:was|were|is|been) (?:\w+ ){0,2}(?:delivered|relayed|expanded)\b",
    r"success\w*\W+(?:\w+\W+){0,3}deliver|deliver\w*\W+(?:\w+\W+){0,2}success|status\W{1,4}(?:delivered|opened)",
    r"return receipt",
)
RECEIPT: Final = _any(
    r"\bwas (?:read|opened|displayed|deleted)\b|deleted without being read|read receipt|return receipt",
    r"wurde (?:am .{1,40} )?gelesen|ungelesen gelöscht|lesebestätigung",
    r"a été (?:lu|supprimé)|accusé de (?:lecture|réception)",
)
REPLY: Final = (
    r"(?:repl(?:y|ies)|respon[sd]\w*|answer|acknowledg\w+|message|antwort|antwoord|réponse|respuesta|resposta|risposta|svar|"
    r"atbilde|atsakymas|vastaus|odpověď|odpoved|odpowied[źz]|válasz|răspuns|ответ|відповідь)"
)
# What may stand in front: a gateway's tag in brackets.
LEAD: Final = r"^\W{0,20}(?:\[[^\]]{1,40}\]\W{0,20}+)?"
AUTO_SUBJECT: Final = _any(
    rf"\bauto(?:mat\w*)?[ :_-]{{0,3}}{REPLY}|{REPLY} autom|automatisk|автоответ",
    r"自動(?:応答|返信|回复)|自动(?:回复|答复)|자동 ?(?:응답|회신)",
    rf"{LEAD}(?:auto:|autosvar|ooo\b|vacation|on holiday|urlaub|afwezig)",
    rf"{LEAD}(?:away (?:from|until)|(?:i am|i'm) (?:away|out|on))",
    r"out[- ]of[- ](?:the )?office|abwesen(?:d|heit)|absence du bureau|^\W{0,20}+absen(?:ce|t)",
    r"fuori (?:sede|ufficio)|fuera de (?:la )?oficina",
)
AWAY: Final = _any(
    r"(?:i am|i'm|i will be) (?:currently )?(?:away|out of (?:the )?office|on (?:vacation|holiday|leave))",
    r"out of (?:the )?office (?:until|from|and|with)",
    r"(?:bin|nicht) (?:derzeit )?(?:abwesend|im urlaub|im büro|im haus)|(?:je suis|absent du bureau) (?:absent|jusqu)",
    r"estoy fuera de|sono fuori|fuori ufficio|ik ben (?:afwezig|niet aanwezig)",
)
RECEIVED: Final = _any(
    r"(?:have|has been|was) received|thank(?:s| you) for (?:contacting|writing|your)|acknowledg",
    r"(?:ist|wurde) (?:bei uns )?(?:eingegangen|erfasst)|vielen dank für|merci (?:de|pour)|gracias por|grazie per",
)
COMPLAINT: Final = _any(
    r"complain|\babuse\b|spam ?(?:report|feedback)|junk (?:mail )?report|beschwerde|plainte|reclamaci|жалоб"
)
CHALLENGE: Final = _any(
    r"(?:confirm|verify|prove)\b[^.]{0,60}\b(?:(?:you are|you're) (?:a |not )|human|delivery|sender)",
    r"(?:confirm|verify)\b[^.]{0,60}\byour (?:e-?mail )?(?:address|message)",
    r"(?:held|waiting|quarantine)[^.]{0,80}\b(?:until you|confirm|verif|approv)",
    r"challenge[/ -]response|sender verification|click (?:on )?(?:the|this) link[^.]{0,60}(?:deliver|release|approve)",
)
