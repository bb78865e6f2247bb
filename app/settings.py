"""Every knob, from the environment (prefix `MTQG_`)."""

from __future__ import annotations

import base64
import binascii
import secrets
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent

KEY_BYTES = 32


def _split(keys: SecretStr) -> tuple[str, ...]:
    return tuple(key for part in keys.get_secret_value().split(",") if (key := part.strip()))


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="MTQG_",
        extra="ignore",
        hide_input_in_errors=True,  # a key that was mistyped is still a secret
    )

    database_url: str = Field(
        default=f"sqlite:///{ROOT / 'var' / 'so-mtqg.db'}",
        description="SQLAlchemy URL: sqlite:///… or postgresql+psycopg://…",
    )
    data_dir: Path = Field(default=ROOT / "var" / "files", description="Where documents' files stand.")
    secret_key: SecretStr = Field(
        default_factory=lambda: SecretStr(secrets.token_urlsafe(32)),
        description="Signs what is signed (cursors, log-in forms). Unset: a new one at every start.",
    )
    personal_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Fernet keys, separated by commas, that seal what identifies a person: the first seals, all open.",
    )
    threads: int | None = Field(default=None, ge=1, description="Worker threads; unset: by engine.")
    pool_size: int = Field(default=20, ge=1, description="PostgreSQL connections kept.")
    secure_cookies: bool = Field(default=False, description="Set when served over HTTPS.")
    hsts: bool = False
    drain_seconds: float = Field(
        default=1, ge=0, description="After a stop signal, how long /readyz says 503 before the door closes."
    )
    metrics: bool = Field(default=False, description="Serve GET /metrics.")
    max_body_bytes: int = Field(default=1_048_576, ge=1024)
    max_file_bytes: int = Field(default=26_214_400, ge=1024, description="Largest file of a document.")
    session_idle_minutes: int = Field(default=12 * 60, ge=5)
    session_days: int = Field(default=14, ge=1)
    token_seconds: int = Field(default=3600, ge=60)
    login_attempts: int = Field(default=5, ge=1, description="Wrong passwords before an account is locked.")
    lockout_minutes: int = Field(default=15, ge=1)
    login_per_minute: int = Field(default=30, ge=1, description="Log-in and token attempts per address.")
    log_level: str = "INFO"
    log_json: bool = True
    public_url: str = Field(default="http://127.0.0.1:8000", description="For links printed or sent.")

    remind_days: str = Field(
        default="7,1",
        pattern=r"^[0-9]{1,3}(,[0-9]{1,3})*$",
        description="How many days before a directive is due those who have to do it are reminded.",
    )
    escalate_unit_days: int = Field(
        default=1, ge=1, description="How many days after it was due the leaders of their unit are told."
    )
    escalate_giver_days: int = Field(
        default=7, ge=1, description="How many days after it was due those who gave it are told."
    )
    smtp_host: str = Field(default="", description="Server that takes e-mail; unset: none is sent.")
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_starttls: bool = Field(default=True, description="Unset only for a server on this machine.")
    smtp_sender: str = Field(default="so-mtqg@localhost", description="Address from which e-mail comes.")

    @field_validator("personal_keys")
    @classmethod
    def _whole_keys(cls, value: SecretStr) -> SecretStr:
        for number, key in enumerate(_split(value), start=1):
            try:
                sound = len(base64.b64decode(key, altchars=b"-_", validate=True)) == KEY_BYTES
            except (binascii.Error, ValueError):
                sound = False
            if not sound:
                raise ValueError(f"key {number} is no Fernet key: {KEY_BYTES} bytes in URL-safe base64")
        return value

    @property
    def sealing_keys(self) -> tuple[str, ...]:
        """The keys of `personal_keys`, the one that seals first."""
        return _split(self.personal_keys)

    @property
    def reminded_before(self) -> tuple[int, ...]:
        """Days of `remind_days`, the nearest first."""
        return tuple(sorted({int(day) for day in self.remind_days.split(",")}))

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite, in this very process."""
        return self.database_url.startswith("sqlite")


@lru_cache(maxsize=1)
def settings() -> Settings:
    return Settings()
