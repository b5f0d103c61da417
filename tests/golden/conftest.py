"""Results computed with R (versions in `_meta` of each file) and the data they were computed from."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

Golden = Callable[[str], dict[str, Any]]
Data = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def golden(shared_data: Path) -> Golden:
    """Reads `golden/<name>.json`."""

    def read(name: str) -> dict[str, Any]:
        path = shared_data / "golden" / f"{name}.json"
        expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return expected

    return read


@pytest.fixture(scope="session")
def data(shared_data: Path) -> Data:
    """Reads `data/<path>` as a frame."""

    def read(path: str, **options: Any) -> pd.DataFrame:
        return pd.read_csv(shared_data / "data" / path, **options)

    return read
