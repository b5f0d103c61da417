"""Environment, session state and raw HTML have one door each, and the checkers see another."""

import pytest

from tests.architecture import one_way_in
from tests.architecture.source import Source, python_files

CARDS = "src/dashboard/ui/cards.py"


@pytest.mark.parametrize(
    "check",
    [one_way_in.environment_problems, one_way_in.state_problems, one_way_in.html_problems],
)
def test_every_file_uses_the_one_door(check):
    assert [problem for source in python_files() for problem in check(source)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import os\nstore = os.environ['DASHBOARD_STORE']",
        "import os\nstore = os.getenv('DASHBOARD_STORE')",
        "from os import environ",
        "from os import getenv as read",
        "from dotenv import load_dotenv",
        "from pydantic_settings import BaseSettings",
    ],
)
def test_reading_the_environment_is_reported_outside_settings(text):
    assert len(one_way_in.environment_problems(Source(CARDS, text))) == 1
    assert one_way_in.environment_problems(Source("src/dashboard/settings.py", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "st.session_state['user'] = user",
        "user = st.session_state.user",
        "from streamlit import session_state",
    ],
)
def test_touching_the_session_state_is_reported_outside_its_owners(text):
    assert len(one_way_in.state_problems(Source(CARDS, text))) == 1
    assert one_way_in.state_problems(Source("src/dashboard/ui/state.py", text)) == []
    assert one_way_in.state_problems(Source("src/dashboard/access/auth.py", text)) == []


@pytest.mark.parametrize("text", ["st.markdown(css, unsafe_allow_html=True)", "st.html(css)"])
def test_raw_html_is_reported_outside_the_one_style_block(text):
    assert len(one_way_in.html_problems(Source(CARDS, text))) == 1
    assert one_way_in.html_problems(Source("src/dashboard/ui/style.py", text)) == []
    assert len(one_way_in.html_problems(Source("src/dashboard/ui/style.py", f"{text}\n{text}"))) == 1
