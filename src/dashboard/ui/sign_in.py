"""The sign-in page, and what stands in its place when the app must not open."""

import streamlit as st

from dashboard.access.auth import Credentials, Refusal, SignInForm, sign_in
from dashboard.access.demo_users import DEMO_PASSWORD, DEMO_PEOPLE
from dashboard.ui import installation, state
from dashboard.workflow.users import has_demo_users

APP_NAME = "ctDNA monitor"
PURPOSE = "Monitoring of cancer studies that follow circulating tumour DNA"
RESEARCH_USE = "For research use. Each sign-in and each patient opened is recorded."


def sign_in_page() -> None:
    """The sign-in form, whatever address was asked for; that address opens after sign-in."""
    with st.container(key="sign_in_card"):
        st.title(APP_NAME, anchor=False)
        st.caption(PURPOSE)
        problem = installation.start_problem()
        if problem:
            st.error(problem, icon=":material/block:", title="The dashboard is closed")
            return
        notice = state.take_notice()
        if notice:
            st.info(notice)
        _show_form()
        if has_demo_users(installation.workflow()):
            _show_demo_users()
        st.caption(RESEARCH_USE)


def _show_form() -> None:
    refusals: list[Refusal] = []

    def check(username: str, password: str) -> bool:
        outcome = _try_to_sign_in(username, password)
        if isinstance(outcome, Refusal):
            refusals.append(outcome)
            return False
        state.start_session(outcome)
        st.rerun()

    SignInForm(check).show()
    for refusal in refusals:
        st.error(refusal.value)


def _try_to_sign_in(username: str, password: str) -> str | Refusal:
    return sign_in(
        installation.workflow(),
        Credentials(username=username, password=password, address=_visitor_address()),
        now=installation.utc_now(),
        options=installation.sign_in_options(),
    )


def _visitor_address() -> str:
    """Where the visitor comes from: the connection, or the last entry a trusted proxy added to its header."""
    header = installation.settings().address_header
    if header:
        return (st.context.headers.get(header) or "unknown").split(",")[-1].strip()
    return str(st.context.ip_address or "local")


def _show_demo_users() -> None:
    names = ", ".join(f"`{username}`" for username, *_rest in DEMO_PEOPLE)
    st.info(
        f"User names: {names}  \nPassword: `{DEMO_PASSWORD}`", title="Demonstration with synthetic patients"
    )
