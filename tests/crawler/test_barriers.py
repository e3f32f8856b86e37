"""Pages that answer 200 without being the article, and articles about such pages."""

import pytest

from crawler.cleaning.barriers import barrier
from crawler.examine import examine
from crawler.rules import load_rules
from storage.model import Accepted, Neighbours, Status, Unavailable
from tests.factories import link, page, source

RULES = load_rules(None)
HEADLINE = "الأمن المغربي والفرنسي يفككان خلية إرهابية بين طنجة وباريس"
ABOUT = "The agency said on Monday that visitors had to wait in front of the page for a whole day."


def html(title: str, body: str = "") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (html("Just a moment...", "<script>window._cf_chl_opt={}</script>"), "challenge page"),
        (html("Client Challenge", "<noscript>JavaScript is disabled</noscript>"), "challenge page"),
        (
            html("example.ma", "<script src='https://ct.captcha-delivery.com/c.js'></script>"),
            "challenge page",
        ),
        (html("", "<iframe src='/_Incapsula_Resource?CWUDNSAI=2&incident_id=7'></iframe>"), "challenge page"),
        (html("Access Denied", "<h1>Access Denied</h1>Reference #18 errors.edgesuite.net"), "challenge page"),
        (html("Sucuri WebSite Firewall - Access Denied"), "challenge page"),
        (html("Access to this page has been denied", "<div id='px-captcha'></div>"), "challenge page"),
        (html("Vérification de sécurité", "<p>Un instant.</p>"), "challenge page"),
        (html("يرجى الانتظار", "<p>جاري التحقق</p>"), "challenge page"),
        (html("Before you continue to the site", "<form>cookies</form>"), "consent page"),
        (
            html("Le Journal", "<div id='didomi-host'>Accepter les cookies pour continuer</div>"),
            "consent page",
        ),
        (html("The Paper", "<p>Please enable JavaScript to view this page.</p>"), "consent page"),
        (html("Se connecter - Le Journal", "<form>Mot de passe</form>"), "login page"),
        (html("تسجيل الدخول | المثال", "<form></form>"), "login page"),
        (html("Page introuvable - Le Journal", "<a href='/'>Accueil</a>"), "page not found"),
        (html("الصفحة غير موجودة – المثال", "<a href='/'>الرئيسية</a>"), "page not found"),
        (html("404 Not Found"), "page not found"),
        (html("404"), "page not found"),
        (html("Erreur 404 : page introuvable - Le Journal"), "page not found"),
        (html("404 - Le Journal"), "page not found"),
        (html("Checking your browser before accessing example.ma"), "challenge page"),
        (html("Attention Required! | Cloudflare"), "challenge page"),
        (html("Un instant…"), "challenge page"),
        (html("Accès temporairement limité | Le Journal"), "challenge page"),
    ],
)
def test_what_stands_instead_of_an_article_is_named(body: bytes, reason: str) -> None:
    found = barrier(body)
    assert found is not None
    assert found.reason == reason


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment: how one page keeps robots out",
        "Page introuvable : l'État perd ses archives",
        "Accept cookies or pay, the papers say",
        "Access denied: the ministry explains",
        "404 days in Rabat",
    ],
)
def test_an_article_about_such_a_page_is_none(title: str) -> None:
    assert barrier(html(title, f"<p>{ABOUT}</p>" * 9)) is None


@pytest.mark.parametrize(
    "title",
    [
        "404 kg de cannabis saisis - Le Journal",
        "404 morts en mer",
        "404",
        "Accès refusé : la France expulse un imam - Le Journal",
        "Security check at Rabat airport tightened",
        "Un instant de vérité",
        "Un instant…",
        "Access denied to Rabat embassy",
        "Access denied",
        "Accès temporairement fermé à la frontière",
        "Checking your facts: the minister and the numbers",
        "يرجى الانتظار: ماذا بعد الاتفاق",
        "Request rejected by Paris court",
    ],
)
@pytest.mark.parametrize("between", ["<br><br>", "</p><p>"])
def test_a_title_alone_makes_no_barrier_of_a_page_with_prose(title: str, between: str) -> None:
    assert barrier(html(title, f"<div><p>{between.join([ABOUT * 2] * 7)}</p></div>")) is None


@pytest.mark.parametrize(
    "title",
    [
        "404 kg de cannabis saisis - Le Journal",
        "Access denied to Rabat embassy",
        "Accès refusé : la France expulse un imam - Le Journal",
        "Checking your facts: the minister and the numbers",
        "Security check at Rabat airport tightened",
        "يرجى الانتظار: ماذا بعد الاتفاق",
        "Request rejected by Paris court",
    ],
)
def test_a_headline_that_begins_like_a_barrier_is_none_even_of_a_short_article(title: str) -> None:
    assert barrier(html(title, f"<p>{ABOUT}</p>")) is None


def test_a_page_that_speaks_of_cookies_beside_its_text_is_none() -> None:
    assert barrier(html("The Paper", f"<div>Accept all cookies</div><div>{ABOUT * 20}</div>")) is None


@pytest.mark.parametrize(("title", "status"), [(HEADLINE, Status.HEADLINE_ONLY), ("طقس معتدل اليوم", None)])
def test_behind_a_challenge_only_a_relevant_headline_is_kept(title: str, status: Status | None) -> None:
    told = page(body=html("Just a moment..."), link=link(title=title))
    verdict = examine(told, source(), RULES, lambda _: Neighbours())
    match verdict:
        case Accepted(article=article):
            assert article.status is status
        case _:
            assert status is None
            assert verdict == Unavailable(reason="challenge page", kind="challenge")


def test_a_page_that_is_gone_keeps_not_even_its_headline() -> None:
    told = page(body=html("Page introuvable"), link=link(title=HEADLINE))
    verdict = examine(told, source(), RULES, lambda _: Neighbours())
    assert verdict == Unavailable(reason="page not found", kind="gone")
