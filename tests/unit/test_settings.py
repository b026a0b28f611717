"""Settings: what follows from what, and one clear line for each mistake."""

import stat
from pathlib import Path

import pytest

from schedule_app.settings import Settings, SettingsError, load_settings, secret_key


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_nothing_needs_to_be_set():
    settings = load_settings()

    assert settings.has_embedded_database
    assert settings.data_dir == Path.cwd() / "data"
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert (settings.db_pool_size, settings.db_max_overflow, settings.db_pool_recycle) == (20, 30, 300)
    assert settings.db_pool_pre_ping


def test_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch):
    assert load(monkeypatch, PORT="", DATABASE_URL="").port == 8000


@pytest.mark.parametrize(
    ("variables", "origins"),
    [
        ({}, ("http://localhost:8000", "http://127.0.0.1:8000")),
        # Browsers leave out the port that goes without saying.
        ({"PORT": "80", "HOST": "::1"}, ("http://localhost", "http://127.0.0.1")),
        ({"HOST": "0.0.0.0", "PUBLIC_URL": "HTTPS://Shifts.Example.com:443"}, ("https://shifts.example.com",)),
        ({"HOST": "::", "PUBLIC_URL": "http://[FD00::5]:80/"}, ("http://[fd00::5]",)),
        ({"HOST": "0.0.0.0", "PUBLIC_URL": "http://192.168.1.5:8000/"}, ("http://192.168.1.5:8000",)),
        ({"HOST": "0.0.0.0", "PUBLIC_URL": "https://shifts.example.com/app"}, ("https://shifts.example.com",)),
        ({"HOST": "0.0.0.0"}, ("http://localhost:8000",)),
        ({"HOST": "::"}, ("http://localhost:8000",)),
        ({"HOST": "shifts.internal"}, ("http://shifts.internal:8000",)),
        ({"HOST": "192.168.1.5"}, ("http://192.168.1.5:8000",)),
        ({"HOST": "fd00::5"}, ("http://[fd00::5]:8000",)),
        (
            {"HOST": "0.0.0.0", "PUBLIC_URL": "https://x.example", "APP_ENV": "development"},
            ("https://x.example", "http://localhost:8000", "http://127.0.0.1:8000"),
        ),
        (
            {"HOST": "localhost", "PUBLIC_URL": "https://x.example"},
            ("https://x.example", "http://localhost:8000", "http://127.0.0.1:8000"),
        ),
    ],
)
def test_origins_follow_from_the_address(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], origins: tuple[str, ...]
):
    assert load(monkeypatch, **variables).allowed_origins == origins


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_database_url_gets_the_one_driver(monkeypatch: pytest.MonkeyPatch, scheme: str):
    settings = load(monkeypatch, DATABASE_URL=f"{scheme}://bob:p%40ss@db:5432/shifts")

    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql+psycopg://bob:p%40ss@db:5432/shifts"
    assert not settings.has_embedded_database


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("PORT", "0", "PORT: input should be greater than or equal to 1."),
        ("PORT", "99999", "PORT: input should be less than or equal to 65535."),
        ("PORT", "http", "PORT: input should be a valid integer, unable to parse string as an integer."),
        ("DATABASE_URL", "mysql://bob:pässword@db/x", "DATABASE_URL must start with postgresql://, because only"),
        ("DATABASE_URL", "not a pässword", "DATABASE_URL is not a database address like postgresql://"),
        ("DATABASE_URL", "postgresql://bob:pässword@db:port/x", "DATABASE_URL is not a database address like"),
        ("DATABASE_URL", "postgresql://bob:pässword@db..internal/x", "DATABASE_URL is not a database address like"),
        ("DATABASE_URL", "postgresql://bob:pässword@db", "DATABASE_URL names no database"),
        ("PUBLIC_URL", "shifts.example.com", "PUBLIC_URL must be an address like https://shifts.example.com."),
        ("PUBLIC_URL", "ftp://shifts.example.com", "PUBLIC_URL must be an address like https://shifts.example.com."),
        ("PUBLIC_URL", "http://localhost:99999", "PUBLIC_URL Port out of range"),
        ("PUBLIC_URL", "*", "PUBLIC_URL must be an address like https://shifts.example.com."),
        ("SECRET_KEY", "pässword", "SECRET_KEY must have at least 16 characters."),
        ("DB_POOL_SIZE", "0", "DB_POOL_SIZE: input should be greater than or equal to 1."),
        ("DB_POOL_PRE_PING", "maybe", "DB_POOL_PRE_PING: input should be a valid boolean"),
        ("APP_ENV", "staging", "APP_ENV: input should be 'production' or 'development'."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT: input should be 'console' or 'json'."),
        ("SMTP_URL", "mail.example.com", "SMTP_URL must start with smtp:// or smtps://."),
        ("SMTP_URL", "smtp://bob:pässword@:587", "SMTP_URL is not the address of a mail server like smtp://"),
        ("SMTP_URL", "smtp://bob@mail:pässword", "SMTP_URL is not the address of a mail server like smtp://"),
        ("SMTP_URL", "smtp://mail/pässword", "SMTP_URL is not the address of a mail server like smtp://"),
        ("SMTP_URL", "smtp://mail..example", "SMTP_URL is not the address of a mail server like smtp://"),
        ("MAIL_FROM", "shifts", "MAIL_FROM must be like shifts@example.com or Shifts <shifts@example.com>."),
        ("MAIL_FROM", "a@example.com\r\nBcc: b@example.com", "MAIL_FROM must be like shifts@example.com or"),
        ("VAPID_CONTACT", "me", "VAPID_CONTACT must be an address like admin@example.com or https://example.com."),
        ("VAPID_CONTACT", "http://example.com", "VAPID_CONTACT must be an address like admin@example.com or"),
        ("SMS_URL", "sms.example.com", "SMS_URL must be an address like https://sms.example.com/messages, or"),
        ("SMS_URL", "ftp://sms.example.com", "SMS_URL must be an address like https://sms.example.com/messages, or"),
        ("SESSION_IDLE_MINUTES", "-5", "SESSION_IDLE_MINUTES: input should be greater than or equal to 1."),
    ],
)
def test_bad_value_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, line: str):
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, **{"MAIL_FROM": "shifts@example.com", variable: value})

    [told] = refused.value.lines
    assert told.startswith(line)
    assert "\n" not in told
    assert "pässword" not in told


def test_mails_need_somebody_they_come_from(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(SettingsError, match=r"MAIL_FROM is needed with SMTP_URL"):
        load(monkeypatch, SMTP_URL="smtp://mail.example.com")


@pytest.mark.parametrize(
    ("variables", "contact"),
    [
        ({}, ""),
        ({"MAIL_FROM": "Shifts <shifts@example.com>"}, "mailto:shifts@example.com"),
        ({"MAIL_FROM": "shifts@example.com", "VAPID_CONTACT": "admin@example.com"}, "mailto:admin@example.com"),
        ({"VAPID_CONTACT": "https://example.com/contact"}, "https://example.com/contact"),
    ],
)
def test_push_services_are_told_whom_to_ask(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], contact: str):
    assert load(monkeypatch, **variables).push_contact == contact


def test_every_mistake_is_told(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, PORT="x", LOG_FORMAT="x")

    assert len(refused.value.lines) == 2


def test_printing_settings_shows_no_secret(monkeypatch: pytest.MonkeyPatch):
    settings = load(monkeypatch, SECRET_KEY="x" * 15 + "ß", DATABASE_URL="postgresql://bob:pässword@db/shifts")

    assert "ß" not in repr(settings)
    assert "pässword" not in repr(settings)


def test_secret_is_made_once_and_kept_to_the_owner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    settings = load(monkeypatch, DATA_DIR=str(tmp_path / "data"))

    secret = secret_key(settings)
    assert secret_key(settings) == secret
    assert len(secret) >= 43
    assert [entry.name for entry in (tmp_path / "data").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600


def test_given_secret_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    settings = load(monkeypatch, DATA_DIR=str(tmp_path), SECRET_KEY="0123456789abcdef")

    assert secret_key(settings) == b"0123456789abcdef"
    assert list(tmp_path.iterdir()) == []


def test_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "secret").write_text("from a mounted file\n")

    assert secret_key(load(monkeypatch, SECRET_KEY_FILE=str(tmp_path / "secret"))) == b"from a mounted file"


@pytest.mark.parametrize("content", [None, "short"])
def test_unusable_secret_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None):
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content)

    with pytest.raises(SettingsError, match=r"The secret key file .*secret"):
        secret_key(load(monkeypatch, SECRET_KEY_FILE=str(path)))
    assert path.exists() == (content is not None)
