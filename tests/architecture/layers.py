"""The import table as data: which package may import what, besides the standard library and `errors`.

The table is that of docs/architecture.md. A name on the right is a package or a module of ours
(`studies.vocabulary` opens that one module, not the whole of `studies`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """What one package may import. Its own modules are always allowed."""

    third_party: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()


def layer(third_party: str = "", *, own: str = "") -> Layer:
    return Layer(frozenset(third_party.split()), frozenset(own.split()))


# Frames leave the store and the SAS reader as pandas, so its rows may name the type.
DATA = layer(
    "duckdb sqlglot openpyxl pyreadstat pyarrow pandas numpy pydantic yaml",
    own="studies model rules settings extracts quality marts store",
)
DRAWING = layer("altair pandas numpy", own="studies.vocabulary rules charts tables")
EVERYTHING_BUT_SCREENS = layer(
    "alembic altair bcrypt duckdb lifelines numpy openpyxl pandas pyarrow pydantic pyreadstat rich scipy "
    "sqlalchemy sqlglot statsmodels typer typst vl_convert yaml",
    own="studies model rules settings extracts quality marts store stats charts tables figures report "
    "workflow access demo cli",
)

LAYERS: dict[str, Layer] = {
    "": layer(own="figures"),  # dashboard/__init__.py: open_snapshot
    "__main__": layer(own="cli"),
    "errors": layer(),
    "settings": layer("pydantic pydantic_settings"),
    "rules": layer("pydantic"),
    "studies": layer("pydantic yaml", own="model"),
    "model": layer("pydantic yaml", own="studies"),
    "extracts": DATA,
    "quality": DATA,
    "marts": DATA,
    "store": DATA,
    "stats": layer("numpy scipy statsmodels lifelines pandas"),
    "charts": DRAWING,
    "tables": DRAWING,
    "figures": layer("pandas numpy", own="store stats charts tables studies rules settings"),
    "report": layer("typst vl_convert pandas", own="figures studies tables rules"),
    "workflow": layer("sqlalchemy alembic", own="settings"),
    # Sessions and lock-out are rows, so `access` queries them; bcrypt is the hash behind sign-in.
    "access": layer("sqlalchemy bcrypt", own="workflow settings"),
    "ui": layer(
        "streamlit pandas",
        own="studies model rules settings extracts quality marts store stats charts tables figures report "
        "workflow access",
    ),
    "cli": EVERYTHING_BUT_SCREENS,
    "demo": EVERYTHING_BUT_SCREENS,
    "pages": layer("streamlit", own="ui figures"),
    "app": layer("streamlit", own="ui figures"),
}

# One module each: the only door to the library named.
DOORS: dict[str, frozenset[str]] = {
    # The data dictionary and the empty template are workbooks.
    "src/dashboard/model/dictionary.py": frozenset({"openpyxl"}),
    "src/dashboard/report/site_workbook.py": frozenset({"openpyxl"}),
    "src/dashboard/marts/engines.py": frozenset({"pyspark"}),
    "src/dashboard/access/auth.py": frozenset({"streamlit", "streamlit_authenticator"}),
}

DOCUMENTED = ("stats", "charts", "tables", "figures", "quality")

# Lines of a file; a page is a thin shell, the frame is only a frame.
MODULE_LINES = 300
MART_LINES = 300
PAGE_LINES = 60
APP_LINES = 80
FUNCTION_BODY_LINES = 50

STYLE_MODULE = "src/dashboard/ui/style.py"
SETTINGS_MODULE = "src/dashboard/settings.py"
STATE_MODULES = (
    "src/dashboard/ui/state.py",
    "src/dashboard/ui/link_state.py",
    "src/dashboard/access/auth.py",
)
