"""Post over real SMTP: what arrives, and what is said when nothing does."""

import ssl
from email.message import EmailMessage
from ipaddress import ip_address
from socket import socket
from typing import Any

import pytest
from cryptography import x509

from reports.mail import MailServer, Post
from storage.errors import MailError, RecipientRefused
from tests.mailbox import Mailbox, open_mailbox
from tests.reports.certificates import Tls, certified
from tests.reports.scripted import Scripted, open_script

# the mailbox wants a login with and without TLS, which its library thinks unwise
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

TO = "amal@example.org"
LOGIN = ("rasid", "right horse")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return certified(tmp_path_factory.mktemp("tls"), x509.IPAddress(ip_address("127.0.0.1")))


@pytest.fixture(scope="module")
def tls_of_another(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return certified(tmp_path_factory.mktemp("tls"), x509.DNSName("mail.example.org"))


def letter(to: str = TO) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "rasid@example.org", to, "راصد"
    mail.set_content("الأمن\n", cte="quoted-printable")
    return mail


def server(mailbox: Mailbox, **changes: Any) -> MailServer:
    values: dict[str, Any] = {"host": mailbox.host, "port": mailbox.port, "security": "none", "timeout": 10}
    return MailServer(**(values | changes))


def failure(server: MailServer, trust: ssl.SSLContext | None = None) -> str:
    """What is said of a mail that could not be sent; it begins with the server and is one line."""
    with Post(server, trust=trust) as post, pytest.raises(MailError) as error:
        post.send(letter(), TO)
    assert not isinstance(error.value, RecipientRefused)
    said = str(error.value)
    assert "\n" not in said
    assert said.startswith(f"mail server {server.host}:{server.port}: ")
    return said.removeprefix(f"mail server {server}: ")


def test_a_mail_arrives_as_it_was_sent() -> None:
    with open_mailbox() as mailbox, Post(server(mailbox)) as post:
        post.send(letter(), TO)
    (mail,) = mailbox.mails
    assert (mail.to, mail.message["Subject"], mail.message.get_content()) == (TO, "راصد", "الأمن\r\n")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_with_login_goes_over_tls(tls: Tls, security: str) -> None:
    with open_mailbox(tls=tls.server, login=LOGIN, from_first_byte=security == "tls") as mailbox:
        chosen = server(mailbox, security=security, username=LOGIN[0], password=LOGIN[1])
        with Post(chosen, trust=tls.trust) as post:
            post.send(letter(), TO)
    assert [mail.to for mail in mailbox.mails] == [TO]


def test_a_login_needs_no_tls_on_this_machine() -> None:
    with (
        open_mailbox(login=LOGIN) as mailbox,
        Post(server(mailbox, username=LOGIN[0], password=LOGIN[1])) as post,
    ):
        post.send(letter(), TO)
    assert len(mailbox.mails) == 1


def test_one_connection_serves_many_mails() -> None:
    recipients = [f"reader{at}@example.org" for at in range(30)]
    with open_mailbox() as mailbox, Post(server(mailbox)) as post:
        for to in recipients:
            post.send(letter(to), to)
    assert [mail.to for mail in mailbox.mails] == recipients
    assert mailbox.connections == 1


def test_a_closed_post_opens_again() -> None:
    with open_mailbox() as mailbox, Post(server(mailbox)) as post:
        post.send(letter(), TO)
        post.close()
        post.send(letter(), TO)
    assert (len(mailbox.mails), mailbox.connections) == (2, 2)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_refused(tls: Tls, security: str) -> None:
    with open_mailbox(tls=tls.server, from_first_byte=security == "tls") as mailbox:
        said = failure(server(mailbox, security=security))
    assert said == "its certificate is not to be trusted: self-signed certificate; check [mail] host"
    assert not mailbox.mails


def test_a_certificate_of_another_host_is_refused(tls_of_another: Tls) -> None:
    with open_mailbox(tls=tls_of_another.server) as mailbox:
        said = failure(server(mailbox, security="starttls"), tls_of_another.trust)
    assert said.startswith("its certificate is not to be trusted: IP address mismatch")
    assert said.endswith("; check [mail] host")


@pytest.mark.parametrize(
    ("security", "said"),
    [("starttls", "STARTTLS extension not supported by server."), ("tls", "no TLS: WRONG_VERSION_NUMBER")],
)
def test_a_server_without_the_tls_that_is_wanted_gets_nothing(security: str, said: str) -> None:
    with open_mailbox(login=LOGIN) as mailbox:
        chosen = server(mailbox, security=security, username=LOGIN[0], password=LOGIN[1])
        why = failure(chosen)
    assert why.startswith(f"{said}; check [mail] ")
    assert f"security ({security})" in why


def test_a_wrong_password_names_the_user_and_not_the_password(tls: Tls) -> None:
    with open_mailbox(tls=tls.server, login=LOGIN) as mailbox:
        chosen = server(mailbox, security="starttls", username=LOGIN[0], password="wrong horse")
        said = failure(chosen, tls.trust)
    assert said.startswith("refuses the login of rasid: 535 ")
    assert said.endswith("; check [mail] username and password")
    assert "horse" not in said + repr(chosen)


def test_a_server_that_wants_a_login_says_so() -> None:
    with open_mailbox(login=LOGIN) as mailbox:
        said = failure(server(mailbox))
    assert said.startswith("refuses the sender rasid@example.org: 530 ")


def test_a_password_leaves_this_machine_by_tls_only() -> None:
    with open_mailbox(login=LOGIN) as mailbox:  # 127.1 is no name of this machine that we know
        said = failure(server(mailbox, host="127.1", username=LOGIN[0], password=LOGIN[1]))
    assert said == "a password is not sent without TLS; check [mail] security (none)"


@pytest.mark.parametrize(
    ("code", "permanent", "remedy"),
    [(550, True, "address"), (450, False, "again later")],
)
def test_a_refused_recipient_does_not_stop_the_next(code: int, permanent: bool, remedy: str) -> None:
    with open_mailbox() as mailbox, Post(server(mailbox)) as post:
        mailbox.refuse(TO, code)
        with pytest.raises(RecipientRefused) as refused:
            post.send(letter(), TO)
        post.send(letter("bruno@example.org"), "bruno@example.org")
    assert refused.value.permanent is permanent
    said = str(refused.value)
    assert said.startswith(f"mail server {server(mailbox)}: {TO}: {code} no mail for {TO}; ")
    assert remedy in said.partition("; ")[2]
    assert [mail.to for mail in mailbox.mails] == ["bruno@example.org"]
    assert mailbox.connections == 1


@pytest.mark.parametrize(("code", "permanent"), [(552, True), (451, False)])
def test_a_refused_message_is_the_recipients_matter(code: int, permanent: bool) -> None:
    with open_mailbox() as mailbox, Post(server(mailbox)) as post:
        mailbox.refuse_data(code)
        with pytest.raises(
            RecipientRefused, match=rf"^mail server {server(mailbox)}: {TO}: {code} "
        ) as refused:
            post.send(letter(), TO)
        mailbox.refuse_data(0)
        post.send(letter(), TO)
    assert refused.value.permanent is permanent
    assert len(mailbox.mails) == 1


def test_a_server_that_goes_away_at_a_recipient_says_nothing_of_the_recipient() -> None:
    with open_mailbox() as mailbox:
        mailbox.refuse(TO, 421)
        said = failure(server(mailbox))
    assert said == f"{TO}: 421 no mail for {TO}; try again later"


def test_where_nobody_listens_host_and_port_are_to_be_checked() -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = failure(MailServer(host="127.0.0.1", port=port, security="none"))
    assert said == "Connection refused; check [mail] host and port"


def test_a_host_that_cannot_be_a_name_is_no_host() -> None:
    assert failure(MailServer(host="mail..example")) == "no such host; check [mail] host"


def of(script: Scripted) -> MailServer:
    return MailServer(host=script.host, port=script.port, security="none", timeout=10)


@pytest.mark.parametrize("at", ["connect", "ehlo", "mail", "rcpt", "data", "message"])
def test_a_server_that_hangs_up_is_to_be_tried_again(at: str) -> None:
    with open_script(**{at: None}) as script:
        assert failure(of(script)) in (
            "hung up; try again later",
            "Connection reset by peer; try again later",
        )


def test_a_connection_lost_between_two_mails_is_opened_again() -> None:
    with open_script(noop=None) as script, Post(of(script)) as post:
        post.send(letter(), TO)
        post.send(letter(), TO)
    assert (script.mails, script.connections) == (2, 2)


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ({"connect": "554 go away"}, "554 go away; try again later"),
        ({"mail": "550 not you"}, "refuses the sender rasid@example.org: 550 not you; check [mail] sender"),
        ({"data": "421 closing"}, f"{TO}: 421 closing; try again later"),
    ],
)
def test_a_server_that_refuses_us_is_quoted(replies: dict[str, str], said: str) -> None:
    with open_script(**replies) as script:
        assert failure(of(script)) == said


def test_a_mail_that_is_too_large_is_no_fault_of_the_sender() -> None:
    with (
        open_script(mail="552 too large") as script,
        Post(of(script)) as post,
        pytest.raises(RecipientRefused) as refused,
    ):
        post.send(letter(), TO)
    assert refused.value.permanent


def test_a_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        port = mute.getsockname()[1]
        said = failure(MailServer(host="127.0.0.1", port=port, security="none", timeout=0.2))
    assert said == "no answer within 0.2 s; check [mail] host and port, and the network"
