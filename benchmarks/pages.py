"""Pages to measure on: those of a folder, of a manifest, or invented ones that resemble the press."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.model import Link, Page

_FETCHED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_FRENCH = """
le la les un une des de du en au sur pour avec dans par qui que mais aussi selon plus cette ces
ville pluie saison récolte marché prix école élèves rentrée théâtre musique équipe joueur but
victoire entraîneur match stade film actrice réalisateur public festival concert peinture musée
jardin forêt rivière montagne neige vent chaleur été hiver semaine année mois jour matin soir
habitants quartier commune région projet travaux route tramway gare budget entreprise emploi salaire
usine production blé olive poisson élevage santé hôpital médecin vaccin étude chercheurs université
livre auteur lecture télévision série chanson cuisine recette pain restaurant hôtel touristes plage
avion aéroport application téléphone numérique énergie solaire électricité
"""
_ARABIC = """
في من على إلى عن مع هذا هذه التي الذي بعد قبل خلال حول بين كما أيضا مدينة أمطار موسم فلاحي سوق أسعار
مدرسة تلاميذ دخول مسرح موسيقى فريق لاعب هدف فوز مدرب مباراة ملعب فيلم ممثلة مخرج جمهور مهرجان حفل
معرض متحف حديقة غابة نهر جبل ثلج رياح حرارة صيف شتاء أسبوع سنة شهر يوم صباح مساء سكان حي جماعة جهة
مشروع أشغال طريق ميزانية مقاولة شغل أجور معمل إنتاج قمح زيتون سمك صحة مستشفى طبيب لقاح دراسة باحثون
جامعة كتاب مؤلف قراءة تلفزيون مسلسل أغنية مطبخ وصفة خبز مطعم فندق سياح شاطئ طائرة مطار تطبيق هاتف
رقمي طاقة شمسية كهرباء
"""
_WORDS = {"fr": _FRENCH.split(), "ar": _ARABIC.split()}
_SECTIONS = {
    "fr": ("Accueil", "Économie", "Société", "Culture", "Sport", "Monde", "Régions", "Opinions", "Vidéos"),
    "ar": ("الرئيسية", "اقتصاد", "مجتمع", "ثقافة", "رياضة", "عالم", "جهات", "إعلام", "آراء", "فيديو"),
}
_COUNTRIES = {
    "fr": ("Maroc", "France", "Espagne", "Afrique"),
    "ar": ("المغرب", "فرنسا", "إسبانيا", "إفريقيا"),
}
_ICON = '<svg viewBox="0 0 24 24"><path d="M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10z"/></svg>'
_TELLING = {
    "nothing": {"fr": "", "ar": ""},
    "one country": {"fr": "Au Maroc, à Rabat.", "ar": "في المغرب، بالرباط."},
    "one matter": {"fr": "La police enquête.", "ar": "فتحت الشرطة تحقيقا."},
    "the topic": {
        "fr": "La police du Maroc arrête un Français.",
        "ar": "أوقفت الشرطة المغربية مواطنا فرنسيا.",
    },
}


def read_pages(where: Path) -> Iterator[Page]:
    """The saved pages (.html, .htm, .gz) of a folder, or those of a manifest with rows of id, url, path."""
    if where.is_dir():
        named = ((path, "") for path in sorted(where.rglob("*")) if path.suffix in (".html", ".htm", ".gz"))
    else:
        rows = map(json.loads, where.read_text(encoding="utf-8").splitlines())
        named = ((where.parent / row["path"], row.get("url") or "") for row in rows)
    for path, url in named:
        body = path.read_bytes()
        yield _page(
            url or f"https://example.org/{path.stem}", gzip.decompress(body) if path.suffix == ".gz" else body
        )


def press(hosts: int = 20, pages: int = 8, seed: int = 1) -> Iterator[Page]:
    """Invented pages of as many hosts; the menus of every other host name both countries.

    A quarter each tells nothing of the topic, one of its countries, its matter, and all of it.
    """
    for host in range(hosts):
        chance = random.Random(seed * 1000 + host)
        site = _Site(chance, "ar" if host % 4 < 2 else "fr", names_both=host % 2 == 0)
        for number in range(pages):
            telling = tuple(_TELLING.values())[number % len(_TELLING)][site.language]
            yield _page(f"https://host{host}.example/news/{number}", site.page(telling).encode())


def invented(chance: random.Random, language: str, length: int) -> str:
    """A sentence of as many words that say nothing of the topic."""
    known, endings = _WORDS[language], ("", "", "", "ات" if language == "ar" else "s")
    return f"{' '.join(chance.choice(known) + chance.choice(endings) for _ in range(length)).capitalize()}."


def _page(url: str, body: bytes) -> Page:
    return Page(link=Link(url=url, key=url, source=""), url=url, status=200, body=body, fetched=_FETCHED)


@dataclass(slots=True)
class _Site:
    """A host: its frame is the same on all its pages."""

    chance: random.Random
    language: str
    names_both: bool
    frame: tuple[str, str] = ("", "")

    def page(self, telling: str) -> str:
        """A page whose article says `telling` besides what says nothing."""
        self.frame = self.frame if self.frame[0] else (self._head(), self._foot())
        title = self.sentence(9)
        lines = [self.sentence(self.chance.randint(25, 60)) for _ in range(self.chance.randint(6, 14))]
        lines.insert(1, telling)
        told = json.dumps({"@type": "NewsArticle", "headline": title, "articleBody": "\n".join(lines)})
        body = "".join(f'<p class="text-{n}">{line}</p>\n' for n, line in enumerate(lines))
        return (
            f'{self.frame[0]}<title>{title}</title><meta property="og:title" content="{title}">'
            f'<script type="application/ld+json">{told}</script></head><body class="single">{self._menu()}'
            f"<main><article><h1>{title}</h1>{body}</article>{self._teasers(25)}</main>{self.frame[1]}"
        )

    def sentence(self, length: int) -> str:
        """As many words that say nothing."""
        return invented(self.chance, self.language, length)

    def _head(self) -> str:
        style = "".join(f".{self._name()}{{margin:0 {n}px;color:#{n:06x}}}" for n in range(500))
        head = f'<html lang="{self.language}"><head><meta charset="utf-8"><style>{style}</style>'
        return f"<!DOCTYPE html>{head}{self._script(250)}"

    def _foot(self) -> str:
        return f"<footer>{self._menu()}</footer>{''.join(self._script(150) for _ in range(5))}</body></html>"

    def _menu(self) -> str:
        names = (*_SECTIONS[self.language], *(_COUNTRIES[self.language] if self.names_both else ()))
        items = (
            f'<li id="menu-item-{n}" class="menu-item menu-item-type-taxonomy"><a href="/section/{n}" '
            f'data-track="{{&quot;place&quot;:&quot;menu&quot;}}"><span class="label">{name}</span></a></li>'
            for n, name in enumerate(names * 3)
        )
        return f'<nav class="main-menu"><ul>{"".join(items)}</ul></nav>'

    def _teasers(self, count: int) -> str:
        return "".join(map(self._teaser, range(count)))

    def _teaser(self, number: int) -> str:
        link, picture = f'<a href="/news/{number}">', f"/media/{self._name()}"
        return (
            f'<div class="post-{number} post type-post grid-item">{link}<img loading="lazy" width="300" '
            f'src="{picture}.jpg" srcset="{picture}-300.jpg 300w, {picture}-768.jpg 768w" '
            f'alt="{self.sentence(6)}"></a><h3 class="entry-title">{link}{self.sentence(10)}</a></h3>'
            f"{_ICON}<time datetime='2026-11-20T10:00'>20/11/2026</time></div>\n"
        )

    def _script(self, statements: int) -> str:
        lines = (
            f"if(n<{n}&&e.{self._name()}>0){{t.{self._name()}=function(e){{return e[{self._name()}]||n}}}}"
            for n in range(statements)
        )
        return f"<script>{';'.join(lines)}</script>"

    def _name(self) -> str:
        return "".join(self.chance.choices("abcdefghijklmnopqrstuvwxyz", k=9))
