"""Settings: rasid.toml, overridden by the environment, or one clear line."""

import tomllib
from pathlib import Path

import pytest

from scheduler.loading import load_settings
from scheduler.settings import Settings
from storage.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "rasid.example.toml"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RASID_CONFIG", "RASID_DATABASE__URL"):
        monkeypatch.delenv(name, raising=False)


def written(folder: Path, content: str) -> Path:
    path = folder / "rasid.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, ""))
    assert settings.digest.timezone == "Africa/Casablanca"
    assert (settings.digest.day, settings.digest.hour) == ("monday", 7)
    assert settings.mail.host == ""


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_CRAWL__DELAY", "0.5")
    settings = load_settings(written(tmp_path, "[crawl]\ndelay = 3\nmax_pages = 7\n"))
    assert settings.crawl.delay == 0.5
    assert settings.crawl.max_pages == 7


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    content = '[database]\nurl = "sqlite:///x/y.db"\n[catalogue]\ndirectory = "rules"\n'
    settings = load_settings(written(tmp_path, content))
    assert settings.database.url == f"sqlite:///{tmp_path}/x/y.db"
    assert settings.catalogue.directory == tmp_path / "rules"
    assert settings.digest.outbox == tmp_path / "outbox"


def test_what_stands_beside_a_path_is_kept(tmp_path: Path) -> None:
    content = '[catalogue]\nonly = ["elaph"]\nalso = ["eocr"]\ndirectory = "mine"\n'
    catalogue = load_settings(written(tmp_path, content)).catalogue
    assert (catalogue.only, catalogue.also, catalogue.directory) == (("elaph",), ("eocr",), tmp_path / "mine")


def test_the_file_is_found_in_the_working_directory_and_through_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "[crawl]\nmax_pages = 11\n")
    monkeypatch.chdir(tmp_path)
    assert load_settings().crawl.max_pages == 11
    monkeypatch.chdir(tmp_path.parent)
    monkeypatch.setenv("RASID_CONFIG", str(tmp_path / "rasid.toml"))
    assert load_settings().crawl.max_pages == 11


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[crawl]\nfast = 1\n", "[crawl] fast: no such setting"),
        ("[crawling]\ndelay = 1\n", "[crawling]: no such setting"),
        ('[crawl]\ndelay = "soon"\n', "[crawl] delay: "),
        ('[digest]\nday = "lundi"\n', "[digest] day: "),
        ('[digest]\ntimezone = "Mars/Olympus"\n', "no such time zone"),
        ('[mail]\nsender = "nobody"\n', "not an e-mail address"),
        ('[mail]\npassword = "x"\n', "[mail] password: no secrets here"),
        ('[web]\nbase_url = "http://rasid.example"\n', "[web] base_url: write https://HOST"),
        ('[web]\nbase_url = "https://rasid.example/"\n', "[web] base_url: write https://HOST"),
        ('[web]\nbase_url = "https://rasid.example?a=1"\n', "[web] base_url: write https://HOST"),
        ('[web]\nbase_url = "https://me:secret@rasid.example"\n', "[web] base_url: write https://HOST"),
        ('[web]\nbase_url = "rasid.example"\n', "[web] base_url: write https://HOST"),
        ("crawl = 1\n", "[crawl]: "),
        ("[crawl\n", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_one_line_naming_file_and_key(tmp_path: Path, content: str, said: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(ConfigError) as raised:
        load_settings(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "address", ["", "https://rasid.example", "https://rasid.example:8443/news", "http://127.0.0.1:8000"]
)
def test_the_address_of_the_pages_is_as_mails_link_to_it(tmp_path: Path, address: str) -> None:
    settings = load_settings(written(tmp_path, f'[web]\nbase_url = "{address}"\n'))
    assert settings.web.base_url == address


def test_a_wrong_value_of_the_environment_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASID_CRAWL__DELAY", "soon")
    with pytest.raises(ConfigError, match=r"^RASID_CRAWL__DELAY: "):
        load_settings(written(tmp_path, ""))


def test_an_unknown_variable_of_ours_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_CRAWL__DELAYS", "1")
    with pytest.raises(ConfigError, match=r"^RASID_CRAWL__DELAYS: no such setting"):
        load_settings(written(tmp_path, ""))


def test_a_missing_file_is_an_error_unless_nothing_of_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"rasid\.toml: no such file; copy rasid\.example\.toml"):
        load_settings()
    with pytest.raises(ConfigError, match=r"elsewhere\.toml: no such file"):
        load_settings(Path("elsewhere.toml"), needed=False)
    assert load_settings(needed=False).crawl.max_pages == 200
    monkeypatch.setenv("RASID_DATABASE__URL", "postgresql://example/rasid")
    assert load_settings().database.url == "postgresql://example/rasid"


def test_a_folder_in_place_of_the_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path)


def test_the_example_shows_every_setting_with_its_default() -> None:
    shown = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    defaults = Settings()
    for table in Settings.model_fields:
        value = getattr(defaults, table)
        for key in type(value).model_fields:
            assert f"{key} = " in EXAMPLE.read_text(encoding="utf-8") or key == "password", (table, key)
            if key in shown[table]:
                assert str(shown[table][key]) == str(getattr(value, key)), (table, key)


def test_what_is_chosen_stays_when_paths_are_made_absolute(tmp_path: Path) -> None:
    file = tmp_path / "rasid.toml"
    file.write_text(
        '[catalogue]\ndirectory = "mine"\nonly = ["a"]\nalso = ["b"]\ntopics = ["c"]\n', encoding="utf-8"
    )
    catalogue = load_settings(file).catalogue
    assert (catalogue.directory, catalogue.only, catalogue.also) == (tmp_path / "mine", ("a",), ("b",))
    assert catalogue.topics == ("c",)
