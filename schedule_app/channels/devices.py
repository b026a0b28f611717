"""What a browser says when it may be told things by push (RFC 8030, RFC 8291), and which of it is believed."""

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

_LONGEST_ENDPOINT: Final = 1000
_NAME: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
# They are reached through public addresses but lead on to any.
_LEADING_ON: Final = tuple(ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16"))


@dataclass(frozen=True, slots=True)
class Device:
    """One browser of a person: where its push service takes messages, and the keys they are encrypted for."""

    endpoint: str
    p256dh: str
    auth: str


def fault_of(device: Device) -> str:
    """Say what is wrong with what a browser told; an empty string when nothing is."""
    try:
        parts = urlsplit(device.endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "This is not the address of a push service."
    is_plain = device.endpoint.isascii() and device.endpoint.isprintable() and "\\" not in device.endpoint
    is_plain = is_plain and " " not in device.endpoint and not parts.fragment and "@" not in parts.netloc
    if len(device.endpoint) > _LONGEST_ENDPOINT or parts.scheme != "https" or not is_plain:
        return "This is not the address of a push service."
    if port not in (None, 443) or not _NAME.fullmatch(host) or host.endswith((".localhost", ".local", ".internal")):
        return "Push services are public servers; this is another address."
    if not _is_point(device.p256dh) or len(_decoded(device.auth)) != 16:
        return "The keys of this browser cannot be read."
    return ""


def is_public(address: str) -> bool:
    """Whether an IP address is on the public network, and does not lead from there to one that is not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in network for network in _LEADING_ON):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _is_point(key: str) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(key))
    except ValueError:
        return False
    return True


def _decoded(key: str) -> bytes:
    """The bytes of base64url without padding; none where it is something else."""
    if not key.isascii() or len(key) > 200:
        return b""
    try:
        return base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return b""
