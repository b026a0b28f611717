"""The key by which push services know this installation (RFC 8292).

It follows from the installation's secret, so every process that has the one has the other: the pages hand out the
public half, the workers sign with the private one, and there is nothing more to keep or to copy.
"""

import base64
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# The number of points on P-256.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def signing_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """The private half, of the installation's secret."""
    # 16 bytes more than the key has, so that the remainder favours no number.
    seed = HKDF(hashes.SHA256(), length=48, salt=None, info=b"web push").derive(secret)
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key(secret: bytes) -> str:
    """The public half, as browsers want it."""
    point = signing_key(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
