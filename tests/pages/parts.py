"""Parts of a page behind tabs, as a reader opens them."""

from collections.abc import Iterator

from streamlit.testing.v1 import AppTest

PATIENCE_SECONDS = 120


def part_names(app: AppTest) -> list[str]:
    """Names of the tabs of the page."""
    return [tab.label for tab in app.main.tabs]


def open_part(app: AppTest, page: str, name: str) -> AppTest:
    """The page with the part of this name open; `page` is its address."""
    assert name in part_names(app)
    app.session_state[f"{page}.part"] = name
    app.run(timeout=PATIENCE_SECONDS)
    assert not app.exception
    return app


def every_part(app: AppTest, page: str) -> Iterator[AppTest]:
    """The page as it opens, then with each other part open; the page alone where it has none."""
    yield app
    if f"{page}.part" in app.session_state:
        for name in part_names(app)[1:]:
            yield open_part(app, page, name)
