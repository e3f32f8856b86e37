"""Pages that answer 200 and are no article: challenges, consent and login walls, soft 404s. Pure.

Two things must come together: words or marks of such a page, and hardly any prose beside them. An article
about captchas, cookies or missing pages has its prose.
"""

import html as entities
import re
from itertools import islice
from typing import NamedTuple

from crawler.cleaning.shells import has_prose

_PROSE = 8  # paragraphs: a page with as many is read as an article, whatever it is called
_MUCH = 200  # words of prose: more than the teasers of a page that says what it was asked for is gone
_LITTLE = 1_500  # characters of visible text: more than a wall says for itself
_LARGEST = 1_000_000  # bytes: no wall is larger
_PARAGRAPH = re.compile(rb"<p[\s>]", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>([^<]{0,300})", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style|template)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]{0,2000}>")
_PARTS = re.compile(r"\s+[-–—|·•»]\s+|\s*\|\s*")
_CHALLENGE_TITLE = re.compile(
    r"just a moment(?:\W+please wait)?|client challenge|attention required"
    r"|un instant(?: svp| s['’]il vous plaît)?"
    r"|access (?:to this (?:page|site|website) (?:has been|is) )?denied|robot check|robot or human"
    r"|are you (?:a robot|human)|ddos-guard|pardon our interruption"
    r"|(?:please )?(?:verify|verifying|checking)"
    r" (?:(?:that )?you(?:['’]re| are)|your (?:browser|connection|identity)|if the site)\b.{0,60}"
    r"|(?:\w+ )?(?:human|bot) verification|security (?:check|verification)(?: required)?"
    r"|(?:sorry, )?you have been blocked|(?:the )?request(?:ed url was)? (?:rejected|blocked)"
    r"|sucuri website firewall"
    r"|vérification (?:de sécurité|du navigateur|que vous .{0,30})"
    r"|accès (?:temporairement )?(?:refusé|bloqué|limité)"
    r"|لحظة من فضلك|يرجى الانتظار(?: قليلا)?"
    r"|التحقق من (?:أنك .{0,20}|المتصفح|الأمان)|un momento(?:, por favor)?"
    r"|comprobando (?:tu|su|el|si) .{0,30}",
    re.IGNORECASE,
)
_CHALLENGE_MARK = re.compile(
    rb"challenge-platform/[^\"']*orchestrate|_cf_chl_opt|id=[\"']challenge-(?:form|error|running)"
    rb"|captcha-delivery\.com|/_Incapsula_Resource\?[^\"']*incident_id|Incapsula incident ID"
    rb"|px-captcha[\"']|sucuri_cloudproxy_js|errors\.edgesuite\.net|sec-if-cpt-container|/_sec/cp_challenge"
    rb"|bm-verify=|AwsWafIntegration\.(?:checkForceRefresh|getToken)"
    rb"|Please enable JS and disable any ad blocker",
    re.IGNORECASE,
)
_CONSENT_TITLE = re.compile(
    r"(?:before you continue|avant de continuer|antes de continuar|قبل المتابعة).{0,40}"
    r"|privacy (?:settings|gate)"
    r"|(?:your|votre|vos) (?:privacy )?(?:choices?|choix)\b.*|cookie (?:consent|wall|settings)"
    r"|consent(?:ement)?",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"(?:accept|accepter|acceptez|aceptar|refuser|consent).{0,80}cookies?"
    r"|(?:قبول|الموافقة).{0,80}ملفات (?:تعريف|الارتباط)"
    r"|cookies?.{0,80}(?:to continue|pour continuer|pour accéder|para continuar)"
    r"|(?:enable|activate|turn on|activer|activez|habilita\w*|تفعيل|تمكين).{0,30}(?:java\s?script|جافا)"
    r"|java\s?script (?:is|est|doit|must|has to) (?:disabled|required|désactivé|requis|être|be enabled)",
    re.IGNORECASE | re.DOTALL,
)
_LOGIN_TITLE = re.compile(
    r"log ?in|sign ?in|(?:se )?connecter|connexion|identification|iniciar sesión|تسجيل الدخول", re.IGNORECASE
)
_GONE_TITLE = re.compile(
    r"(?:(?:http )?(?:error|erreur|خطأ)\s*)?404(?:\s*[:,(]?\s*(?:error|erreur|خطأ"
    r"|(?:page |file )?not found|page (?:introuvable|non trouvée)|الصفحة غير موجودة)\)?)?"
    r"|(?:page|article) (?:introuvable|non trouvée?|not found|inexistante?)"
    r"|(?:cette |la )?page (?:n['’]existe (?:pas|plus)|demandée .{0,20}introuvable)|not found|nothing found"
    r"|página no encontrada|(?:عفوا،? )?(?:الصفحة|المقال|الصفحة المطلوبة) غير (?:موجودة?|متوفرة?)"
    r"|لم يتم العثور على (?:الصفحة|شيء)",
    re.IGNORECASE,
)


class Barrier(NamedTuple):
    """What stands where the article should be."""

    reason: str  # a short fixed phrase
    kind: str  # of storage.model.ERRORS


_CHALLENGED = Barrier("challenge page", "challenge")
_CONSENT = Barrier("consent page", "challenge")
_LOGIN = Barrier("login page", "blocked")
_GONE = Barrier("page not found", "gone")
_TITLES = (
    (_CHALLENGE_TITLE, _CHALLENGED),
    (_GONE_TITLE, _GONE),
    (_CONSENT_TITLE, _CONSENT),
    (_LOGIN_TITLE, _LOGIN),
)


def barrier(body: bytes) -> Barrier | None:
    """What a page that answers 200 is instead of an article; None if it may be one."""
    if len(body) > _LARGEST or len(tuple(islice(_PARAGRAPH.finditer(body), _PROSE))) == _PROSE:
        return None
    if _CHALLENGE_MARK.search(body):
        return _CHALLENGED
    if has_prose(body, _MUCH):
        return None
    by_title = _by_title(body)
    if by_title is _GONE or by_title is _CHALLENGED:
        return by_title
    visible = _visible(body)
    if len(visible) > _LITTLE:
        return None
    return by_title or (_CONSENT if _WALL.search(visible) else None)


def _by_title(body: bytes) -> Barrier | None:
    found = _TITLE.search(body)
    title = entities.unescape(found[1].decode("utf-8", "replace")).strip() if found else ""
    parts = [part.strip(" !?.…") for part in _PARTS.split(title)]
    for pattern, told in _TITLES:
        if any(pattern.fullmatch(part) for part in parts):
            return told
    return None


def _visible(body: bytes) -> str:
    text = _TAG.sub(" ", _UNSEEN.sub(" ", body.decode("utf-8", "replace")))
    return " ".join(entities.unescape(text).split())
