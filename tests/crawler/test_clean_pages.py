"""What stands on the pages of many sites beside an article, in it and under it, and is none of it."""

from typing import Any

import pytest

from crawler.clean import extract
from storage.model import Article
from tests.factories import page, source

TITLE = "Rabat et Paris signent un accord de sécurité"
BODY = (
    "Les ministres de l'Intérieur du Maroc et de la France ont signé lundi à Rabat un accord de sécurité.",
    "Le texte prévoit l'échange de renseignements sur les réseaux de trafic de drogue et de migrants.",
    "Une commission mixte se réunira tous les trois mois pour en suivre l'application, selon les ministres.",
    "Les deux pays veulent aussi former ensemble leurs enquêteurs dans une école commune à Kénitra.",
    "Les syndicats de police des deux pays ont salué un texte attendu depuis plusieurs années.",
    "Le Parlement marocain doit l'examiner au cours de la session de printemps, avant sa publication.",
)
TEASER = (
    "<article><h3><a href='/n/{}'>Un autre article</a></h3><p>Une autre histoire commence ici.</p></article>"
)


def article(inside: str = "", *, head: str = "", lines: tuple[str, ...] = BODY, **changes: Any) -> Article:
    """A page whose article ends with some markup."""
    text = "".join(f"<p>{line}</p>" for line in lines)
    shown = f"<article><h1>{TITLE}</h1><div class='text'>{text}{inside}</div></article>"
    body = f"<html lang='fr'><head>{head}</head><body>{shown}</body></html>".encode()
    found = extract(page(body=body), source(language="fr", **changes))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "box",
    [
        "<div class='related-articles'><p>Le roi a reçu un ambassadeur ce matin à Casablanca.</p></div>",
        "<section id='newsletter'><p>Recevez chaque matin le meilleur de nos enquêtes.</p></section>",
        "<div class='share-bar'><p>Envoyez ce texte à vos amis et à vos voisins.</p></div>",
        "<div class='author-bio'><p>Elle suit les questions de police depuis dix ans.</p></div>",
        "<div class='comments-list'>" + "<p>Encore un commentaire qui ne dit rien.</p>" * 9 + "</div>",
        "<ul><li><a href='/1'>Un vol à main armée</a></li><li><a href='/2'>Le prix du blé</a></li></ul>",
        TEASER.format(1) + TEASER.format(2),
    ],
)
def test_a_box_beside_the_article_is_dropped(box: str) -> None:
    assert article(box).text == "\n".join(BODY)


@pytest.mark.parametrize("name", ["related", "promo", "newsletter"])
def test_a_box_that_holds_the_article_stays_whatever_its_name(name: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in BODY)
    shown = f"<article><h1>{TITLE}</h1><div class='{name}'>{text}</div></article>"
    found = extract(page(body=f"<html><body>{shown}</body></html>".encode()), source(language="fr"))
    assert found is not None
    assert found.text == "\n".join(BODY)


@pytest.mark.parametrize(
    "notice",
    [
        "Cet article a été initialement publié par un autre journal, que nous remercions.",
        "La suite est réservée aux abonnés.",
        "Article réservé aux abonnés",
        "Vous avez déjà un compte ? Connectez-vous.",
        "Votre adresse e-mail ne sera pas publiée.",
        "Ce contenu est bloqué car vous n'avez pas accepté les traceurs.",
        "This article was originally published by another paper.",
        "If you buy something through our links, we may earn a commission.",
        "لن يتم نشر عنوان بريدك الإلكتروني.",
        "Mots-clés : police, Rabat, Paris",
        "Police, Rabat, Paris, trafic de drogue, sécurité",
        "[button link=”https://example.ma/abo” type=”big”] Abonnement[/button]",
    ],
)
def test_what_the_page_says_of_itself_is_dropped(notice: str) -> None:
    assert article(f"<p>{notice}</p>").text == "\n".join(BODY)


def test_a_paywall_leaves_what_everybody_may_read() -> None:
    found = article("<p>La suite est réservée aux abonnés.</p>", lines=BODY[:2])
    assert (found.status.value, found.text) == ("full", "\n".join(BODY[:2]))


def test_who_the_author_is_is_no_part_of_the_text() -> None:
    head = "<meta name='author' content='Salma Ouazzani'>"
    about = "Salma Ouazzani écrit sur la police et la justice depuis douze ans."
    assert article(f"<p>{about}</p>", head=head).text == "\n".join(BODY)
    assert about in article(f"<p>{about}</p>").text


@pytest.mark.parametrize(
    ("head", "inside", "authors"),
    [
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x",'
            ' "creator": "Salma Ouazzani", "author": {"@type": "Organization", "name": "Exemple"}}</script>',
            "",
            ("Salma Ouazzani",),
        ),
        ("", "<span class='author'>Salma Ouazzani</span>", ("Salma Ouazzani",)),
        (
            "",
            "<p class='story-meta__authors'>Par Salma Ouazzani le 12/11/2026 à 10h</p>",
            ("Salma Ouazzani",),
        ),
    ],
)
def test_the_author_is_the_person(head: str, inside: str, authors: tuple[str, ...]) -> None:
    assert article(inside, head=head).authors == authors


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        ("2026-11-12T00:00:00+01:00", "2026-11-12T18:30:00+01:00", "2026-11-12T18:30:00+01:00"),
        ("2026-11-12T00:00:00+01:00", "2026-11-13T18:30:00+01:00", "2026-11-12T00:00:00+01:00"),
        ("2026-11-12T09:00:00+01:00", "2026-11-12T18:30:00+01:00", "2026-11-12T09:00:00+01:00"),
    ],
)
def test_midnight_sharp_gives_way_to_a_time_of_its_day(first: str, second: str, published: str) -> None:
    data = f'{{"@type": "NewsArticle", "headline": "x", "datePublished": "{first}"}}'
    head = (
        f'<script type="application/ld+json">{data}</script>'
        f"<meta property='article:published_time' content='{second}'>"
    )
    found = article(head=head).published
    assert found is not None
    assert found.isoformat() == published


def test_a_phrase_called_link_stays_in_its_sentence() -> None:
    line = "Le préfet a dit que <span class='link'>la frontière restera ouverte</span> pendant la fête."
    assert "a dit que la frontière restera ouverte pendant la fête." in article(f"<p>{line}</p>").text
