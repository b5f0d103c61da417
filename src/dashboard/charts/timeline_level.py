"""What the large marks of the ctDNA panel show: the level by rule, or the mean or highest MAF on request.

Only the drawing switches; states, ratios and the header keep the rule (clinical-decisions A3).
"""

from collections.abc import Mapping
from typing import Any, Literal

Level = Literal["rule", "mean", "max", "variants"]
WORDS: dict[Level, str] = {
    "rule": "",
    "mean": "mean MAF",
    "max": "highest MAF",
    "variants": "variants only",
}


def with_level(event: Mapping[str, Any], *, level: Level) -> Mapping[str, Any]:
    """The event with the level the reader asks for; a sample without variants keeps what it has."""
    if event["kind"] != "SAMPLE" or event["value_sum"] is None or level not in {"mean", "max"}:
        return event
    if level == "mean" and event["mean_sum_ppm"] is not None and event["mean_n"]:
        found = {"value_sum": event["mean_sum_ppm"], "value_n": event["mean_n"], "level_metric": "MEAN"}
        return {**event, **found}
    if level == "max" and event["max_maf_ppm"] is not None:
        return {**event, "value_sum": event["max_maf_ppm"], "value_n": 1, "level_metric": "MAX"}
    return event
