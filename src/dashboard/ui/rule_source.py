"""Where the rule beside a result comes from, and which version of the rules derived it."""

from dashboard.store.snapshot import Snapshot


def rule_line(source: str, snapshot: Snapshot | None) -> str:
    """For instance "Rule: clinical-decisions A33, number 1 · rules 28b04e46739a".

    An older data cut may not name the version of its rules.
    """
    version = snapshot.manifest.get("rules") if snapshot is not None else None
    return f"Rule: {source}" + (f" · rules {version}" if version else "")
