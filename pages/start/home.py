"""Home: the studies granted to whoever is signed in."""

from dashboard.ui import home
from dashboard.ui.context import Permission, require

context = require(Permission.HOME)
home.show(context)
