"""Monitoring dashboard for cancer studies that follow circulating tumour DNA."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboard.figures.opened import open_snapshot

__all__ = ["open_snapshot"]


def __getattr__(name: str) -> Any:
    """`open_snapshot`, loaded when asked for: every command imports this package, few need figures."""
    if name != "open_snapshot":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from dashboard.figures.opened import open_snapshot

    return open_snapshot
