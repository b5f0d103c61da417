"""Which definition of a check ran: two data cuts compare only where it is the same.

A data issue that is gone is answered by the data only if the same check looked for it; otherwise the rule may
have changed and not the record.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.marts.build import ORDER, mart_select
from dashboard.quality.run import catalogue

NAME = re.compile(r"[a-z_][a-z0-9_]*")
SHOWN = 16

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def check_versions(definition: Rows) -> dict[str, str]:
    """One hash per check: of its text, the derived tables it reads and theirs, and the study's rows they use.

    Whom it applies to is part of the text: whether it is systematic rests on that.

    `definition` are the tables of the study definition, so a threshold changed in study.toml changes the
    checks that read it and no others.
    """
    known = {name: _digest(json.dumps(rows, default=str)) for name, rows in definition.items()}
    for name in ORDER:
        known[name] = _with_what_it_reads(mart_select(name), known)
    return {
        check.check_id: _with_what_it_reads(f"{check.sql}\n{check.applies_to}", known)[:SHOWN]
        for check in catalogue()
    }


def _with_what_it_reads(sql: str, known: Mapping[str, str]) -> str:
    """Hash of the text and of every table above it whose name stands in it."""
    read = sorted(set(NAME.findall(sql)) & set(known))
    return _digest("\n".join([sql, *(f"{name} {known[name]}" for name in read)]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
