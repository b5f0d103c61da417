"""Settings of one installation, read from DASHBOARD_* variables; nothing else reads the environment."""

import os
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Where things lie and how long a session may live. Paths are relative to the working folder."""

    model_config = SettingsConfigDict(env_prefix="DASHBOARD_", frozen=True, extra="ignore")

    store: Path = Path("var/store")
    workflow_url: str = "sqlite:///var/workflow.sqlite"
    studies: Path = Path("data/studies")
    reference: Path = CHECKOUT / "data" / "reference"
    engine: str = "duckdb"
    session_hours: float = Field(default=8, gt=0, le=8, description="longest life of a session")
    idle_minutes: float = Field(default=30, gt=0, le=480, description="a session unused this long ends")
    address_header: str = Field(
        default="",
        description="header in which a trusted proxy passes the visitor's address; empty = none trusted",
    )

    @property
    def session_life(self) -> timedelta:
        """Longest life of a session."""
        return timedelta(hours=self.session_hours)

    @property
    def idle_limit(self) -> timedelta:
        """How long a session may stay unused."""
        return timedelta(minutes=self.idle_minutes)


def load_settings() -> Settings:
    """The settings as the environment states them now; read anew when a DASHBOARD_* variable changes."""
    stated = tuple(sorted(item for item in os.environ.items() if item[0].startswith("DASHBOARD_")))
    return _settings(stated)


@lru_cache(maxsize=8)
def _settings(_stated: tuple[tuple[str, str], ...]) -> Settings:
    return Settings()
