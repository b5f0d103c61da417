"""Password hashes: bcrypt with the library's own cost, as streamlit-authenticator makes and checks them.

Apart from `auth` so that the command line can set a password without loading Streamlit.
"""

import bcrypt

from dashboard.errors import PasswordTooLong

LONGEST_PASSWORD_BYTES = 72
# The hash of a forgotten random text: an unknown user name then takes as long as a known one.
NOBODYS_HASH = "$2b$12$tz2qIww6xuCWR.O5hXxa1eNmWbrc0.3kiSu4ONywjoeDc85cEwcbK"


def is_too_long(password: str) -> bool:
    """Whether bcrypt would not look at all of it."""
    return len(password.encode()) > LONGEST_PASSWORD_BYTES


def hash_password(password: str) -> str:
    """The hash to store. Raises `PasswordTooLong` beyond 72 bytes."""
    if is_too_long(password):
        size = len(password.encode())
        raise PasswordTooLong(f"password has {size} bytes; at most {LONGEST_PASSWORD_BYTES} are allowed")
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()
