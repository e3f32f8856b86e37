"""outbox: mails and editions as files."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from reports.outbox import write_edition, write_outbox
from storage.errors import ConfigError
from tests import factories


def letter(subject: str = "Rasid") -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = subject
    mail.set_content("الأمن\n")
    return mail


def test_a_mail_is_a_file_that_any_client_opens(tmp_path: Path) -> None:
    path = write_outbox(tmp_path / "new" / "outbox", letter("راصد"), "2026-W47 amal@example.org")
    assert path == tmp_path / "new" / "outbox" / "2026-W47 amal@example.org.eml"
    assert message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] == "راصد"


def test_an_edition_is_a_mail_a_page_and_a_text(tmp_path: Path) -> None:
    edition = factories.edition("ar", html="<p>خبر</p>", text="خبر\n")
    paths = write_edition(tmp_path, edition, letter(), "2026-W47")
    assert [path.name for path in paths] == ["2026-W47.eml", "2026-W47.html", "2026-W47.txt"]
    assert [path.read_text(encoding="utf-8") for path in paths[1:]] == ["<p>خبر</p>", "خبر\n"]


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/evil", "a\\b", "..", ".", "a\0b", "a\nb", "C:evil", "a*b?|<>", "خبر"]
)
def test_a_name_cannot_leave_the_folder_nor_break_a_file_system(tmp_path: Path, name: str) -> None:
    path = write_outbox(tmp_path / "outbox", letter(), name)
    assert list(tmp_path.iterdir()) == [tmp_path / "outbox"]
    assert list((tmp_path / "outbox").iterdir()) == [path]
    assert not set('/\\:*?"<>|\0\n') & set(path.name)


def test_two_names_never_share_a_file(tmp_path: Path) -> None:
    names = ("a/b", "a%2Fb", "a_b", "a b", "a+b", "a@b")
    assert len({write_outbox(tmp_path, letter(), name) for name in names}) == len(names)


def test_a_file_of_the_name_is_replaced_whole_and_nothing_else_stays(tmp_path: Path) -> None:
    write_outbox(tmp_path, letter("first " * 100), "mail")
    path = write_outbox(tmp_path, letter("second"), "mail")
    assert path.read_bytes() == letter("second").as_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError) as error:
        write_outbox(tmp_path / "file" / "outbox", letter(), "mail")
    assert str(error.value).startswith(f"{tmp_path / 'file' / 'outbox'}: cannot write mail.eml: ")
    assert "\n" not in str(error.value)


def test_what_cannot_be_written_leaves_nothing_half_done(tmp_path: Path) -> None:
    (tmp_path / "mail.eml").mkdir()
    with pytest.raises(ConfigError, match=r"cannot write mail\.eml"):
        write_outbox(tmp_path, letter(), "mail")
    assert [path.name for path in tmp_path.iterdir()] == ["mail.eml"]
