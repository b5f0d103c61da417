"""The one style block of the application: what the theme settings cannot say; and which theme is shown."""

import streamlit as st

from dashboard.charts.theme import ThemeName

# light-dark() follows the theme Streamlit has chosen; the colours are those of .streamlit/config.toml.
# What opens over the page (a popover) lies outside the part that Streamlit gives that theme.
SCHEME = "<style>:root {{ color-scheme: {theme}; }}</style>"
STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding: 26px 28px; }
[data-testid="stHeader"] { height: 28px; min-height: 28px; background: transparent; }
[data-testid="stMetricValue"], [data-testid="stDataFrame"], td { font-variant-numeric: tabular-nums; }
[data-testid="stHeadingWithActionElements"] h1 { padding: 0; }
[data-testid="stHeadingWithActionElements"] h2 { padding-top: 4px; }
[data-testid="stCaptionContainer"] { opacity: 1; font-size: 12.25px; color: light-dark(#566172, #A7B1BF); }
[data-testid="stCaptionContainer"] * { color: inherit; }
[data-testid="stSidebarHeader"] { padding-top: 18px; margin-bottom: 8px; }
[data-testid="stSidebarHeader"] > :first-child::after {
  content: "ctDNA monitor"; font-size: 16px; font-weight: 700; margin-left: 10px; vertical-align: middle;
}
/* Streamlit puts its page list first: study and data cut stand above it, also for the Tab key where
   the browser knows reading-flow; elsewhere Tab reaches them after the pages. */
[data-testid="stSidebarContent"] { display: flex; flex-direction: column; reading-flow: flex-visual; }
[data-testid="stSidebarContent"] > *,
[data-testid="stSidebarContent"] [class*="st-key-sidebar_"] { flex: none; }
[data-testid="stSidebarUserContent"], [data-testid="stSidebarUserContent"] > div,
[data-testid="stSidebarUserContent"] > div > [data-testid="stVerticalBlock"],
[data-testid="stSidebarUserContent"] > div > * > [data-testid="stLayoutWrapper"] { display: contents; }
.st-key-sidebar_study { order: 1; margin-bottom: 14px; }
[data-testid="stSidebarNav"] { order: 2; }
.st-key-sidebar_account { order: 3; padding: 18px 0 26px; }
button[kind^="primary"], button[kind^="primary"]:is(:hover, :focus) { color: light-dark(#FFFFFF, #0F141B); }
button[kind="tertiary"]:is(:hover, :focus, :active, [aria-expanded="true"]) {
  color: light-dark(#174F8C, #9CC7F2);
}
/* The kind of a file stands at the end of its button, which Streamlit cuts. */
[data-testid="stDownloadButton"] button { height: auto; text-align: left; }
[data-testid="stDownloadButton"] button :is(div, span, p) { white-space: normal; overflow-wrap: anywhere; }
.st-key-sign_in_card { max-width: 400px; margin: 9vh auto 0; }
.st-key-sign_in_card [data-testid="stForm"] { border: none; padding: 0; }
.st-key-sign_in_card [data-testid="stForm"] h3 { padding-top: 8px; }
.st-key-sign_in_card button[kind="secondaryFormSubmit"] {
  background: light-dark(#1F5FA6, #6FA8DC); color: light-dark(#FFFFFF, #0F141B); border-color: transparent;
}
.st-key-sign_in_card button[kind="secondaryFormSubmit"]:hover { background: light-dark(#174F8C, #9CC7F2); }
[class*="st-key-worklist_row"] { border-top: 1px solid light-dark(#E8ECF1, #222B36); padding-top: 6px; }
.st-key-page_footer { border-top: 1px solid light-dark(#D9DEE6, #303A47); padding-top: 8px; }
</style>"""
RELOAD = "<script>window.location.reload()</script>"


def apply_style(*, reload: bool = False) -> None:
    """Put the style block on the page; the frame calls it once. `reload` asks the browser to load again."""
    style = STYLE + SCHEME.format(theme=page_theme())
    st.html(style + RELOAD if reload else style, unsafe_allow_javascript=reload)


def page_theme() -> ThemeName:
    """The theme the browser shows; light where it does not say."""
    return "dark" if st.context.theme.type == "dark" else "light"
