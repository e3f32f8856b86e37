"""Lines that are article on no site: labels, calls, counters, credits, in four languages. Pure."""

import re

from crawler.dates.words import MONTHS, any_of, plain

_LONGEST = 340  # characters: a longer line is never noise; the patterns may take their time on the others
_SHORT = 220  # characters: a call or a credit is no longer
_STAMP, _STAMP_WORDS = 90, 6  # characters and words: a line of date or byline has no more


def _one_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_BULLET = r"(?:[-•*►▶→»>|\[(]\s*)?"
_LABELS = (
    r"(?:à\s+|a\s+)?lire\s+(?:aussi|également|encore|la suite|plus)",
    r"(?:à\s+)?voir\s+aussi|sur le même (?:sujet|thème)|dans la même rubrique",
    r"les plus (?:lus|populaires)",
    r"(?:also\s+)?read(?:\s+(?:also|more|next|on))?(?:\s+(?:on|about|in)\s[^:.]{2,40})?",
    r"see also|also",
    r"watch(?:\s+(?:more|now|also))?",
    r"related(?:\s+(?:articles?|stor(?:y|ies)|content|coverage|links?|news|posts?))?",
    r"more(?:\s+(?:stories|news|information|for you))?(?:\s+(?:from|on|about|in|for)\s[^:.]{2,40})?",
    r"(?:up\s+)?next",
    r"recommended(?:\s+(?:stories|for you|videos?|reading))?|don['’]t miss(?:\s+out)?",
    r"trending(?:\s+\w+){0,2}",
    r"you (?:may|might) (?:also )?(?:like|be interested in)(?:\.\.\.|…)?",
    r"recommended by (?:our editors|\w+)|supported by|more (?:on|from) (?:this|our) (?:story|topic|coverage)",
    r"tags?|mots[- ]clés|étiquettes|الوسوم|كلمات (?:مفتاحية|دلالية)|الكلمات (?:المفتاحية|الدلالية)|وسوم",
    r"sur le même sujet|à lire (?:ailleurs|ensuite|plus tard)",
    r"(?:nos|les) (?:derni[eè]res )?(?:vidéos|articles) .{0,20}",
    r"articles? (?:associés?|liés?|similaires?|recommandés?)|la rédaction vous (?:recommande|conseille)",
    r"contenus? (?:sponsorisés?|partenaires?)|à la une|en ce moment|voir plus|en savoir plus",
    r"(?:vous aimerez|vous pourriez) aussi|você (?:pode|também pode) gostar|veja também|leia (?:também|mais)",
    r"explore further|something to consider",
    r"(?:most|more) (?:read|popular|viewed|watched)(?:\s+(?:in|on)\s[^:.]{2,30})?",
    r"popular(?:\s+(?:on|in)\s\S+)?",
    r"(?:photo|video|image|editorial) credits|references|(?:our )?sources|newsletters?",
    r"(?:\S+\s+){0,3}newsletters?|top stories",
    r"le[ea] también|te puede interesar|noticias relacionadas|lo más leído",
    r"[إا]?قر[أا](?:وا)?\s+(?:أيضا|أيضًا|ايضا|أيضاً|ايضاً|المزيد)",
    r"[إأ]قر[أا](?:وا)?\s+(?:أيضا|أيضًا|أيضاً|المزيد)",
    r"شاهد(?:وا)?\s+(?:أيضا|أيضًا|ايضا|أيضاً)|طالع(?:\s+أيضا)?|قد يهمك(?:\s+أيضا)?",
    r"للمزيد|الأكثر (?:قراءة|مشاهدة)",
    r"(?:مواضيع|أخبار|مقالات|موضوعات)\s+(?:ذات\s+صلة|مشابهة|متعلقة)",
)
_LABEL = re.compile(rf"{_BULLET}(?:{'|'.join(_LABELS)})\s*(?:[:：|►▶→»…\])]|$)", re.IGNORECASE)
_STRONG_LABEL = re.compile(
    rf"{_BULLET}(?:(?:à\s+)?lire aussi|à lire également|اقر[أا] (?:أيضا|ايضا|أيضًا|أيضاً)|إقرأ أيضا)(?!\w)",
    re.IGNORECASE,
)
_CALL = re.compile(
    _BULLET
    + "(?:"
    + _one_of(
        r"click here|click to (?:read|subscribe|tweet|see|view)|subscribe(?: (?:to|now|today|for)\b|$)",
        r"sign (?:up|in)\b|log in\b|please log in",
        r"join (?:our|the conversation|the experts|thought-provoking)|be the first to get",
        r"install the|download (?:the|our)",
        r"(?:get|want) (?:the|our|more|all|great|alerts)\b.*\b(?:newsletter|inbox|app|delivered|updates)\b",
        r"thanks? (?:you )?for (?:signing|subscribing)|your subscription",
        r"keep an eye on your inbox|session expired",
        r"there was an error|sorry!?$",
        r"by (?:signing up|subscribing|entering your|clicking)|start your day with",
        r"have a tip\?|like this story|share (?:this|on|it with)",
        r"follow (?:us|@|\S+ on\b|ap['’]s)|tell us what you",
        r"(?:listen|download|itunes|watch)\s*:|enter your email",
        r"this (?:newsletter|site) (?:may|is protected)",
        r"want to bookmark|waiting for your permission|scroll (?:down|through)",
        r"continue reading|advertisement(?:\s+\d+)?$",
        r"sponsored(?: content| link)?$|skip (?:to|advert)|loading(?:\.{3}|…)?$",
        r"(?:story|article) continues",
        r"this (?:article|content) (?:contains affiliate|can also be viewed)",
        r"instagram content|our standards:",
        r".{3,40} has affiliate partnerships|if you (?:buy|purchase|click)\b.*\b(?:commission|compensation)",
        r"abonnez-vous|s['’]abonner|inscrivez-vous|suivez(?:-nous|\s+\S+\s+sur)",
        r"partage[rz](?:\s+(?:sur|cet|l[’']article)\b.*|\s*:?)$|(?:passer la )?publicité$",
        r"recevez (?:notre|nos|la newsletter|toute)|téléchargez (?:l|notre)|cliquez ici",
        r"(?:cet article|la suite) est réservée?|il vous reste \d+",
        r"suscríbete|síguenos|compartir\s*:?$|publicidad$",
        r"[إا]شترك(?:وا)?\s+(?:الآن|معنا|مجانا|في\s+(?:النشرة|نشرت|قنا|القائمة|خدمة))|تابعونا|تابع(?:وا)?\s+(?:آخر|صفحتنا|قناتنا|أخبار)",
        r"شارك(?:\s+(?:على|المقال|الخبر))?\s*:?$",
        r"انضم(?:وا)?\s+إلى (?:قناة|صفحة)|[إا]ضغط هنا|حمّ?ل(?:وا)? (?:تطبيق|التطبيق)",
        r"للاشتراك\s*(?::|$|في\s+(?:النشرة|نشرت|قنا|القائمة|خدمة|الصحيفة|الموقع))|إعلان$|رابط مختصر",
        r"يمكنكم الآن متابعة|تخطي إلى المحتوى|جميع التعليقات المنشورة|شروط النشر",
        r"لم يتم العثور على نتائج",
    ).pattern
    + ")",
    re.IGNORECASE,
)
_RIGHTS = _one_of(
    r"(?:©|\(c\)\s|copyright (?:©|\(c\)|\d{4}|by)).{0,160}",
    r".{0,120}(?:all rights reserved|may not be published, broadcast).{0,160}",
    r".{0,120}(?:tous droits réservés|todos los derechos|جميع الحقوق محفوظة).{0,160}",
)
_COUNTER = _one_of(
    r"[\W\d_]+",
    r"[\W\d_]*(?:comments?|commentaires?|shares?|partages?|views?|vues|likes?|of)[\W\d_]*",
    r"(?:عدد\s+)?(?:ال)?(?:تعليق|تعليقات|مشاهدة|مشاهدات|مشاركة)[\W\d_]*",
    r"[\W\d_]*(?:تعليقات?|مشاهدة|مشاركة)[\W\d_]*",
)
_IMAGE_NAME = _one_of(
    r"\S+\.(?:jpe?g|png|gif|webp)",
    r"[A-Za-z0-9-]*_[A-Za-z0-9_-]{5,}",
    r"(?:[A-Za-z0-9]+-){3,}[A-Za-z0-9]+",
    r"(?=.*[A-Za-z])(?=.*\d)(?=.*-)[A-Za-z0-9-]{12,}",
)
_CREDIT = re.compile(
    r"\(?(?:photos?|images?|pictures?|gallery|crédits?|credits?|getty|صورة|الصورة)(?:\s+(?:by|credit|par|من))?\s*:.{1,80}$",
    re.IGNORECASE,
)
_AUDIO = re.compile(r"(?:سمعي|استمع|écouter|listen)(?:\s+\d{1,2}:\d{2})?", re.IGNORECASE)
_POSTED = re.compile(r"—\s.{2,60}\(@\w+\)\s.{4,30}\d{4}$")  # the signature of an embedded post
_DOUBLED = re.compile(r"(.{12,})\s+\1")
_ADDRESS = re.compile(r"\S+@\S+\.\w{2,}|(?:https?://)?(?:www\.)?(?:twitter|facebook|instagram|x)\.com/\S+")
_ABOUT_AUTHOR = _one_of(
    r".{0,160}\bfollow (?:him|her|them|us|me|@\w+|[A-Z]\w+(?: [A-Z]\w+)?) (?:on|at)\b",
    r".{0,160}\b(?:contact|reach|reached|e-?mail|send tips)\b.{0,80}\S+@\S+",
    r"[^.,]{3,50}\bis an? (?:[\w'’-]+\s+){0,5}"
    r"(?:reporter|correspondent|editor|writer|journalist|columnist) (?:for|at|with|who|based|covering)\b",
    r"[^.,]{3,50}\best (?:journaliste|correspondante?|rédact(?:eur|rice)) (?:à|au|pour|chez|spécialisée?)\b",
)
_BYLINE = re.compile(r"(?:by|par|por|بقلم)\s*:?\s+\S.{1,50}$", re.IGNORECASE)
_DATED = re.compile(rf"(?<!\w){any_of(MONTHS)}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}")


def is_noise(line: str) -> bool:
    """Whether a line is no part of any article."""
    if len(line) > _LONGEST:
        return False
    if _COUNTER.fullmatch(line) or _IMAGE_NAME.fullmatch(line) or _AUDIO.fullmatch(line):
        return True
    if _RIGHTS.fullmatch(line) or _ADDRESS.fullmatch(line) or _POSTED.match(line):
        return True
    return len(line) <= _SHORT and bool(
        _LABEL.match(line) or _STRONG_LABEL.match(line) or _CALL.match(line) or _CREDIT.match(line)
    )


def is_label(line: str) -> bool:
    """Whether a line is a heading over links to other articles."""
    match = _LABEL.match(line)
    return match is not None and match.end() == len(line)


def is_teaser(line: str) -> bool:
    """Whether a line says the same twice, as the picture and the headline of a teaser do."""
    return len(line) <= _LONGEST and _DOUBLED.fullmatch(line) is not None


def is_stamp(line: str) -> bool:
    """Whether a line is a byline or a date of publication and no sentence."""
    if len(line) > _STAMP or line.endswith((".", "!", "?", "؟")):
        return False
    dated = _DATED.search(plain(line)) and re.search(r"\d{4}", plain(line))
    return bool(_BYLINE.match(line) or (dated and len(line.split()) <= _STAMP_WORDS))


def is_about_author(line: str) -> bool:
    """Whether a line tells who the author is and how to reach them."""
    return len(line) <= 2 * _SHORT and _ABOUT_AUTHOR.match(line) is not None
