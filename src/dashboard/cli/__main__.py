"""`python -m dashboard.cli` is the command `dashboard`."""

from dashboard.cli import main

main()
