"""Commands parse, and the configuration of Streamlit holds only keys it knows, the protecting ones set."""

import os
import subprocess
import tomllib
from collections.abc import Iterator

import pytest
from streamlit import config as streamlit_config

from tests.architecture.source import ROOT

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def keys(section: dict, prefix: str = "") -> Iterator[str]:
    for name, value in section.items():
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize(
    "target", ["run", "test", "test-real", "test-long", "bench", "lint", "lock", "demo", "clean"]
)
def test_every_command_parses(target):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    result = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.stderr == ""
    assert result.returncode == 0


def test_the_port_can_be_chosen():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    commands = subprocess.run(
        ["make", "--dry-run", "run"],
        cwd=ROOT,
        env=environment | {"PORT": "9123"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert '--server.port "9123"' in commands.stdout


def test_continuous_integration_is_a_script_anyone_can_run():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_streamlit_knows_every_configured_key():
    assert set(keys(CONFIG)) - set(streamlit_config.get_config_options()) == set()


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("client", "showErrorDetails", "none"),
        ("client", "toolbarMode", "minimal"),
        ("client", "disableDataExport", True),
        ("server", "enableXsrfProtection", True),
        ("browser", "gatherUsageStats", False),
        ("logger", "hideWelcomeMessage", True),
    ],
)
def test_a_protecting_setting_keeps_its_value(section, key, value):
    assert CONFIG[section][key] == value


@pytest.mark.parametrize("key", ["enableAgentApi", "enableStaticServing", "enableCORS"])
def test_no_door_of_the_server_is_opened(key):
    assert key not in CONFIG["server"]
