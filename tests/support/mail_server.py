"""A real SMTP server in this process, which can also be told to misbehave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

#: In place of an answer.
CLOSE, HANG = "close", "hang"


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that was accepted."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        """The mail, read."""
        return cast("EmailMessage", message_from_bytes(self.content, policy=default))


@dataclass
class MailServer:
    """Takes mails, unless `answers` has another answer to a command: a line, CLOSE or HANG.

    Attributes:
        logins: What was told as name and password.
        is_hanging: Set once somebody waits for an answer that does not come.
    """

    url: str = ""
    received: list[Received] = field(default_factory=list[Received])
    logins: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    answers: dict[str, str] = field(default_factory=dict[str, str])
    is_hanging: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        answer = await self._answer("EHLO", server)
        return [answer] if answer else responses

    async def handle_HELO(self, server: SMTP, session: Session, _envelope: Envelope, hostname: str) -> str:
        session.host_name = hostname
        return await self._answer("HELO", server) or "250 mail.test"

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._answer("MAIL", server) or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._answer("RCPT", server)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = await self._answer("DATA", server)
        if not answer:
            content = cast("bytes", envelope.content)
            self.received.append(Received(envelope.mail_from or "", [*map(str, envelope.rcpt_tos)], content))
        return answer or "250 OK"

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:
        return await self._answer("QUIT", server) or "221 Bye"

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, told: Any) -> AuthResult:
        assert isinstance(told, LoginPassword)
        self.logins.append((told.login, told.password))
        return AuthResult(success=self.answers.get("AUTH") is None)

    async def _answer(self, command: str, server: SMTP) -> str:
        answer = self.answers.get(command, "")
        if answer == CLOSE and server.transport is not None:
            cast("asyncio.Transport", server.transport).abort()
        elif answer == HANG:
            self.is_hanging.set()
            await asyncio.Event().wait()
        return answer


@asynccontextmanager
async def mail_server(**options: Any) -> AsyncIterator[MailServer]:
    """Listen while the block runs."""
    mail = MailServer()
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        return SMTP(
            mail, loop=loop, hostname="mail.test", authenticator=mail.authenticate, auth_require_tls=False, **options
        )

    server = await loop.create_server(protocol, "127.0.0.1", 0)
    mail.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield mail
    finally:
        server.close()


@asynccontextmanager
async def rude_server(greeting: bytes) -> AsyncIterator[str]:
    """A server that says one thing and hangs up, or says nothing at all; its address."""
    waiting = asyncio.Event()

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        if not greeting:
            await waiting.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        waiting.set()
        server.close()
