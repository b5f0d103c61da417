"""Response: rates with their denominators, best responses, duration, and the course of each patient."""

from dashboard.ui import response
from dashboard.ui.context import Permission, require

context = require(Permission.AGGREGATE)
response.show(context)
