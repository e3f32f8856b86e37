"""The cheap look never rejects what the full way would keep, however the page is written."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from crawler.cheap_look import missing_sides
from crawler.clean import extract
from crawler.cleaning.markup import parse
from crawler.entities import Names
from crawler.looking.told import texts
from crawler.relevance import judge
from crawler.rules import Rules, load_rules
from storage.errors import PageError
from storage.model import Entity, Page, Phrases, Side, Tenure, Topic
from storage.text import vocabulary
from tests.factories import article, link, page

ROWS = tuple(
    f"{row['title']}\n{row['text']}"
    for name in ("topic", "corpus")
    for line in (Path(__file__).parents[1] / "quality" / f"{name}.jsonl").read_text("utf-8").splitlines()
    for row in (json.loads(line),)
    if row.get("label") == "relevant"
)
RULES = load_rules()
FEW = (
    Entity(id="fr-x", kind="office", country="FR", labels={}, names=("prefect of nowhere",)),
    Entity(
        id="jean",
        kind="person",
        country="FR",
        labels={},
        names=("Jean Exemple",),
        tenures=(Tenure(office="fr-x"),),
    ),
    Entity(id="lille", kind="place", country="FR", labels={}, names=("Lille",)),
    Entity(id="rabat", kind="place", country="MA", labels={}, names=("Rabat",)),
)
SPLIT = "\ue000"  # where a text is split, until it is written
Form = Callable[[str], str]


def vowelled(text: str) -> str:
    return "".join(f"{each}\u064e" if "\u0621" <= each <= "\u064a" else each for each in text)


def stretched(text: str) -> str:
    return " ".join(f"{word[:2]}\u0640{word[2:]}" if word > "\u0600" else word for word in text.split(" "))


def censored(text: str) -> str:
    return " ".join(f"{word[:3]}..\u0640{word[3:]}" if word > "\u0600" else word for word in text.split(" "))


def marked(text: str) -> str:
    return " ".join(f"\u200f{word[:2]}\u200c{word[2:]}\u202c" for word in text.split(" "))


def accented(text: str) -> str:
    return text.upper().replace("E", "É").replace("C", "Ç")


def persian(text: str) -> str:
    digits = {ord(str(digit)): chr(0x6F0 + digit) for digit in range(10)}
    return text.translate({ord("ي"): "ی", ord("ك"): "ک", **digits})


def numbered(text: str) -> str:
    return "".join(f"&#{ord(each)};" if each.isalpha() else each for each in text)


def hexed(text: str) -> str:
    return "".join(f"&#X{ord(each):x};" if not each.isascii() else each for each in text)


def named(text: str) -> str:
    return (
        text.replace("é", "&eacute;")
        .replace("è", "&egrave")
        .replace("É", "&Eacute;")
        .replace("ç", "&ccedil;")
    )


def doubled(text: str) -> str:
    return hexed(text).replace("&", "&amp;")


def paragraphs(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.split("\n"))


def uppercase(text: str) -> str:
    return f"<DIV CLASS=x><P>{text}</DIV>"


def in_json(text: str) -> str:
    return f'<script type="application/ld&#43;json">{json.dumps({"articleBody": text})}</script>'


def in_plain_json(text: str) -> str:
    told = json.dumps({"headline": text}, ensure_ascii=False)
    return f"<SCRIPT data-x='a>b' type=application/ld+json>{told}</SCRIPT>"


def in_meta(text: str) -> str:
    return f"<meta name='a>b' CONTENT='{text.replace(chr(39), '&#39;')}' property=og:description>"


def in_microdata(text: str) -> str:
    return f'<h1 itemprop="headline" content = "{text.replace(chr(34), "&quot;")}"></h1>'


LETTERS: tuple[Form, ...] = (str, vowelled, stretched, censored, marked, accented, str.upper, persian)
SPELLED: tuple[Form, ...] = (str, numbered, hexed, named, doubled)
PLACES: tuple[Form, ...] = (paragraphs, uppercase, in_json, in_plain_json, in_meta, in_microdata)
WITHIN = (
    *(
        "",
        "<b class='x'></b>",
        "</i><i title='a>b'>",
        "<!-- more -->",
        "<!--x--!><wbr/>",
        "<script>x</script>",
    ),
    *("&shy;", "&#8203;", "&amp;zwnj;", "\u200d", "\x08", "&#x61c;", "<a><b><u>", "<?x ?>", "</div>"),
    *("<rt>x</rt>", "<button>Partager ceci</button>", '<span style="display:none">x</span>', "<option />"),
)
GONE = (  # cleaning takes them out with what is in them
    *("<ruby><rp>(</rp></ruby>", "<ruby><rt>x</rt></ruby>", "<template>x <b>y</b></template>"),
    *("<noscript><i>x</i></noscript>", "<BUTTON>Partager ceci</Button>", "<label>x</label>"),
    *(
        "<select><option>x<option selected>y</option></select>",
        "<svg><text>x</text></svg>",
        "<object>x</object>",
    ),
    *("<video>x<source src=y></video>", "<canvas>x</canvas>", "<time>12 h 30</time>", "<output>x</output>"),
    *('<span style="display:none">x<span>y</span></span>', '<del style="display:none">x</del>'),
    *("<aside><p>Lire aussi</p><ul><li>x</ul></aside>", "<textarea>x</textarea>", "<button> </button>"),
    *("<template>x</template><!-- y --><button>z</button>",),
)
CHARSETS = ("utf-8", "utf-16", "cp1256")


def whole(body: str, charset: str = "utf-8") -> Page:
    html = f"<html><head><meta charset={charset}></head><body><article>{body}</article></body></html>"
    return page(body=html.encode(charset, "xmlcharrefreplace"), headers=())


def split(text: str) -> str:
    return " ".join(f"{word[:2]}{SPLIT}{word[2:3]}{SPLIT}{word[3:]}" for word in text.split(" "))


def keeps(text: str) -> bool:
    return judge(article(title="", text=text), RULES)[0].keeps


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(ROWS),
    st.lists(st.sampled_from(LETTERS), max_size=2),
    st.sampled_from(SPELLED),
    st.sampled_from(PLACES),
    st.sampled_from(CHARSETS),
)
def test_no_page_is_rejected_whose_text_would_be_kept(
    text: str, letters: list[Form], spelled: Form, place: Form, charset: str
) -> None:
    for form in letters:
        text = form(text)
    if keeps(text):
        assert missing_sides(whole(place(spelled(text)), charset), RULES) == ()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ROWS), st.sampled_from(LETTERS), st.sampled_from(SPELLED), st.sampled_from(WITHIN))
def test_nor_is_one_whose_words_are_split(text: str, letters: Form, spelled: Form, within: str) -> None:
    text = letters(text)
    if keeps(text):
        written = paragraphs(spelled(split(text)).replace(SPLIT, within))
        assert missing_sides(whole(written), RULES) == ()


def with_one_word(word: str) -> Page:
    said = f"Le ministre français de l'Intérieur a signé un accord de police antiterroriste avec le {word}."
    more = (
        "La réunion a duré deux heures, et ils ont promis de se revoir au printemps pour en faire le bilan."
    )
    return whole(
        f"<h1>Accord de police entre les deux pays</h1><p>{said} {more}</p><p>{more}</p><p>{more}</p>"
    )


@pytest.mark.parametrize(
    "word",
    [
        *(f"Ma{gone}roc" for gone in GONE),
        *("&<b>#77</b>;aroc", "Ma<noembed>roc</noembed>", "<noframes>M</noframes>aroc", "Ma<option />roc"),
    ],
)
def test_nor_is_one_with_a_word_around_what_cleaning_takes_out(word: str) -> None:
    one = with_one_word(word)
    cleaned = extract(one, None)
    assert cleaned is not None
    assert judge(cleaned, RULES)[0].keeps
    assert missing_sides(one, RULES) == ()


KEPT = ("{}", "<b>{}</b>", "<span style='color:red'>{}</span>", "<i></i>{}", "&#x200b;{}")
LETTER = st.tuples(st.lists(st.sampled_from(GONE), max_size=2).map("".join), st.sampled_from(KEPT))


@settings(max_examples=300, deadline=None)
@given(st.lists(LETTER, min_size=4, max_size=4))
def test_nor_with_a_word_around_several(letters: list[tuple[str, str]]) -> None:
    after = "".join(gone + kept.format(each) for (gone, kept), each in zip(letters, "aroc", strict=True))
    one = with_one_word(f"<span>M</span>{after}")
    told = tuple(texts(one))
    assert None in told or "maroc" in looked_at(one)
    assert missing_sides(one, RULES) == ()


def test_words_that_stand_apart_whatever_is_taken_out_are_no_trace() -> None:
    for word in (
        "Ma <label>x</label>roc",
        "Ma<label>x</label> roc",
        "Ma<p><label>x</label>roc",
        "M<b>x</b>c",
    ):
        (found,) = missing_sides(with_one_word(word), RULES)
        assert found.missing == ("morocco",)


def test_a_page_with_more_ways_to_read_it_than_can_be_tried_is_left_to_cleaning() -> None:
    menu = "".join(f"<a>{each}</a>" for each in "abcdefghijklmnopqrstuvwxyz")
    assert None in tuple(texts(whole(menu)))
    assert missing_sides(whole(menu), RULES) == ()


SOUP = (
    *(
        "maroc",
        "po",
        "lice",
        "é",
        " ",
        "\n",
        "\x0b",
        "\xa0",
        "\u200b",
        "_",
        "-",
        "!",
        ";",
        "=",
        "/",
        "'",
        '"',
    ),
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<b x='",
        '<a title="',
        "'>",
        '">',
        "/>",
        " x =",
        '<meta content="',
        "<br>",
    ),
    *("<", ">", "</", "<?", "?>", "<!--", "-->", "--!>", "->", "<![CDATA[", "]]>", "<!doctype x>", "<svg>"),
    *("<script>", "<script/>", "</script>", "<STYLE ", "</style\t", "<title>", "</title>", "<TITLE/>"),
    *("<textarea>", "</textarea>", "<xmp>", "</xmp>", "<iframe>", "</iframe>", "<noscript>", "<plaintext>"),
    *("&amp;", "&", "&#", "109;", "&eacute", "lt;", "\\u006d", "<template>", "</template>"),
)
RAW = ("script", "style", "title", "textarea", "xmp", "iframe", "plaintext")


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(SOUP), max_size=14).map("".join))
@example("<!-->police<b>-->")
@example("<!-- <script> -->police<script></script>")
@example("<a title='<!-- '>police<!-- -->")
@example("<script/>police</script>")
@example("<p x=u'v>police</p>'")
def test_whatever_the_parser_reads_the_cheap_look_reads(soup: str) -> None:
    one = page(body=f"<html><body><p>{soup}".encode())
    try:
        told = read(parse(one))
    except PageError:
        return
    assert frozenset().union(*map(vocabulary, told)) <= looked_at(one)


def read(root: HtmlElement) -> Iterator[str]:
    """The texts of a tree but for scripts and styles, and what attributes tell."""
    for element in root.iter():
        yield element.tail or ""
        if element.tag not in ("script", "style"):
            yield element.text or ""
        if element.tag not in RAW:
            yield element.get("content") or ""


def looked_at(one: Page) -> frozenset[str]:
    return frozenset().union(*(vocabulary(each) for each in texts(one) if each is not None))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*" <>&;#_-'\"/\\.", "Maroc", "فرنسا", "police", "<b>", "</b>", "&amp;"])))
def test_whatever_judge_finds_in_a_page_the_cheap_look_finds(pieces: list[str]) -> None:
    text = "".join(pieces)
    (found,) = judge(article(title="", text=text), RULES)
    missing = missing_sides(whole(paragraphs(escape(text))), RULES)
    assert all(set(each.missing) <= set(found.missing) for each in missing)


def known() -> Iterator[str]:
    """Every word and name of the rules."""
    for topic in RULES.topics:
        yield from (phrase for side in topic.sides for group in side.words for phrase in group.all)
    for entity in RULES.names.entities.values():
        yield from (*entity.names, *entity.adjectives)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(tuple(known())), st.sampled_from(("", "و", "ول")), st.sampled_from(("", "s", "es")))
def test_each_word_and_name_of_the_rules_is_a_trace_inflected_too(
    phrase: str, before: str, after: str
) -> None:
    inflected = f"{before}{phrase.replace('*', 'ation')}{after}"
    (found,) = judge(article(title="", text=inflected), RULES)
    for text in (inflected, split(inflected).replace(SPLIT, "<b></b>")):
        missing = missing_sides(whole(paragraphs(text)), RULES)
        assert all(set(each.missing) <= set(found.missing) for each in missing)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return RULES


@pytest.mark.parametrize(
    "body",
    [
        "<p>La police du <span>M</span><span>a</span><span>r</span><span>o</span><span>c</span> et la France",
        "<p>Po<b>lice</b></p><p>Maroc<br>France</p>",
        "<a>Po<i>lice</i></a><a>Maroc</a><a>France</a>",
        "<p>p\u064eolice &amp;#77;aroc FRAN&Ccedil;E",
        '<script type="application/ld+json">{"headline": "Pluie.\\nPolice\\tMaroc\\/France"}</script>',
        '<script type="application/ld+json">{"headline": "\\ud835\\udc0caroc, France, police"}</script>',
        "<textarea>police <b Maroc</textarea>France",
        '<span title="police du Maroc et de France"></span>',
        "<SCRIPT></SCRIPT >police, Maroc, France<script>",
    ],
)
def test_a_trace_is_seen_however_it_is_written(body: str, rules: Rules) -> None:
    assert missing_sides(whole(body), rules) == ()


@pytest.mark.parametrize(
    "body",
    [
        "<script>var maroc = 'France';</script><style>.police{}</style><p>La pluie.</p>",
        '<script type=\'application/json\'>{"text": "police, Maroc, France"}</script>',
        "<!-- police, Maroc, France -->",
        "<a class='police' href='/maroc/france' alt='police Maroc'>La pluie</a>",
        "<p>po lice, Ma roc</p><p>Fra</p><p>nce</p>",
    ],
)
def test_what_nobody_reads_is_no_trace(body: str, rules: Rules) -> None:
    (found,) = missing_sides(whole(body), rules)
    assert found.missing == ("france", "morocco", "security")


def test_a_name_that_counts_in_one_case_only_is_a_trace_in_that_case_only() -> None:
    raid = Entity(id="raid", kind="service", country="FR", labels={}, names=("RAID",), exact=("RAID",))
    force = Side(id="force", labels={}, kinds={"service": 1.0})
    own = Rules((Topic(id="own", labels={}, sides=(force,)),), Names((raid,)))
    assert missing_sides(whole("<p>Le R<b>AI</b>D\u200b intervient"), own) == ()
    assert missing_sides(whole("<p>Un raid, le Raid"), own) != ()


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("<FR place>", "He went to Lille."),
        ("<FR place>", "He was in Lill<b>e</b>."),
        ("<FR> ... <MA>", "Lille has written to Rabat."),
        ("{|the }<FR place>", "He was in Lille."),
        ("<FR office>", "Jean Exemple has written."),
        ("<FR> says", "Lille says no."),
    ],
)
def test_a_phrase_of_names_only_leaves_the_traces_of_its_names(phrase: str, text: str) -> None:
    side = Side(id="side", labels={}, words=(Phrases(why="", en=(phrase,)),))
    own = Rules((Topic(id="own", labels={}, sides=(side,)),), Names(FEW))
    (found,) = judge(article(title="", text=text.replace("<b>", "").replace("</b>", ""), language="en"), own)
    assert found.missing == ()
    assert missing_sides(whole(f"<p>{text}"), own) == ()
    assert missing_sides(whole("<p>Rain has fallen on Oslo."), own) != ()


def test_a_name_that_another_has_in_one_case_only_is_a_trace_in_every_case() -> None:
    raid = Entity(id="raid", kind="service", country="FR", labels={}, names=("RAID",), exact=("RAID",))
    other = Entity(id="other", kind="service", country="FR", labels={}, names=("RAID",))
    force = Side(id="force", labels={}, kinds={"service": 1.0})
    own = Rules((Topic(id="own", labels={}, sides=(force,)),), Names((raid, other)))
    assert missing_sides(whole("<p>Le raid"), own) == ()


def test_a_page_in_shreds_is_left_to_cleaning(rules: Rules) -> None:
    assert missing_sides(whole("x<!---->" * 11_000), rules) == ()


def test_a_page_of_several_topics_is_rejected_only_if_it_could_matter_to_none(rules: Rules) -> None:
    rain = Side(id="rain", labels={}, words=(Phrases(why="", fr=("pluie",)),))
    weather = Topic(id="weather", labels={}, sides=(rain,))
    both = replace(rules, topics=(*rules.topics, weather))
    assert missing_sides(whole("<p>La pluie."), both) == ()
    assert missing_sides(whole("<p>La police du Maroc et la France."), both) == ()
    missing = missing_sides(whole("<p>La police du Maroc."), both)
    assert [each.missing for each in missing] == [("france",), ("rain",)]


def test_what_the_entry_said_counts(rules: Rules) -> None:
    about = link(title="Maroc : extradition", summary="vers la Fran&#231;e, la <b>Fr</b>ance")
    assert missing_sides(page(link=about), rules) == ()


def test_the_sides_without_a_trace_are_named(rules: Rules) -> None:
    (found,) = missing_sides(whole("La police de Casablanca enquête."), rules)
    assert found.missing == ("france",)
    assert not found.keeps
    assert found.why == "no trace of france anywhere in the page"
