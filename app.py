"""Frame of the dashboard: page settings, sign-in, navigation, study and data-cut picker."""

from pathlib import Path

import streamlit as st

from dashboard.ui import collection, frame, view_links
from dashboard.ui.sign_in import APP_NAME
from dashboard.ui.style import apply_style

ASSETS = Path(__file__).parent / "assets"
st.set_page_config(page_title=APP_NAME, page_icon=str(ASSETS / "icon.png"), layout="wide")

page, signed_in = frame.navigate()
reload = frame.must_load_again()
apply_style(reload=reload)
if reload:
    st.stop()

is_open = signed_in is None or view_links.take(signed_in, page=page.url_path)
if signed_in is not None:
    st.logo(str(ASSETS / "logo.svg"), size="medium")
    frame.sidebar(signed_in)
with frame.body():
    if signed_in is None or is_open:
        view_links.say_data_cut()
        frame.show(page)
    else:
        view_links.refuse(signed_in)
    if signed_in is not None:
        frame.footer(signed_in)
collection.set_modules_apart()
