"""What pages are made of: the only package, besides the sign-in form, that knows Streamlit."""
