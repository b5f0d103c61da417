"""Study time: days without a calendar, for extracts that give days from day 0 only."""

import datetime as dt

# Stands for day 0 of such an extract in the tables; no page writes it as a date.
DAY_ZERO = dt.date(2000, 1, 1)
