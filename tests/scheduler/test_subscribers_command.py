"""`rasid subscribers`, and what `rasid digest` and `digests` say of series."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.model import Schedule, Series
from tests import factories as make
from tests.commands import Home, one_line

DAILY = Series(topic=make.TOPIC, schedule=Schedule.DAILY, query="Darmanin", minimum=2.5)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.configure('[database]\nurl = "sqlite:///rasid.db"\n')
    with open_archive(home) as archive:
        archive.upgrade()
    return home


def open_archive(home: Home) -> Archive:
    return Archive(f"sqlite:///{home.folder / 'rasid.db'}")


def test_an_address_is_subscribed_listed_and_forgotten(home: Home) -> None:
    done = home.rasid("subscribers", "add", "Amal@Example.org", "--language", "fr")
    assert done.out == f"Amal@example.org gets {make.TOPIC} (fr)\n"
    options = ("--schedule", "daily", "--query", " Darmanin  ", "--minimum-importance", "2.5", "--no-empty")
    assert home.rasid("subscribers", "add", "amal@example.org", *options).exit_code == 0
    with open_archive(home) as archive:
        tokens = [each.token for each in archive.subscribing.all()]
    listed = home.rasid("subscribers", "list")
    assert DAILY.id in listed.out
    told = home.rasid("subscribers", "list", "--json")
    assert [(each["series"], each["query"], each["empty"]) for each in told.json] == [
        (make.TOPIC, "", True),
        (DAILY.id, "Darmanin", False),
    ]
    assert not any(token in said for token in tokens for said in (listed.out, told.out, done.out))
    gone = home.rasid("subscribers", "remove", "amal@example.org", "--series", DAILY.id)
    assert gone.out == f"amal@example.org gets {DAILY.id} no more\n"
    assert home.rasid("subscribers", "remove", "amal@example.org").out == "amal@example.org is forgotten\n"
    one_line(home.rasid("subscribers", "remove", "amal@example.org"), "is not subscribed; see rasid")


def test_the_key_of_a_webhook_is_told_once(home: Home) -> None:
    add = ("subscribers", "add", "https://chat.example.org/Hook")
    first, again = home.rasid(*add), home.rasid(*add, "--language", "fr")
    with open_archive(home) as archive:
        (made,) = archive.subscribing.all()
    assert f"the key of its signatures: {made.token}\n" in first.out
    assert made.token not in again.out + home.rasid("subscribers", "list", "--json").out
    assert made.language == "fr"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("amal",), "'amal': not an e-mail address; write one such as name@example.org"),
        (("http://example.org/hook",), "not the URL of a webhook; write one such as https://"),
        (("https://me:secret@example.org/",), "not the URL of a webhook"),
        (("a@b.example", "--topic", "nothing"), "nothing: no such topic; there are "),
        (("a@b.example", "--query", "since:nope"), "--query since:nope: not understood: since:nope; try it"),
        (("a@b.example", "--minimum-importance", "inf"), "--minimum-importance inf: not a number of points"),
    ],
)
def test_what_cannot_be_subscribed_is_one_line(home: Home, arguments: tuple[str, ...], said: str) -> None:
    one_line(home.rasid("subscribers", "add", *arguments), said)
    assert home.rasid("subscribers", "list", "--json").json == []


def test_the_digest_of_a_series_is_previewed(home: Home) -> None:
    for schedule in ("weekly", "daily", "instant"):
        home.rasid("subscribers", "add", "a@b.example", "--schedule", schedule, "--query", "Darmanin")
    for each in home.rasid("subscribers", "list", "--json").json:
        done = home.rasid("digest", "--series", each["series"], "--language", "en")
        assert done.exit_code == 0, done.err
        if each["schedule"] != "weekly":
            one_line(home.rasid("digest", "--series", each["series"], "--week", "2026-W40"), "is not weekly")
    one_line(
        home.rasid("digest", "--series", "nothing"), "--series nothing: nobody gets it; see rasid subscribers"
    )
    instant = f"{make.TOPIC}.instant.{each['series'].rpartition('.')[2]}"
    one_line(home.rasid("digest", "--series", instant, "--send"), "tells stories at once")


def test_digests_say_whom_an_issue_has_not_reached_and_why(home: Home) -> None:
    with open_archive(home) as archive:
        for name in ("a", "b"):
            archive.subscribing.add(f"{name}@example.org", DAILY, "fr", make.NOW)
        archive.posting.store_issue(make.issue("2026-11-18", series=DAILY))
        token = archive.subscribing.all()[0].token
        first, second = archive.posting.deliveries(DAILY.id, "2026-11-18")
        archive.posting.mark_failed(first.id, "550 no such person")
        archive.posting.mark_sent(second.id, datetime.now(UTC) + timedelta(hours=1))
    listed = home.rasid("digests", "list")
    assert f"{DAILY.id} 2026-11-18: a@example.org failed: 550 no such person\n" in listed.out
    (row,) = home.rasid("digests", "list", "--json").json
    assert (row["sent"], row["failed"]) == (1, 1)
    assert row["failures"] == [
        {"address": "a@example.org", "state": "failed", "tries": 0, "error": "550 no such person"}
    ]
    shown = home.rasid("digests", "show", "2026-11-18", "--series", DAILY.id, "--json")
    assert [each["state"] for each in shown.json["deliveries"]] == ["failed", "sent"]
    assert token not in json.dumps(shown.json)
    one_line(home.rasid("digests", "show", "2026-11-18"), "issue 2026-11-18 of", "see rasid digests list")
