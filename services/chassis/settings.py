"""Configuration enters once, here, and loudly: a missing value stops the process at its start with its name.

Every value is an environment variable ``TODOKE_<NAME>``, or a line of the file that ``TODOKE_ENV_FILE`` names.
"""

import os
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

S = TypeVar("S", bound="Settings")
REPOSITORY = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """What every service needs to know."""

    model_config = SettingsConfigDict(env_prefix="TODOKE_", extra="ignore", frozen=True)
    service: ClassVar[str] = ""

    environment: Literal["local", "production"] = "local"
    state_dir: Path = REPOSITORY / "var"
    town_dir: Path = REPOSITORY / "infra" / "town"
    public_url: str = "http://127.0.0.1:8080"
    http_port: int = 0
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0  # 0: this process serves no metrics
    secret_key: SecretStr

    database_url: SecretStr
    database_owner_url: SecretStr | None = None

    amqp_host: str = "127.0.0.1"
    amqp_port: int = 5672
    amqp_vhost: str = "todoke"
    amqp_user: str
    amqp_password: SecretStr

    s3_bucket: str = "documents"
    s3_region: str = "us-east-1"
    s3_a_url: str
    s3_a_access_key: str
    s3_a_secret_key: SecretStr
    s3_b_url: str
    s3_b_access_key: str
    s3_b_secret_key: SecretStr

    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: SecretStr

    @property
    def amqp_uri(self) -> str:
        """Broker address with credentials: for the connection only, never for a log."""
        secret = self.amqp_password.get_secret_value()
        return f"amqp://{self.amqp_user}:{secret}@{self.amqp_host}:{self.amqp_port}/{self.amqp_vhost}"


def load(settings: type[S], **values: Any) -> S:
    """The settings of this process.  Raises pydantic.ValidationError, which names each missing or wrong variable."""
    values.setdefault("_env_file", os.environ.get("TODOKE_ENV_FILE"))
    return settings(**values)
