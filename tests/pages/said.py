"""Everything a page says, as one text: for tests about words."""

import json
import re
from collections.abc import Iterator

from streamlit.testing.v1 import AppTest

TECHNICAL = re.compile(r"\b(nan|NaN|NaT|inf|None|<NA>|null)\b")


def said(app: AppTest) -> str:
    """Titles, words, tables, key figures and charts of the page, sidebar left out."""
    return "\n".join(_pieces(app))


def _pieces(app: AppTest) -> Iterator[str]:
    for kind in (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "info",
        "success",
        "error",
        "warning",
    ):
        yield from (element.value for element in getattr(app.main, kind))
    for metric in app.main.metric:
        yield f"{metric.label} {metric.value} {metric.delta}"
    for table in [*app.main.table, *app.main.dataframe]:
        yield table.value.to_csv(index=False, na_rep="nan")
    yield from (expander.label for expander in app.main.expander)
    for chart in app.main.get("vega_lite_chart"):
        yield json.dumps(json.loads(chart.proto.spec)).replace("null", "")


def technical_words(app: AppTest) -> list[str]:
    """Words no reader should ever see: nan, NaT, inf, None."""
    return TECHNICAL.findall(said(app))
