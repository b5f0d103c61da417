"""The application on the three sample studies as built, and every text a page of it can show."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.ui import state
from tests.demo_workflow import demo_workflow
from tests.pages.conftest import sign_in_for_test

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_STUDIES = ("k4care", "cdk46", "pulmonary-oligomets")
# Fields a reader never sees as words, and elements without any: style, and programs to be copied.
UNSHOWN = frozenset(
    {"id", "form_id", "url_path", "page_script_hash", "icon", "hash", "key", "language", "spec", "columns"}
)
UNREAD = frozenset({"html", "code"})
TABLES = frozenset({"arrow_data_frame", "arrow_table", "dataframe", "table"})
# Of a drawing: names of columns and settings, which are no words.
UNDRAWN = frozenset({"key", "field", "expr", "labelExpr", "$schema", "config", "usermeta"})
# Values that were not turned into words.
LEFTOVERS = re.compile(r"\b(nan|NaN|inf|NaT|None|null|undefined)\b|<NA>")
# Left column of the table of words (clinical-decisions A15) and words of an earlier time (A3). The id of a
# data cut stands in a footer, as "snapshot 2026-02-28-0123abcd".
UNWANTED = re.compile(
    r"\b(findings?|snapshots?(?! `?\d{4}-)|excused|untestable|testable|emergent|re-emergent|immortal|bins|"
    r"milestones?|marts?|quarantined?|rejected|ghost|burden|MR50|MR90|clinical cut-off|cut-point|"
    r"never positive|lost variant|persistent variant|tested-versus-untested)\b",
    re.IGNORECASE,
)
# Results of blood for ctDNA are detected or not detected (A41); receptors and viruses are what they are.
OF_CTDNA = re.compile(
    r"\b(?:ctDNA|sample|draw|plasma|blood)\b[^.;·|]{0,25}\b(?:negative|positive)\b|"
    r"\b(?:negative|positive) (?:ctDNA|sample|draw|plasma)",
    re.IGNORECASE,
)


def sample_workflow(url: str) -> Engine:
    """A workflow database with the demonstration users, who are granted the sample studies."""
    return demo_workflow(url, SAMPLE_STUDIES)


def sample_app(engine: Engine, username: str, *, study_id: str) -> AppTest:
    """The start page as this user sees it, with the study chosen."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.session_state["session_token"] = sign_in_for_test(engine, username)
    app.session_state[state.STUDY] = study_id
    return app.run()


def unwanted(texts: Iterable[str]) -> set[tuple[str, str]]:
    """Word and text of every leftover and every word that a reader would misread."""
    patterns = (LEFTOVERS, UNWANTED, OF_CTDNA)
    return {(found.group(), text[:300]) for text in texts for one in patterns for found in one.finditer(text)}


def all_texts(app: AppTest) -> Iterator[str]:
    """Every text sent to the browser: titles, labels, help, options, tables, words of drawings."""
    for block in (app.main, app.sidebar):
        yield from _of_block(block)


def drawn_texts(part: Any) -> Iterator[str]:
    """Every text of a Vega-Lite specification, tooltips included."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, value in part.items():
            if name not in UNDRAWN:
                yield from drawn_texts(value)
    elif isinstance(part, list):
        for one in part:
            yield from drawn_texts(one)


def _of_block(block: Any) -> Iterator[str]:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _of_message(child.proto)
            yield from _of_block(child)
        elif child.type == "vega_lite_chart":
            yield from _of_message(child.proto)
            yield from drawn_texts(json.loads(child.proto.spec))
        elif child.type not in UNREAD:
            yield from _of_message(child.proto)
            if child.type in TABLES:
                yield from table_texts(child.value)


def table_texts(table: Any) -> Iterator[str]:
    """Heads and cells; a cell without a value is shown as the word None."""
    yield from (str(name) for name in table.columns)
    for name in table.columns:
        cells = zip(table[name], table[name].isna(), strict=True)
        yield from ("None" if is_empty else str(cell) for cell, is_empty in cells)


def _of_message(message: Any) -> Iterator[str]:
    if not isinstance(message, Message):
        return
    for field, value in message.ListFields():
        if field.name not in UNSHOWN:
            for one in _parts(value):
                yield from [one] if isinstance(one, str) else _of_message(one)


def _parts(value: Any) -> list[Any]:
    """Texts and messages of a field, one or many."""
    if isinstance(value, str | Message):
        return [value]
    if isinstance(value, int | float | bool | bytes):
        return []
    return [one for one in value if isinstance(one, str | Message)]
