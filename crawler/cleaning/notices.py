"""What a page says, in whole sentences, about its article, its authors and itself. Pure."""

import re
from collections.abc import Iterable

from crawler.cleaning.titles import folded

_LONGEST = 420  # characters of a notice
_LONGEST_BIO = 700  # characters of what is said of an author
_SENTENCE_ENDS = (".", "!", "?", "؟", ":", "»", "”")
_FEWEST_TAGS, _LONGEST_TAG = 5, 5  # tags of a line, words of a tag
_ENDING = re.compile(
    "|".join(
        (
            r"(?:this|the) (?:article|story|piece|post|essay|column|leader|report) (?:was |has been )?"
            r"(?:originally |first |also )*(?:published|appeared|appears|featured|reviewed)\b",
            r"(?:an? )?(?:earlier|previous|original) version of this (?:article|story|report)\b",
            r".{3,200}\bcontributed (?:reporting|to this (?:report|story|article|post))\b.{0,60}$",
            r"comments on this (?:piece|article|story) are\b|commenting on this (?:article|story)\b",
            r"(?:all )?products? (?:featured|recommended|mentioned|on this page)\b.{0,60}\bselected\b",
            r".{0,160}\b(?:may|might|can|will) (?:earn|get|receive)\b.{0,40}\b"
            r"(?:commissions?|a share|compensation)\b",
            r".{0,120}\bsign up (?:for|to)\b.{0,120}\b(?:newsletter|inbox|e-?mail)\b",
            r".{0,120}\binscrivez-vous\b.{0,120}\b(?:newsletter|e-?mail|lettre)\b",
            r"follow .{2,60}\bon (?:facebook|twitter|instagram|x|linkedin|telegram|whatsapp|threads)\b",
            r"\[/?[\w-]+ [\w-]+=[^\]]*\]",  # a shortcode its plugin has not read
            r"you(?:['’]ve| have) (?:successfully )?(?:subscribed|signed up)\b|thank you for subscribing",
            r"for more (?!information).{3,120}\b(?:visit|click|go to)\b",
            r"to (?:learn|read|find out) more\b.{0,120}\b(?:visit|click|stream)\b",
            r"(?:more|full) (?:ap|afp|reuters|coverage)\b.{0,60}https?://",
            r"(?:reprinted|republished|excerpted) (?:with|by|from|here)\b",
            r"cet article (?:a été|est|avait été) (?:initialement |d['’]abord )?(?:publié|paru|traduit)\b",
            r"article (?:initialement |d['’]abord )?(?:publié|paru|mis à jour) (?:le|dans|sur|en)\b",
            r"article (?:réservé|payant)\b|(?:cet article|la suite|ce contenu) est réservée?\b",
            r"ce contenu (?:est bloqué|n['’]est pas (?:disponible|visible)|a été bloqué)\b",
            r"pour (?:afficher|visualiser|consulter|voir) ce contenu\b",
            r"en cliquant sur\b.{0,60}\b(?:accept|consent)",
            r"les commentaires sont (?:fermés|clos|modérés)|votre adresse e-?mail ne sera pas\b",
            r"vous (?:avez|êtes) déjà (?:un compte|inscrit|abonné)|déjà abonnée?\b|temps de lecture\b",
            r"(?:تم )?(?:نشر|ينشر|نُشر) (?:هذا|هذه) (?:المقال|المادة|التقرير)|هذا المقال (?:نشر|منشور)",
            r"لن يتم نشر (?:عنوان )?(?:بريدك|البريد)|الآراء الواردة",
            r"(?:المقالات|التعليقات) المنشورة (?:لا )?تعبر",
            r"(?:los comentarios|este artículo) (?:están|ha sido|fue) (?:cerrados|publicado)\b",
        )
    ),
    re.IGNORECASE,
)
_OF_AUTHOR = re.compile(
    r"\W*(?:,|\(|(?:is|was|writes|covers|has|joined|reports|reported|est|écrit|couvre|a rejoint|es|escribe)\b"
    r"|هو|هي|صحفي|صحافي|كاتب|باحث|محلل|مراسل|أستاذ)",
    re.IGNORECASE,
)


def is_notice(line: str) -> bool:
    """Whether a line speaks of the article, of comments on it or of how it is paid for."""
    return len(line) <= _LONGEST and _ENDING.match(line) is not None


def is_tags(line: str) -> bool:
    """Whether a line is nothing but the tags of an article."""
    parts = re.split(r"\s*[,،#]\s*", line)
    short = all(len(part.split()) <= _LONGEST_TAG for part in parts)
    return len(parts) >= _FEWEST_TAGS and short and "|" not in line and not line.endswith(_SENTENCE_ENDS)


def is_about(line: str, authors: Iterable[str]) -> bool:
    """Whether a line says who one of the authors is: it begins with the whole name and goes on about it."""
    if len(line) > _LONGEST_BIO:
        return False
    return any(
        len(author.split()) > 1
        and folded(line[: len(author)]) == folded(author)
        and _OF_AUTHOR.match(line[len(author) :])
        for author in authors
    )
