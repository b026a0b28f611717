"""A push service in this process: real TLS, signatures checked, and a browser's side to decrypt what it was given."""

import base64
import datetime
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import http_ece
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from py_vapid import Vapid02

from schedule_app.channels.devices import Device

HOST = "push.example.com"


@dataclass(frozen=True)
class Browser:
    """One device of somebody, as the push service knows it and with the key that only the browser has."""

    name: str = "one"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"0123456789abcdef"

    @property
    def device(self) -> Device:
        """What the browser tells the application."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Device(f"https://{HOST}/send/{self.name}", _base64(point), _base64(self.secret))

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt what the push service passed on."""
        clear = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        return json.loads(clear)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was taken for a device. `claims` have been signed with `key`."""

    device: str
    headers: dict[str, str]
    claims: dict[str, Any]
    key: str
    body: bytes


@dataclass
class PushService:
    """Takes messages for devices, unless `answers` has another status for one; then also what else it says.

    Attributes:
        port: Where it listens, at this machine.
        trusted: For TLS with it.
        asked: Every request, by the name of its device, taken or not.
    """

    port: int = 0
    trusted: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    answers: dict[str, web.Response] = field(default_factory=dict[str, web.Response])
    asked: list[str] = field(default_factory=list[str])
    taken: list[Pushed] = field(default_factory=list[Pushed])

    def connections(self) -> aiohttp.TCPConnector:
        """Connections to this service, whatever the name."""
        return aiohttp.TCPConnector(resolver=_Here(self.port), ssl=self.trusted, force_close=True)

    async def serve(self, request: web.Request) -> web.Response:
        """Take a message."""
        device, told = request.match_info["device"], request.headers["Authorization"]
        self.asked.append(device)
        body = await request.read()
        if device in self.answers:
            return self.answers[device]
        if not Vapid02.verify(told) or len(body) > 4096:
            return web.Response(status=403)
        signed = dict(part.split("=", 1) for part in told.removeprefix("vapid ").split(","))
        claims = signed["t"].split(".")[1]
        read = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        self.taken.append(Pushed(device, dict(request.headers), read, signed["k"], body))
        return web.Response(status=201)


class _Here(AbstractResolver):
    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=2, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def push_service(folder: Path) -> AsyncIterator[PushService]:
    """Listen while the block runs."""
    service = PushService()
    serving = _certified(folder, service.trusted)
    app = web.Application()
    app.router.add_post("/send/{device}", service.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=serving)
    await site.start()
    [(_, service.port)] = runner.addresses
    try:
        yield service
    finally:
        await runner.cleanup()


def _certified(folder: Path, trusting: ssl.SSLContext) -> ssl.SSLContext:
    """A certificate for the service's name, which `trusting` is made to believe."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "push.crt", folder / "push.key"
    public.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    trusting.load_verify_locations(public)
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(public, private)
    return serving


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
