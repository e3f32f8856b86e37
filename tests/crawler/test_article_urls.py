"""Which addresses of an outlet are articles: the shapes its files, its pages and its readers' code attest."""

import pytest

from crawler.catalogue import load_sources
from crawler.discovery import is_article

SOURCES = {source.id: source for source in load_sources()}
ARTICLES = (
    ("hespress", "https://www.hespress.com/حوار-مع-خبير-1600001.html"),
    ("hespress", "http://hespress.com/politique/270001.html?fbclid=IwAR0"),
    ("hespress_fr", "https://fr.hespress.com/453001-453001.html"),
    ("hespress_fr", "https://fr.hespress.com/453002-visite-de-travail.html"),
    ("hespress_en", "https://en.hespress.com/98001-working-visit-to-rabat.html"),
    ("le360_ar", "https://ar.le360.ma/culture/ABCDEFGHIJKLMNOPQRSTUVWX23/"),
    ("le360_fr", "https://fr.le360.ma/politique/un-accord_ABCDEFGHIJKLMNOPQRSTUVWX23"),
    ("le360_fr", "https://fr.le360.ma/sports/football/un-match_ABCDEFGHIJKLMNOPQRSTUVWX23/?outputType=amp"),
    (
        "yabiladi_fr",
        "https://www.yabiladi.com/articles/details/45001/maroc-un-accord.html?utm_source=rss_yabiladi",
    ),
    ("yabiladi_en", "https://en.yabiladi.com/articles/details/191001/morocco-clears-a-deal"),
    ("alyaoum24", "https://alyaoum24.com/1900001.html"),
    ("al3omk", "https://al3omk.com/974001.html"),
    ("barlamane", "https://www.barlamane.com/%d8%a7%d9%84%d9%85-%d8%ba%d8%b1-%d8%a8-%d9%88%d9%81%d8%b1/"),
    ("telquel", "https://telquel.ma/2026/09/21/tribune-un-accord_2008001"),
    ("medias24", "https://medias24.com/2026/09/21/un-accord/"),
    ("lematin", "https://lematin.ma/hi-tech/un-accord-de-plus/318001"),
    ("h24info", "https://h24info.ma/monde/un-accord-signe-a-rabat/"),
    ("h24info", "https://www.h24info.ma/un-accord-signe-a-rabat/"),
    ("bladi", "https://www.bladi.net/extradition-france-accord,116001.html"),
    ("lakome2", "https://lakome2.com/covid19/216001/"),
    ("febrayer", "https://www.febrayer.com/1097001.html"),
    ("maghress", "https://www.maghress.com/fr/albayane/211001"),
    ("aujourdhui", "https://aujourdhui.ma/lifestyle/un-accord-signe-a-rabat"),
    ("kifache", "http://www.kifache.com/90001"),
    ("libe", "https://www.libe.ma/Un-accord-signe-a-Rabat_a160001.html"),
    ("hibapress_fr", "https://fr.hibapress.com/news-143001.html"),
    ("maroc_ma", "https://maroc.ma/fr/actualites/un-accord-signe-rabat"),
    ("map", "https://www.mapnews.ma/ar/actualites/سياسي/توقيع-اتفاق"),
    ("mapexpress", "http://www.mapexpress.ma/actualite/economie-et-finance/un-accord-signe/"),
)
OTHERS = (
    ("hespress", "https://fr.hespress.com/453001-453001.html"),
    ("hespress", "https://www.hespress.com/politique/page/2/"),
    ("hespress_fr", "https://fr.hespress.com/politique"),
    ("le360_fr", "https://ar.le360.ma/culture/ABCDEFGHIJKLMNOPQRSTUVWX23/"),
    ("le360_fr", "https://fr.le360.ma/politique/"),
    ("le360_fr", "https://fr.le360.ma/videos/un-reportage_ABCDEFGHIJKLMNOPQRSTUVWX23/"),
    ("yabiladi_fr", "https://en.yabiladi.com/articles/details/191001/morocco-clears-a-deal"),
    ("yabiladi_fr", "https://www.yabiladi.com/articles/tagged/88/accord.html"),
    ("alyaoum24", "https://alyaoum24.com/category/حوادث/page/2"),
    ("barlamane", "https://www.barlamane.com/من-نحن/"),
    ("barlamane", "https://www.barlamane.com/category/برلمان-تيفي-من-الرباط-مباشرة/"),
    ("telquel", "https://telquel.ma/categorie/maroc/politique"),
    ("lematin", "https://lematin.ma/bourse-de-casablanca"),
    ("h24info", "https://h24info.ma/category/economie-et-finance-au-maroc/"),
    ("bladi", "https://www.bladi.net/mohammed-vi,151.html"),
    ("bladi", "https://www.bladi.net/maroc-sport.html"),
    ("maghress", "https://www.maghress.com/hespress"),
    ("libe", "https://www.libe.ma/Economie_r10.html"),
    ("maroc_ma", "https://www.maroc.ma/fr/actualites"),
    ("maroc_ma", "https://www.marquesaumaroc.ma/fr/actualites/une-marque-de-plus"),
    ("medi1news", "https://www.medi1news.com/fr/categorie/news"),
    ("medi1news", "https://www.medi1news.com/fr/mentions-legales"),
    ("kifache", "https://kifache.com/category/90001"),
)


@pytest.mark.parametrize(("source", "url"), ARTICLES)
def test_an_address_of_an_article_is_known_as_one(source: str, url: str) -> None:
    assert is_article(url, SOURCES[source])


@pytest.mark.parametrize(("source", "url"), OTHERS)
def test_sections_tags_and_sister_editions_are_no_articles_of_it(source: str, url: str) -> None:
    assert not is_article(url, SOURCES[source])
