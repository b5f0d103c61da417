"""The command `dashboard`."""

import typer
from rich.console import Console

from dashboard.cli import keeping, studies, users
from dashboard.errors import DashboardError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build, publish and describe studies; manage who may sign in.",
)
app.add_typer(studies.app)
app.add_typer(keeping.app)
app.add_typer(users.app, name="users")


def main() -> None:
    """Run the command; an error of ours is a message and exit code 1, never a traceback."""
    try:
        app()
    except DashboardError as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False)
        raise SystemExit(1) from error
