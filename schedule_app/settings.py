"""Settings: read from the environment only, typed, and explained one line per mistake.

What a setting means to its part of the program is documented beside that part.
"""

import ipaddress
import re
import secrets
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

Port = Annotated[int, Field(ge=1, le=65535)]

_USUAL_PORTS = {"http": 80, "https": 443}
_EVERY_INTERFACE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on
_MAIL_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")

#: The SMS_URL that has messages written to the data folder.
SMS_TO_FILE: Final = "file"


class SettingsError(Exception):
    """The environment cannot be used as it is.

    Attributes:
        lines: One readable sentence per mistake; never holds a secret value.
    """

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """Everything that differs between two installations. Names are the environment variables, in lower case."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    app_env: Literal["production", "development"] = "production"
    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: Port = 8000
    public_url: str = ""
    workers: Annotated[int, Field(ge=0, le=16)] = 1

    database_url: SecretStr | None = None
    db_pool_size: Annotated[int, Field(ge=1, le=500)] = 20
    db_max_overflow: Annotated[int, Field(ge=0, le=500)] = 30
    db_pool_recycle: Annotated[int, Field(ge=1)] = 300
    db_pool_pre_ping: bool = True

    secret_key: SecretStr | None = None
    secret_key_file: Path | None = None
    session_idle_minutes: Annotated[int, Field(ge=1, le=60 * 24 * 365)] = 480
    session_absolute_days: Annotated[int, Field(ge=1, le=365)] = 14

    trusted_proxy: bool = False
    metrics_token: SecretStr | None = None

    smtp_url: SecretStr | None = None
    mail_from: Annotated[str, Field(validate_default=True)] = ""
    vapid_contact: str = ""
    sms_url: str = ""
    sms_token: SecretStr | None = None
    sms_from: str = ""

    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("data_dir")
    @classmethod
    def _absolute_data_dir(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _postgresql_only(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        try:
            url = make_url(value.get_secret_value())
            (url.host or "").encode("idna")
        except (ArgumentError, ValueError):
            raise ValueError("is not a database address like postgresql://user:password@host:5432/name") from None
        if url.drivername not in {"postgres", "postgresql", "postgresql+psycopg"}:
            raise ValueError("must start with postgresql://, because only PostgreSQL is supported")
        if not url.database:
            raise ValueError("names no database, as in postgresql://user:password@host:5432/name")
        return SecretStr(url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False))

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in _USUAL_PORTS or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an address like https://shifts.example.com")
        return _origin(parts.scheme, parts.hostname, parts.port) + parts.path.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 16:
            raise ValueError("must have at least 16 characters")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        example = "smtp://user:password@mail.example.com:587"
        if value is None:
            return None
        try:
            parts = urlsplit(value.get_secret_value())
            host, _ = (parts.hostname or "").encode("idna"), parts.port
        except ValueError:
            # What it says of a bad port would tell a part of the password.
            raise ValueError(f"is not the address of a mail server like {example}") from None
        if parts.scheme not in {"smtp", "smtps"}:
            raise ValueError("must start with smtp:// or smtps://")
        if not host or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(f"is not the address of a mail server like {example}")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            if info.data.get("smtp_url") is not None:
                raise ValueError("is needed with SMTP_URL: the address that mails come from")
            return value
        if not value.isprintable() or not _MAIL_ADDRESS.fullmatch(parseaddr(value)[1]):
            raise ValueError("must be like shifts@example.com or Shifts <shifts@example.com>")
        return value

    @field_validator("vapid_contact")
    @classmethod
    def _contact(cls, value: str) -> str:
        is_page = value.startswith("https://") and urlsplit(value).hostname and value.isprintable()
        if value and not is_page and not _MAIL_ADDRESS.fullmatch(value.removeprefix("mailto:")):
            raise ValueError("must be an address like admin@example.com or https://example.com")
        return value if not value or is_page else f"mailto:{value.removeprefix('mailto:')}"

    @field_validator("sms_url")
    @classmethod
    def _sms_provider(cls, value: str) -> str:
        parts = urlsplit(value)
        if value not in ("", SMS_TO_FILE) and (parts.scheme not in _USUAL_PORTS or not parts.hostname):
            raise ValueError('must be an address like https://sms.example.com/messages, or "file"')
        return value

    def model_post_init(self, _context: object, /) -> None:
        """Fill in the public address, which follows from host and port unless it is given."""
        if not self.public_url:
            host = "localhost" if self.host in _EVERY_INTERFACE or is_loopback(self.host) else self.host
            object.__setattr__(self, "public_url", _origin("http", host, self.port))

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Web origins whose pages may open a socket; never "*"."""
        parts = urlsplit(self.public_url)
        origins = [f"{parts.scheme}://{parts.netloc}"]
        if self.app_env == "development" or is_loopback(self.host):
            origins += [_origin("http", host, self.port) for host in ("localhost", "127.0.0.1")]
        return tuple(dict.fromkeys(origins))

    @property
    def push_contact(self) -> str:
        """Whom push services may ask about messages from here: VAPID_CONTACT, or else whoever mails come from."""
        return self.vapid_contact or (f"mailto:{parseaddr(self.mail_from)[1]}" if self.mail_from else "")

    @property
    def has_embedded_database(self) -> bool:
        """Whether PostgreSQL is the one that lives in the data folder."""
        return self.database_url is None


def _origin(scheme: str, host: str, port: int | None) -> str:
    """An origin as browsers write it: in lower case, and without the port that goes without saying."""
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host.lower()}" + ("" if port in (None, _USUAL_PORTS[scheme]) else f":{port}")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: With one line per variable that has a bad value.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError([_line(detail) for detail in error.errors(include_input=False)]) from None


def _line(detail: ErrorDetails) -> str:
    name, message = str(detail["loc"][0]).upper(), detail["msg"]
    if detail["type"] == "value_error":
        return f"{name} {message.removeprefix('Value error, ')}."
    return f"{name}: {message[:1].lower()}{message[1:]}."


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SettingsError: As `load_settings`.
    """
    return load_settings()


def secret_key(settings: Settings) -> bytes:
    """The installation's secret, from SECRET_KEY, SECRET_KEY_FILE or the data folder, where it is made when missing.

    Raises:
        SettingsError: When the file cannot be read or written, or is too short.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.secret_key_file or settings.data_dir / "secret_key"
    try:
        if settings.secret_key_file is None and not path.exists():
            _create_secret(path)
        value = path.read_bytes().strip()
    except OSError as error:
        raise SettingsError([f"The secret key file {path} cannot be used: {error.strerror}."]) from error
    if len(value) < 16:
        raise SettingsError([f"The secret key file {path} must hold at least 16 characters."])
    return value


def _create_secret(path: Path) -> None:
    """Write a new secret; when two processes do so at once, the first one wins and neither sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        draft.write_text(secrets.token_urlsafe(48))
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
