"""rasid doctor, mail: what is said of it, and whether something must be done."""

from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import ValidationError

from reports.signing import Unresolvable
from scheduler.doctor import Verdict, examine_mail
from scheduler.settings import Mail, Settings, Web
from tests.commands import Home
from tests.mailbox import Mailbox, open_mailbox
from tests.reports.certificates import certified
from tests.reports.test_signing import pem, record

# the mailbox wants a login without TLS, which its library thinks unwise
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

GOOD, NOTE, BAD = Verdict.GOOD, Verdict.NOTE, Verdict.BAD
BASE = "https://rasid.example.org"


def examined(
    mail: dict[str, Any] | None = None, web: dict[str, Any] | None = None, published: bytes | None = None
) -> dict[str, tuple[Verdict, str]]:
    def lookup(name: str) -> bytes | None:
        assert name == "rasid._domainkey.example.org"
        if published == b"away":
            raise Unresolvable("no name server answers")
        return published

    values = {"sender": "rasid@example.org", **(mail or {})}
    settings = Settings(mail=Mail(**values), web=Web(**(web or {})))
    findings = examine_mail(settings, lookup)
    for each in findings:
        assert "\n" not in each.said
        assert each.verdict is GOOD or "; " in each.said  # it says what to do
    return {each.what: (each.verdict, each.said) for each in findings}


def at(mailbox: Mailbox, **more: Any) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": mailbox.port, "security": "none", **more}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "dkim.pem"
    file.write_bytes(pem())
    return file


def test_a_server_that_answers_is_good_and_gets_no_mail() -> None:
    with open_mailbox(login=("rasid", "right horse")) as mailbox:
        verdict, said = examined(at(mailbox, username="rasid", password="right horse"))["server"]
        assert verdict is GOOD
        assert said == f"127.0.0.1:{mailbox.port} answers: no TLS, logged in as rasid"
        verdict, said = examined(at(mailbox, username="rasid", password="wrong horse"))["server"]
    assert verdict is BAD
    assert "check [mail] username and password" in said
    assert "horse" not in said
    assert not mailbox.mails


def test_a_certificate_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    tls = certified(tmp_path, x509.IPAddress(ip_address("127.0.0.1")))
    with open_mailbox(tls=tls.server) as mailbox:
        verdict, said = examined(at(mailbox, security="starttls"))["server"]
    assert verdict is BAD
    assert "certificate is not to be trusted" in said


@pytest.mark.parametrize(
    ("mail", "verdict", "words"),
    [
        ({}, NOTE, "no [mail] host: mails are written to"),
        ({"host": "127.0.0.1", "port": 1}, BAD, "check [mail] host and port"),
        ({"host": "127.0.0.1", "password_file": "nowhere"}, BAD, "[mail] password_file: nowhere"),
    ],
)
def test_a_server_that_cannot_be_used_is_told(mail: dict[str, Any], verdict: Verdict, words: str) -> None:
    found = examined(mail)["server"]
    assert found[0] is verdict
    assert words in found[1]


def test_a_sender_of_this_machine_alone_is_told() -> None:
    assert examined({"sender": "rasid@localhost"})["sender"][0] is NOTE
    assert examined({"sender": "rasid@localhost", "host": "127.0.0.1", "port": 1})["sender"][0] is BAD
    assert examined()["sender"] == (GOOD, "rasid@example.org")


@pytest.mark.parametrize(
    ("published", "verdict", "words"),
    [
        (record(), GOOD, "our key is published"),
        (None, BAD, f"publish a TXT record there: {record().decode()}"),
        (record(rsa.generate_private_key(public_exponent=65537, key_size=2048)), BAD, record().decode()),
        (b"v=DKIM1; p=", BAD, "not of our key"),
        (b"away", NOTE, "could not be looked up: no name server answers"),
    ],
    ids=["ours", "none", "another", "withdrawn", "away"],
)
def test_what_is_published_is_compared(
    key: Path, published: bytes | None, verdict: Verdict, words: str
) -> None:
    found = examined({"dkim_key_file": key, "dkim_selector": "rasid"}, published=published)
    assert found["signature"][0] is GOOD
    assert found["record"][0] is verdict
    assert words in found["record"][1]


@pytest.mark.parametrize(
    ("mail", "verdict", "words"),
    [
        ({}, NOTE, "see that your mail server does"),
        ({"dkim_selector": "rasid"}, BAD, "dkim_key_file is not"),
        ({"dkim_key_file": "nowhere", "dkim_selector": "rasid"}, BAD, "nowhere: cannot be read"),
    ],
)
def test_a_signature_that_cannot_be_made_is_told(mail: dict[str, Any], verdict: Verdict, words: str) -> None:
    found = examined(mail)["signature"]
    assert found[0] is verdict
    assert words in found[1]


@pytest.mark.parametrize(
    ("web", "verdict", "words"),
    [
        ({}, NOTE, "readers leave by a mail"),
        ({"base_url": "http://127.0.0.1:8000"}, NOTE, "is not https"),
        ({"base_url": BASE}, NOTE, "RFC 8058"),
    ],
)
def test_readers_that_cannot_leave_with_one_click_are_told(
    web: dict[str, Any], verdict: Verdict, words: str
) -> None:
    found = examined(web=web)["pages"]
    assert found[0] is verdict
    assert words in found[1]


def test_one_click_that_counts_is_good(key: Path) -> None:
    found = examined({"dkim_key_file": key, "dkim_selector": "rasid"}, {"base_url": BASE}, record())
    assert found["pages"][0] is GOOD


def test_nobody_can_be_asked_without_pages() -> None:
    assert examined(web={"sign_up": True})["sign-up"][0] is BAD
    assert "sign-up" not in examined(web={"sign_up": True, "base_url": BASE})


def test_the_command_fails_where_something_must_be_done(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.configure('[mail]\nhost = "127.0.0.1"\nport = 1\nsender = "rasid@example.org"\n')
    done = home.rasid("doctor", "--only", "mail")
    assert done.exit_code == 1
    assert "bad   server     mail server 127.0.0.1:1: Connection refused; check" in done.out
    found = home.rasid("doctor", "--only", "mail", "--json").json
    assert [each["verdict"] for each in found] == ["bad", "good", "note", "note"]
    home.configure('[mail]\nsender = "rasid@example.org"\n')
    assert home.rasid("doctor", "--only", "mail").exit_code == 0
    home.configure("[mail]\nprot = 1\n")
    assert home.rasid("doctor", "--only", "mail").exit_code == 1


@pytest.mark.parametrize("selector", ["a b", "rasid;", "rasid\r\nBcc: spy", ".", "a..b", "راصد"])
def test_a_selector_is_a_name(selector: str) -> None:
    with pytest.raises(ValidationError, match="no selector; write a name"):
        Mail(dkim_selector=selector)
    assert Mail(dkim_selector="2026.rasid-1").dkim_selector == "2026.rasid-1"
