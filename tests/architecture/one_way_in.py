"""Checks that the environment, the session state and raw HTML each have one door."""

import ast

from tests.architecture.layers import SETTINGS_MODULE, STATE_MODULES, STYLE_MODULE
from tests.architecture.source import Source, imported_names

ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb"}


def environment_problems(source: Source) -> list[str]:
    """Reads of the environment outside settings.py."""
    if source.path == SETTINGS_MODULE:
        return []
    reads = [
        node
        for node, name in imported_names(source)
        if name in ENVIRONMENT or name.partition(".")[0] in {"dotenv", "pydantic_settings"}
    ]
    reads += [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and f"os.{node.attr}" in ENVIRONMENT
    ]
    return [source.says(node, "reads the environment; only settings.py may") for node in reads]


def state_problems(source: Source) -> list[str]:
    """Uses of the session state outside the modules that own it."""
    if source.path in STATE_MODULES:
        return []
    return [
        source.says(node, "touches the session state; ui/state.py has typed getters and setters")
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Attribute) and node.attr == "session_state")
        or (isinstance(node, ast.Name) and node.id == "session_state")
        or (isinstance(node, ast.ImportFrom) and any(a.name == "session_state" for a in node.names))
    ]


def html_problems(source: Source) -> list[str]:
    """Raw HTML anywhere but the one style block, and a second one there."""
    uses = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call) and writes_html(node)]
    surplus = uses[1:] if source.path == STYLE_MODULE else uses
    return [source.says(node, "writes raw HTML; ui/style.py has the one style block") for node in surplus]


def writes_html(node: ast.Call) -> bool:
    if any(keyword.arg == "unsafe_allow_html" for keyword in node.keywords):
        return True
    function = node.func
    return isinstance(function, ast.Attribute) and ast.unparse(function) in {
        "st.html",
        "streamlit.html",
        "components.html",
        "st.components.v1.html",
    }
