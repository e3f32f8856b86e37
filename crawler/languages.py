"""The language of an article: what the page says, unless its text is plainly another. Pure."""

import re

import py3langid

_ENOUGH = 200  # letters from which on the text is believed more than the page
_SAMPLE = 3000  # characters
_CODE = re.compile(r"^[a-z]{2,3}(?=$|[-_.])")
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC = re.compile(r"[\u0621-\u064a\u066e-\u06d3]")
_NOT_ARABIC = re.compile(r"[پچژٹڈںکیےۆێ]")  # letters of Persian, Urdu and Kurdish that Arabic does not write
_ARABIC_SCRIPT = frozenset(("ar", "fa", "ur", "ug", "ps", "ku", "ckb", "sd"))


def choose_language(text: str, declared: tuple[str, ...], usual: str) -> str:
    """The ISO 639-1 code of a text; `declared` by its page, `usual` for its source.

    Text of 200 letters decides itself (py3langid over all its languages; Arabic letters without any of
    another language are Arabic). Shorter text is of the first of these languages written in its script.
    """
    sample = text[:_SAMPLE]
    letters, arabic = len(_LETTER.findall(sample)), len(_ARABIC.findall(sample))
    in_arabic = 2 * arabic > letters
    if in_arabic and len(_NOT_ARABIC.findall(sample)) * 50 < arabic:
        return "ar"
    if letters >= _ENOUGH:
        return str(py3langid.classify(sample)[0])
    codes = (match[0] for each in (*declared, usual) if (match := _CODE.match(each.lower())))
    return next((code for code in codes if not letters or (code in _ARABIC_SCRIPT) == in_arabic), usual)
