"""In which language a reader is answered. Pure."""

from collections.abc import Iterator

from reports.wording import LANGUAGES


def chosen(asked: str | None, accepted: str | None, otherwise: str) -> str:
    """ar, fr or en: what the address asks for, else what the browser prefers (RFC 9110 section 12.5.4)."""
    if asked in LANGUAGES:
        return asked
    return next(_preferred(accepted or ""), otherwise)


def _preferred(accepted: str) -> Iterator[str]:
    """The languages of Accept-Language that we speak, the most wanted first."""
    wanted = [_range(each) for each in accepted[:400].split(",")]
    for weight, language in sorted(wanted, key=lambda each: -each[0]):
        if weight > 0 and language in LANGUAGES:
            yield language


def _range(text: str) -> tuple[float, str]:
    language, _, parameter = text.partition(";")
    quality = parameter.strip().lower().removeprefix("q=")
    try:
        weight = float(quality) if quality else 1.0
    except ValueError:
        weight = 0.0
    return weight, language.strip().lower().partition("-")[0]
