"""Treatment: lines and regimens, times from each line, ways through the lines, local therapy."""

from dashboard.ui import treatment
from dashboard.ui.context import Permission, require

context = require(Permission.AGGREGATE)
treatment.show(context)
