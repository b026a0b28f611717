"""Mail as a real server gets it, and what is made of every way in which a server fails."""

import re
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from schedule_app.channels import email
from schedule_app.channels.port import ChannelError, clipped, one_line
from schedule_app.domain.notices import Wording
from tests.support.app import free_port
from tests.support.mail_server import CLOSE, HANG, mail_server, rude_server
from tests.unit.channels.channel_messages import KEY, message, settings

BOB = ("bob@example.com", "Bob Worker")
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "List-Id",
    "List-Unsubscribe",
    "MIME-Version",
    "Content-Type",
]


async def test_a_mail_says_it_twice_and_leads_to_one_page():
    async with mail_server() as server:
        await email.send(settings(smtp_url=server.url), message(), *BOB)

    [got] = server.received
    mail = got.mail
    assert (got.sender, got.recipients) == ("shifts@example.com", ["bob@example.com"])
    assert (mail["From"], mail["To"]) == ("Shifts <shifts@example.com>", "Bob Worker <bob@example.com>")
    assert mail["Subject"] == "You have a new shift"
    assert mail["Message-ID"] == f"<{KEY.hex}@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<shifts.example.com>"
    assert mail["List-Unsubscribe"] == "<https://shifts.example.com/account/notifications>"
    text, html = _bodies(mail)
    for body in (text, html):
        assert "Mon 30 Nov, 06:00–14:00" in body
        assert set(re.findall(r"https?://[^\s\"<>]+", body)) == {
            "https://shifts.example.com/me",
            "https://shifts.example.com/account/notifications",
        }
    # Nothing is fetched from anywhere when the mail is opened.
    assert not re.search(r"src=|url\(|@import|<link|<img", html)


async def test_several_things_are_one_mail():
    items = (Wording("You have a new shift", "Monday."), Wording("A shift is no longer yours", "Tuesday."))
    async with mail_server() as server:
        await email.send(settings(smtp_url=server.url), message(subject="2 of your shifts changed", items=items), *BOB)

    [got] = server.received
    assert got.mail["Subject"] == "2 of your shifts changed"
    for body in _bodies(got.mail):
        assert all(words in body for item in items for words in (item.title, item.body))


async def test_what_was_typed_is_no_markup():
    hostile = "<img src=https://evil.example/x onerror=alert(1)>&amp;"
    mail = email.compose(settings(), message(subject=hostile, items=(Wording(hostile, hostile),)), *BOB)

    text, html = _bodies(_read(mail.content))
    assert hostile in text
    assert "<img" not in html
    assert html.count("&lt;img src=https://evil.example/x onerror=alert(1)&gt;&amp;amp;") == 3


async def test_the_server_is_told_name_and_password():
    async with mail_server() as server:
        url = server.url.replace("smtp://", "smtp://b%40b:p%3Ass@")
        await email.send(settings(smtp_url=url), message(), *BOB)

    assert server.logins == [(b"b@b", b"p:ss")]
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("command", "answer", "is_worth_repeating"),
    [
        ("EHLO HELO", "554 not you", True),
        ("MAIL", "451 later", True),
        ("MAIL", "550 not from you", True),
        ("RCPT", "450 greylisted", True),
        ("RCPT", "550 5.1.1 no such user\n", False),
        ("DATA", "452 disk full", True),
        ("DATA", "554 spam", False),
        ("AUTH", "no", True),
        *[(command, CLOSE, True) for command in ("EHLO", "MAIL", "RCPT", "DATA")],
        *[(command, HANG, True) for command in ("EHLO", "MAIL", "RCPT", "DATA")],
    ],
)
async def test_a_server_that_fails(
    monkeypatch: pytest.MonkeyPatch, command: str, answer: str, is_worth_repeating: bool
):
    monkeypatch.setattr(email, "_ANSWER_SECONDS", 0.3)
    async with mail_server() as server:
        server.answers |= dict.fromkeys(command.split(), answer)
        url = server.url.replace("smtp://", "smtp://bob:secret@") if command == "AUTH" else server.url
        with pytest.raises(ChannelError) as refused:
            await email.send(settings(smtp_url=url), message(), *BOB)

    assert refused.value.is_worth_repeating is is_worth_repeating
    assert not refused.value.is_gone
    assert "\n" not in refused.value.reason
    assert "secret" not in refused.value.reason
    assert answer in (CLOSE, HANG, "no") or answer.strip() in refused.value.reason
    assert server.received == []


@pytest.mark.parametrize("answer", [CLOSE, HANG, "500 what?"])
async def test_a_server_that_has_taken_the_mail_has_taken_it(monkeypatch: pytest.MonkeyPatch, answer: str):
    monkeypatch.setattr(email, "_GOODBYE_SECONDS", 0.2)
    async with mail_server() as server:
        server.answers["QUIT"] = answer
        await email.send(settings(smtp_url=server.url), message(), *BOB)

    assert len(server.received) == 1


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"421 busy\r\n", b"hello?\r\n", b"\x00\xff\r\n", b""])
async def test_a_server_that_does_not_greet(monkeypatch: pytest.MonkeyPatch, greeting: bytes):
    monkeypatch.setattr(email, "_ANSWER_SECONDS", 0.3)
    async with rude_server(greeting) as url:
        with pytest.raises(ChannelError) as refused:
            await email.send(settings(smtp_url=url), message(), *BOB)
    assert refused.value.is_worth_repeating


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
async def test_no_server(host: str):
    with pytest.raises(ChannelError) as refused:
        await email.send(settings(smtp_url=f"smtp://{host}:{free_port()}"), message(), *BOB)
    assert refused.value.is_worth_repeating


async def test_a_password_is_not_told_in_the_open(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(email, "is_loopback", lambda _host: False)
    async with mail_server() as server:
        url = server.url.replace("smtp://", "smtp://bob:secret@")
        with pytest.raises(ChannelError):
            await email.send(settings(smtp_url=url), message(), *BOB)

    assert server.logins == []


@pytest.mark.parametrize(
    "address",
    [
        "bob",
        "@example.com",
        "bob@",
        "bob@exa mple.com",
        "bob@example.com\r\nRCPT TO:<eve@example.com>",
        "bob@example.com>\r\nDATA",
        "bob@example.com, eve@example.com",
        "<bob@example.com>, <eve@example.com>",
        "bøb@example.com",
        "bob@-.example..com",
        "bob@" + "a" * 64 + ".com",
        "b" * 65 + "@example.com",
        "bob@" + "a." * 125 + "com",
    ],
)
def test_bad_addresses_are_told_and_not_tried(address: str):
    with pytest.raises(ChannelError) as refused:
        email.compose(settings(), message(), address, "Bob")
    assert not refused.value.is_worth_repeating
    assert "\n" not in refused.value.reason


def test_an_address_may_have_letters_of_any_kind_after_the_at():
    mail = email.compose(settings(), message(), "bob@bücher.example", "Bob")

    assert mail.recipient == "bob@xn--bcher-kva.example"
    assert b"bob@xn--bcher-kva.example" in mail.content


async def test_without_a_server_mails_are_files(tmp_path: Path):
    await email.send(settings(tmp_path, mail_from=""), message(), "b/../ob@example.com", "Bob")

    [file] = (tmp_path / "outbox").iterdir()
    assert file.suffix == ".eml"
    assert KEY.hex in file.name
    assert _read(file.read_bytes())["To"] == "Bob <b/../ob@example.com>"


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(ChannelError) as refused:
        await email.send(settings(tmp_path), message(), *BOB)
    assert refused.value.is_worth_repeating


TYPED = st.text(st.characters(codec="utf-8"), max_size=160) | st.sampled_from(
    [
        "Bob\r\nBcc: eve@example.com",
        "Bob\n\n<script>alert(1)</script>",
        'Bob" <eve@example.com>, "',
        "Ünï, <eve@example.com>",
        "=?utf-8?q?=0ABcc=3A_eve=40example=2Ecom?=",
        "é" * 100 + "\u2028Bcc: eve@example.com",
        "a" * 300,
        "\x85\x0b\x0c\x1c\x1d\x1e",
        "(comment) group: eve@example.com;",
        "٣\u202e\u2066\u200f",
    ]
)


@hypothesis_settings(deadline=None, max_examples=60)
@given(name=TYPED, subject=TYPED, title=TYPED, body=TYPED)
def test_whatever_is_typed_headers_stay_what_they_are(name: str, subject: str, title: str, body: str):
    mail = email.compose(settings(), message(subject=subject, items=(Wording(title, body),)), BOB[0], name)

    head, _, _ = mail.content.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert head.isascii()
    assert [line.split(b":")[0].decode() for line in lines if not line.startswith(b" ")] == HEADERS
    assert all(len(line) <= 998 for line in lines)
    read = _read(mail.content)
    assert _dense(read["Subject"]) == _dense(clipped(one_line(subject), 150))
    [to] = cast("tuple[Address, ...]", read["To"].addresses)
    assert (to.addr_spec, _dense(to.display_name)) == (BOB[0], _dense(clipped(one_line(name), 100)))
    assert read.get_content_type() == "multipart/alternative"
    text, html = _bodies(read)
    assert "https://shifts.example.com/me" in text
    assert html.count("<script") == 0


def _dense(text: str) -> str:
    """What is left without spaces, of which Python's own reader puts some where encoded words meet."""
    return "".join(text.split())


def _read(content: bytes) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(content, policy=default))


def _bodies(mail: EmailMessage) -> list[str]:
    return [cast("EmailMessage", part).get_content() for part in mail.iter_parts()]
