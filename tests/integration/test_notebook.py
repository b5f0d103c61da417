"""The notebook of the documentation: its cells run in order on a sample study and keep no output."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.store.snapshot import Snapshot

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"
STUDY = "pulmonary-oligomets"
# Each cell by itself, so that an error names it; its last expression is shown as a notebook does.
RUN = """
import ast, json, sys
names = {}
for cell in json.load(sys.stdin):
    tree = ast.parse(cell["source"])
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, cell["id"], "exec"), names)
    if last is not None:
        shown = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
        if shown is not None:
            print(cell["id"], shown._repr_svg_() if hasattr(shown, "_repr_svg_") else shown)
"""


@pytest.fixture(scope="module")
def cells() -> list[dict[str, object]]:
    found = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in found]


def test_the_cells_run_in_order_on_a_sample_study(
    cells: list[dict[str, object]], sample_snapshot: Callable[[str], Snapshot], tmp_path: Path
) -> None:
    store = sample_snapshot(STUDY).path.parents[1]
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps([cell for cell in cells if cell["cell_type"] == "code"]),
        cwd=tmp_path,
        env=os.environ | {"DASHBOARD_STORE": str(store)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "survival_forest, " in done.stdout
    assert "drawing <svg " in done.stdout
    assert re.search(r"^\S+\.csv, row \d+$", done.stdout, re.MULTILINE)
    assert "OLI-001" in done.stdout.partition("\nrecord ")[2]
    first = (tmp_path / "survival.csv").read_text(encoding="utf-8").splitlines()[0]
    title = "Pulmonary oligometastases: local therapy, delayed systemic therapy"
    assert first.startswith(f"# {title} · data cut 28 Feb 2026")


def test_the_notebook_keeps_no_output(cells: list[dict[str, object]]) -> None:
    kept = [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
    assert cells
    assert kept == []
