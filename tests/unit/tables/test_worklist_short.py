"""The one line of a worklist row: one number, and nothing that the name of the reason says already."""

import pytest

from dashboard.tables.worklist import CHECKS, REASONS, why
from dashboard.tables.worklist_short import LONGEST_ACTION, short
from tests.builders import day

ROW = {
    "occurred_on": day(350),
    "observed_until": day(360),
    "last_imaging_on": day(300),
    "gap_days": 5,
    "n_days": 99,
    "response": "SD",
    "detail": None,
    "from_status": None,
    "to_status": "detected",
    "to_level_sum": 20500,
    "to_level_n": 1,
    "quantity_kind": "maf_ppm",
    "lod_ppm": 1000,
    **dict.fromkeys(CHECKS, False),
}
LOW = {"from_level_sum": 2000, "from_level_n": 1}
BY_CHANCE = {"origin_rule": "BASIS_POSSIBLE_CHIP"}
SAID = {
    "what made a PD": (1, {"detail": "new_lesion"}, "PD 10 days ago (new lesion)"),
    "a clinical PD": (1, {"detail": "clinical"}, "PD 10 days ago (clinical)"),
    "a PD of unknown kind": (1, {}, "PD 10 days ago"),
    "detected, none before": (2, {}, "2.05 %, 10 days ago"),
    "detected after not": (2, {"from_status": "not_detected"}, "Not detected → 2.05 %, 10 days ago"),
    "perhaps not tumour": (2, BY_CHANCE, "2.05 %, perhaps not tumour"),
    "its highest perhaps not tumour": (
        2,
        {"origin_rule": "BASIS_POSSIBLE_CHIP_LEVEL"},
        "2.05 %, highest MAF perhaps not tumour",
    ),
    "a rise": (3, {"from_status": "lowest", **LOW}, "×10 over the lowest, 10 days ago"),
    "over what was before the line": (
        3,
        {"from_status": "before_line", **LOW},
        "×10 over the draw before the line, 10 days ago",
    ),
    # Below twice the LoD no ratio is stated: the level itself.
    "a rise near the LoD": (3, {"from_status": "lowest", **LOW, "lod_ppm": 1001}, "2.05 %, 10 days ago"),
    "a rise perhaps not tumour": (
        3,
        {"from_status": "lowest", **LOW, **BY_CHANCE},
        "×10 over the lowest, perhaps not tumour",
    ),
    "PD beside not detected": (4, {}, "PD 10 days ago, draw 5 days apart"),
    "PD said again": (
        4,
        {"first_called_on": day(200), "gap_days": 0},
        "Earlier PD repeated 10 days ago, draw same day",
    ),
    "one thing to check": (4, {"is_lung_only": True}, "PD 10 days ago; lung-only disease"),
    "two things to check": (
        4,
        {"is_lung_only": True, "is_cns_progression": True},
        "PD 10 days ago; CNS progression +1",
    ),
    "in complete response": (5, {"response": "CR"}, "2.05 % with CR (5 days apart)"),
    "not imaged for long": (6, {"detail": "IMAGED"}, "For 99 days"),
    "never imaged": (6, {"detail": "NEVER_IMAGED"}, "Never recorded in 99 days"),
    "month only": (6, {"detail": "IMAGED", "occurred_precision": "month"}, "For ≈ 99 days"),
    "a failed sample": (7, {"detail": "low input"}, "10 days ago (low input)"),
    "a failed sample, no reason": (7, {}, "10 days ago"),
    "a late result": (8, {"n_days": 20}, "No result for 20 working days"),
    "a new variant": (9, {"detail": "ESR1 p.D538G"}, "ESR1 D538G, 10 days ago"),
    "several new variants": (9, {"detail": "ESR1 p.D538G", "n_others": 2}, "ESR1 D538G +2, 10 days ago"),
    "two answers": (10, {"detail": "PD"}, "Reported SD, calculated PD, 10 days ago"),
    "an action": (11, {"detail": "CT of the chest", "n_days": 1}, "CT of the chest: 1 day"),
    "stopped": (12, {"detail": "progression"}, "10 days ago (progression)"),
    "stopped, reason unknown": (12, {"detail": "unknown"}, "10 days ago"),
    "stopped for a PD without a decision": (
        12,
        {"detail": "progression", "progressed_on": day(349)},
        "10 days ago (PD, no decision)",
    ),
    "stopped for another reason after such a PD": (
        12,
        {"detail": "toxicity", "progressed_on": day(349)},
        "10 days ago (toxicity; PD, no decision)",
    ),
    "the PD was decided": (12, {"detail": "progression", "progressed_on": None}, "10 days ago (progression)"),
}


@pytest.mark.parametrize("case", SAID)
def test_the_line_of_a_row(case):
    number, given, words = SAID[case]
    assert short({**ROW, "reason_no": number, **given}) == words


def test_every_reason_has_a_line():
    assert {number for number, _, _ in SAID.values()} == set(REASONS)


@pytest.mark.parametrize(("n", "shown"), [(LONGEST_ACTION, "a" * LONGEST_ACTION), (LONGEST_ACTION + 1, None)])
def test_a_long_action_is_cut_in_the_line_and_whole_in_the_reason(n, shown):
    row = {**ROW, "reason_no": 11, "detail": "a" * n}
    assert short(row).startswith(f"{shown or 'a' * (LONGEST_ACTION - 1) + '…'}:".capitalize())
    assert why(row).startswith("a" * n)


@pytest.mark.parametrize("case", SAID)
def test_a_line_is_no_longer_than_the_reason_in_full(case):
    number, given, words = SAID[case]
    assert len(words) <= len(why({**ROW, "reason_no": number, **given}))
