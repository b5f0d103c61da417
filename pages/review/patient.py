"""Patient: one patient's course on one page."""

from dashboard.ui import patient
from dashboard.ui.context import Permission, require

context = require(Permission.PATIENT)
patient.show(context)
