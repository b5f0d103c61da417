"""Statements of the patient page: for every rule one course that meets it and one that just does not.

Treatment starts on day 0 and the data end on day 200, 19 July 2024, a Friday; the plan asks for a draw and
a CT from day 120 to 150, with ten days of grace.
"""

import pytest

from dashboard.rules import rules
from tests.builders import day, run_mart
from tests.unit.marts.statement.patients import (
    alive,
    draws,
    images,
    lines,
    local,
    scans,
    statements,
    targets,
)

ND = "not_detected"
ON = {"treatment": lines(0)}


def line_course(*results, scans_on=(), panel="fixed", **more):
    """A course on one line: draws, and responses of the treating physician."""
    return {**ON, "ctdna_sample": draws(*results, panel=panel), "response": scans(*scans_on), **more}


def node(*short_axes):
    """One target lymph node measured on the study days, in mm."""
    return [{**row, "organ": "lymph_node", "is_node": True} for row in targets(*short_axes)]


def variants(sample, *genes, status="detected"):
    """Variants of a sample at 0.1 %."""
    return [
        {
            "sample_id": sample,
            "gene": gene,
            "variant": "p.X1Y",
            "status": status,
            "maf_ppm": 1000 if status == "detected" else None,
        }
        for gene in genes
    ]


def tissue(result):
    """The tissue report on KRAS."""
    return [{"specimen": "primary", "taken_on": day(-30), "test": "kras", "result": result}]


def dead(at, **values):
    """A record of the death; without a cause where none is given."""
    return [{"contact_on": day(at), "vital_status": "dead", "died_on": day(at), **values}]


def with_variants(second, *, origin=None):
    found = [{**row, "origin": origin} for row in variants("S2", *second)]
    return {**line_course((-5, ND), (60, "detected")), "variant": found}


CLEARED = ((-5, 5000), (40, ND))
# A target sum at the baseline that the treating physician reported, without a lesion.
SUM_REPORTED = scans((-5, "ne"), sum_of_diameters_mm=50)
RISEN = ((-5, 5000), (40, 1000), (90, 6000))
STARTED = lines(0, 100, start_reason="imaging_progression")
# rule: (a course that meets it, one that just does not)
HITS = {
    # State
    "STATE_ASSAY_CHANGED": (
        {**ON, "ctdna_sample": [*draws((-5, 5000)), {**draws((1, 1), (40, 5000), panel="own")[1]}]},
        line_course((-5, 5000), (40, 5000)),
    ),
    "STATE_QUANTITY_CHANGED": (
        {**ON, "ctdna_sample": [*draws((-5, 5000)), {**draws((1, 1), (40, 5))[1], "quantity_kind": "score"}]},
        line_course((-5, 5000), (40, 5000)),
    ),
    "STATE_TRACKED_SET_CHANGED": (
        {
            **line_course((-5, "detected"), (40, "detected"), panel="own"),
            "variant": [*variants("S1", "ESR1"), *variants("S2", "PIK3CA")],
        },
        {
            **line_course((-5, "detected"), (40, "detected"), panel="own"),
            "variant": [*variants("S1", "ESR1"), *variants("S2", "ESR1")],
        },
    ),
    "STATE_BASELINE_ONLY_DETECTED": (line_course((-5, 5000)), line_course((-5, 5000), (40, 5000))),
    "STATE_BASELINE_ONLY_NOT_DETECTED": (line_course((-5, ND)), line_course((-5, ND), (40, ND))),
    "STATE_NEVER_DETECTED": (line_course((-5, ND), (40, ND)), line_course((8, ND), (40, ND))),
    "STATE_NEVER_DETECTED_ON_TX": (line_course((8, ND), (40, ND)), line_course((7, ND), (40, ND))),
    "STATE_NOT_DETECTED_SINCE_CHANGE": (
        {
            **ON,
            "ctdna_sample": [
                *draws((-5, 5000)),
                *[
                    {**row, "sample_id": f"N{row['sample_id']}"}
                    for row in draws((40, ND), (80, ND), panel="own")
                ],
            ],
        },
        line_course((-5, 5000), (40, ND), (80, ND)),
    ),
    "STATE_NEWLY_DETECTED": (line_course((-5, ND), (40, 900)), line_course((-5, 900), (40, 900))),
    "STATE_NEWLY_DETECTED_CLEAR_AGAIN": (
        line_course((-5, ND), (40, 900), (80, ND)),
        line_course((-5, ND), (40, 900)),
    ),
    "STATE_CLEARED_ONE_SAMPLE": (line_course(*CLEARED), line_course(*CLEARED, (41, ND))),
    "STATE_CLEARED_SHORT_RUN": (line_course(*CLEARED, (67, ND)), line_course(*CLEARED, (68, ND))),
    "STATE_CLEARED_SUSTAINED": (line_course(*CLEARED, (68, ND)), line_course(*CLEARED, (67, ND))),
    "STATE_REDETECTED": (line_course(*CLEARED, (80, 900)), line_course(*CLEARED, (80, ND))),
    "STATE_PERSISTENT_FALLING": (line_course((-5, 5000), (40, 2500)), line_course((-5, 5000), (40, 2501))),
    "STATE_PERSISTENT_STABLE": (line_course((-5, 5000), (40, 9999)), line_course((-5, 5000), (40, 10000))),
    "STATE_PERSISTENT_RISING": (line_course((-5, 5000), (40, 10000)), line_course((-5, 5000), (40, 9999))),
    # The lowest level is of line 1; line 2 starts from the draw of day 90.
    "STATE_PERSISTENT_RISING_EARLIER": (
        {**line_course(*RISEN, (140, 11999)), "treatment": lines(0, 100)},
        {**line_course(*RISEN, (140, 12000)), "treatment": lines(0, 100)},
    ),
    # 28 days before line 2 a draw says what the line starts from, 29 days before it does not.
    "STATE_PERSISTENT_RISING_FIRST": (
        {**line_course((-5, 5000), (71, 6000), (140, 10_000)), "treatment": lines(0, 100)},
        {**line_course((-5, 5000), (72, 6000), (140, 10_000)), "treatment": lines(0, 100)},
    ),
    "STATE_PERSISTENT_FALLING_NOW": (
        {**line_course(*RISEN, (140, 5999), (180, 5998)), "treatment": lines(0, 100)},
        {**line_course(*RISEN, (140, 6000), (180, 5998)), "treatment": lines(0, 100)},
    ),
    "STATE_PERSISTENT_NO_RATIO": (
        line_course((-5, 5000), (40, "below_loq")),
        line_course((-5, 5000), (40, 5000)),
    ),
    # Molecular progression
    "MOLECULAR_NEWLY_DETECTED": (line_course((-5, ND), (40, 900), (80, ND)), line_course((-5, ND), (40, ND))),
    "MOLECULAR_REDETECTED": (line_course(*CLEARED, (80, 900), (99, ND)), line_course(*CLEARED, (80, ND))),
    "MOLECULAR_RISING": (line_course((-5, 500), (40, 1000)), line_course((-5, 500), (40, 999))),
    # New variants
    "NEW_VARIANT": (with_variants(["ESR1"]), with_variants(["ESR1"], origin="clonal_haematopoiesis")),
    "NEW_VARIANTS": (with_variants(["ESR1", "PIK3CA"]), with_variants(["ESR1"])),
    # Lead time
    "LEAD_CTDNA_FIRST": (
        line_course(*CLEARED, (80, 900), scans_on=[(80, "pr"), (81, "pd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(79, "pr"), (81, "pd")]),
    ),
    "LEAD_CTDNA_FIRST_NOT_CERTAIN": (
        line_course(*CLEARED, (80, 900), scans_on=[(79, "pr"), (81, "pd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(79, "pr"), (80, "pd")]),
    ),
    "LEAD_SAME_DAY_NOT_CERTAIN": (
        line_course(*CLEARED, (80, 900), scans_on=[(80, "pd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(81, "pd")]),
    ),
    # The sample of day 40 shows no progression.
    "LEAD_IMAGING_FIRST": (
        line_course(*CLEARED, (80, 900), scans_on=[(40, "pd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(41, "pd")]),
    ),
    "LEAD_IMAGING_FIRST_NOT_CERTAIN": (
        line_course(*CLEARED, (80, 900), scans_on=[(79, "pd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(80, "pd")]),
    ),
    "LEAD_IMAGING_ONLY": (
        line_course(*CLEARED, scans_on=[(40, "pd")]),
        line_course(*CLEARED, scans_on=[(41, "pd")]),
    ),
    "LEAD_IMAGING_ONLY_NOT_CERTAIN": (line_course(*CLEARED, scans_on=[(41, "pd")]), line_course(*CLEARED)),
    "LEAD_ONE_RESULT": (
        line_course((40, 900), scans_on=[(79, "pd")]),
        line_course((40, 900), (79, 900), scans_on=[(79, "pd")]),
    ),
    # Nothing before the progression, and afterwards one sample to compare with no earlier one.
    "LEAD_NOT_COMPARABLE": (
        line_course((80, 900), scans_on=[(79, "pd")]),
        line_course((79, 900), scans_on=[(79, "pd")]),
    ),
    "LEAD_CTDNA_FIRST_SO_FAR": (
        line_course(*CLEARED, (80, 900), scans_on=[(81, "sd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(80, "sd")]),
    ),
    "LEAD_CTDNA_FIRST_NO_SCAN": (
        line_course(*CLEARED, (80, 900), scans_on=[(80, "sd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(79, "sd")]),
    ),
    "LEAD_CTDNA_FIRST_NO_SCAN_NOT_CERTAIN": (
        line_course(*CLEARED, (80, 900), scans_on=[(79, "sd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(80, "sd")]),
    ),
    "LEAD_TREATED_ON_CTDNA": (
        {
            **line_course(*CLEARED, (80, 900)),
            "treatment": [lines(0)[0], {**lines(0, 100)[1], "start_reason": "ctdna_detection"}],
        },
        {
            **line_course(*CLEARED, (80, 900)),
            "treatment": [lines(0)[0], {**lines(0, 100)[1], "start_reason": "imaging_and_ctdna"}],
        },
    ),
    # Agreement with imaging; near misses lie outside the window of 42 days or on the other side of the rule
    "AGREEMENT_NOT_JUDGED": (
        line_course(*CLEARED, scans_on=[(40, "ne")]),
        line_course(*CLEARED, scans_on=[(40, "sd")]),
    ),
    # From a nadir of 40 mm, 48 mm are PD and 47 mm are not.
    "AGREEMENT_PD_BY_LESIONS": (
        {
            **line_course((-5, 5000), (40, 2501), scans_on=[(40, "sd")]),
            "lesion": targets((-5, 50), (20, 40), (40, 48)),
        },
        {
            **line_course((-5, 5000), (40, 2501), scans_on=[(40, "sd")]),
            "lesion": targets((-5, 50), (20, 40), (40, 47)),
        },
    ),
    "AGREEMENT_PD_UP": (
        line_course(*CLEARED, (80, 900), scans_on=[(122, "pd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(123, "pd")]),
    ),
    "AGREEMENT_NOT_DETECTED": (
        line_course(*CLEARED, scans_on=[(82, "pr")]),
        line_course(*CLEARED, scans_on=[(83, "pr")]),
    ),
    "AGREEMENT_NOT_INFORMATIVE": (
        line_course((-5, ND), (40, ND), scans_on=[(40, "sd")]),
        line_course((-5, 900), (40, ND), scans_on=[(40, "sd")]),
    ),
    "AGREEMENT_FALLING": (
        line_course((-5, 5000), (40, 2500), scans_on=[(40, "pr")]),
        line_course((-5, 5000), (40, 2500), scans_on=[(40, "pd")]),
    ),
    "AGREEMENT_STABLE": (
        line_course((-5, 5000), (40, 2501), scans_on=[(40, "sd")]),
        line_course((-5, 5000), (40, 2501), scans_on=[(40, "pr")]),
    ),
    "AGREEMENT_PD_NOT_DETECTED": (
        line_course(*CLEARED, scans_on=[(40, "pd")]),
        line_course(*CLEARED, scans_on=[(40, "sd")]),
    ),
    "AGREEMENT_PD_FALLING": (
        line_course((-5, 5000), (40, 2500), scans_on=[(40, "pd")]),
        line_course((-5, 5000), (40, 2501), scans_on=[(40, "pd")]),
    ),
    "AGREEMENT_PD_STABLE": (
        line_course((-5, 5000), (40, 2501), scans_on=[(40, "pd")]),
        line_course((-5, 5000), (40, 10000), scans_on=[(40, "pd")]),
    ),
    "AGREEMENT_UP_NOT_PD": (
        line_course(*CLEARED, (80, 900), scans_on=[(80, "sd")]),
        line_course(*CLEARED, (80, 900), scans_on=[(80, "pd")]),
    ),
    "AGREEMENT_DETECTED_IN_CR": (
        line_course((-5, 5000), (40, 2500), scans_on=[(40, "cr")]),
        line_course((-5, 5000), (40, 2500), scans_on=[(40, "pr")]),
    ),
    "AGREEMENT_STABLE_IN_PR": (
        line_course((-5, 5000), (40, 2501), scans_on=[(40, "pr")]),
        line_course((-5, 5000), (40, 2500), scans_on=[(40, "pr")]),
    ),
    "AGREEMENT_NO_DIRECTION": (
        line_course((-5, 5000), (40, "below_loq"), scans_on=[(40, "sd")]),
        line_course((-5, 5000), (40, 5000), scans_on=[(40, "sd")]),
    ),
    # Draws on days 40 and 82 still pair with the scan of day 40, a draw on day 83 does not
    "AGREEMENT_PAST_SAME": (
        line_course(*CLEARED, (83, ND), scans_on=[(40, "sd")]),
        line_course(*CLEARED, (82, ND), scans_on=[(40, "sd")]),
    ),
    "AGREEMENT_PAST_DIFFERS": (
        line_course((-5, 5000), (40, 2500), (83, 2500), scans_on=[(40, "cr")]),
        line_course((-5, 5000), (40, 2500), (82, 2500), scans_on=[(40, "cr")]),
    ),
    "AGREEMENT_PAST_PD_NOT_DETECTED": (
        line_course(*CLEARED, (83, ND), scans_on=[(40, "pd")]),
        line_course(*CLEARED, (82, ND), scans_on=[(40, "pd")]),
    ),
    "AGREEMENT_PAST_NOT_STATED": (
        line_course(*CLEARED, (83, ND), scans_on=[(40, "ne")]),
        line_course(*CLEARED, (82, ND), scans_on=[(40, "ne")]),
    ),
    "AGREEMENT_NO_PAIR": (
        line_course(*CLEARED, scans_on=[(83, "pr")]),
        line_course(*CLEARED, scans_on=[(82, "pr")]),
    ),
    # Response trace: baseline 50 mm, so a nadir of 40 mm makes 48 mm PD
    "TRACE_BASELINE": (
        {**ON, "lesion": targets((-5, 50))},
        {**ON, "lesion": targets((-5, 50), (60, 50))},
    ),
    "TRACE_LOWEST": (
        {**ON, "lesion": targets((-5, 50), (60, 40))},
        {**ON, "lesion": targets((-5, 50), (60, 51))},
    ),
    "TRACE_OVER_NADIR": (
        {**ON, "lesion": targets((-5, 50), (60, 40), (90, 47))},
        {**ON, "lesion": targets((-5, 50), (60, 40), (90, 48))},
    ),
    "TRACE_PD": (
        {**ON, "lesion": targets((-5, 50), (60, 40), (90, 48))},
        {**ON, "lesion": targets((-5, 50), (60, 40), (90, 47))},
    ),
    # A node of 9.9 mm is no disease, one of 10 mm is; from a sum that had gone any diameter is PD.
    "TRACE_NONE": (
        {**ON, "lesion": node((-5, 9.9), (60, 9.9))},
        {**ON, "lesion": node((-5, 10), (60, 10))},
    ),
    "TRACE_PD_FROM_NONE": (
        {**ON, "lesion": node((-5, 7), (60, 12))},
        {**ON, "lesion": node((-5, 7), (60, 11))},
    ),
    "SUM_INCOMPLETE": (
        {**ON, "lesion": [*targets((-5, 50), (60, 40)), *targets((-5, 20), (60, None), lesion="L2")]},
        {**ON, "lesion": [*targets((-5, 50), (60, 40)), *targets((-5, 20), (60, 0), lesion="L2")]},
    ),
    "RESPONSE_SAME": (
        {**ON, "lesion": targets((-5, 50), (60, 35)), "response": scans((60, "pr"))},
        {**ON, "lesion": targets((-5, 50), (60, 36)), "response": scans((60, "pr"))},
    ),
    "RESPONSE_DIFFERS": (
        {**ON, "lesion": targets((-5, 50), (60, 36)), "response": scans((60, "pr"))},
        {**ON, "lesion": targets((-5, 50), (60, 35)), "response": scans((60, "pr"))},
    ),
    "RESPONSE_DIFFERS_IN_PD": (
        {**ON, "lesion": targets((-5, 50), (60, 60)), "response": scans((60, "sd"))},
        {**ON, "lesion": targets((-5, 50), (60, 59)), "response": scans((60, "sd"))},
    ),
    # The other one calls PD later in the same line: the date of progression hangs on which counts.
    "RESPONSE_PD_REPORTED_FIRST": (
        {**ON, "lesion": targets((-5, 50), (60, 59), (90, 60)), "response": scans((60, "pd"), (90, "pd"))},
        {**ON, "lesion": targets((-5, 50), (60, 59), (90, 59)), "response": scans((60, "pd"), (90, "pd"))},
    ),
    "RESPONSE_PD_CALCULATED_FIRST": (
        {**ON, "lesion": targets((-5, 50), (60, 60), (90, 60)), "response": scans((60, "sd"), (90, "pd"))},
        {**ON, "lesion": targets((-5, 50), (60, 60), (90, 60)), "response": scans((60, "sd"), (90, "sd"))},
    ),
    # The parts of a report joined: without any sum at the baseline, and without one beside the report.
    "RESPONSE_PARTS_NO_SUM": (
        {**ON, "response": scans((60, "pr"), target="pr")},
        {**ON, "response": scans((60, "pr"))},
    ),
    "RESPONSE_PARTS": (
        {**ON, "response": [*SUM_REPORTED, *scans((60, "pr"), target="pr")]},
        {**ON, "response": [*SUM_REPORTED, *scans((60, "pr"), target="pr", sum_of_diameters_mm=30)]},
    ),
    # A PD 119 days after the stop explains it; one 120 days after it is of its own.
    "STOPPED_FOR_PROGRESSION": (
        {"treatment": lines(0, ended=60, stop_reason="progression"), "response": scans((180, "pd"))},
        {"treatment": lines(0, ended=60, stop_reason="progression"), "response": scans((179, "pd"))},
    ),
    # Up to day 7 of the second line PD is that of the first. Nobody owes responses from before enrolment.
    "STARTED_FOR_PROGRESSION": (
        {"treatment": STARTED, "response": scans((60, "sd"), (108, "pd"))},
        {"treatment": STARTED, "response": scans((60, "sd"), (107, "pd"))},
    ),
    "STARTED_AFTER_RESPONSE": (
        {"treatment": STARTED, "response": scans((60, "pd"), (90, "sd"))},
        {"treatment": STARTED, "response": scans((60, "sd"), (90, "pd"))},
    ),
    "STARTED_WITHOUT_RESPONSE": (
        {"treatment": STARTED, "response": scans((108, "sd"))},
        {"treatment": lines(-1, 100, start_reason="imaging_progression"), "response": scans((108, "sd"))},
    ),
    # Treatment beyond progression: 28 days
    "BEYOND_PROGRESSION": ({**ON, "response": scans((171, "pd"))}, {**ON, "response": scans((172, "pd"))}),
    "BEYOND_PROGRESSION_ENDED": (
        {"treatment": lines(0, ended=89), "response": scans((60, "pd"))},
        {"treatment": lines(0, ended=88), "response": scans((60, "pd"))},
    ),
    # ctDNA that is not known
    "NO_CTDNA": ({**ON}, line_course((-5, "pending"))),
    "NO_CTDNA_DECLINED": (
        {**ON, "disposition": [{"kind": "ctdna_declined", "happened_on": day(0)}]},
        {**ON, "disposition": [{"kind": "transfer", "happened_on": day(0)}]},
    ),
    "NO_CTDNA_REASON": (
        {**ON, "disposition": [{"kind": "ctdna_declined", "reason": "not in the ctDNA subset"}]},
        {**ON, "disposition": [{"kind": "ctdna_declined"}]},
    ),
    "RESULT_PENDING": (line_course((179, "pending")), line_course((178, "pending"))),
    "RESULT_PENDING_LATE": (line_course((178, "pending")), line_course((179, "pending"))),
    "SAMPLE_FAILED": (line_course((-5, 900), (40, "failed")), line_course((40, "failed"), (41, "pending"))),
    "SAMPLE_FAILED_REASON": (
        {**ON, "ctdna_sample": draws((-5, 900), (40, "failed"), failure_reason="haemolysis")},
        {**ON, "ctdna_sample": draws((-5, 900), (40, "failed"))},
    ),
    "ONLY_SAMPLE_FAILED": (line_course((40, "failed")), line_course((-5, 900), (40, "failed"))),
    "ONLY_SAMPLE_FAILED_REASON": (
        {**ON, "ctdna_sample": draws((40, "failed"), failure_reason="haemolysis")},
        {**ON, "ctdna_sample": draws((40, "failed"))},
    ),
    "NO_SAMPLE_WITH_RESULT": (
        line_course((-5, "failed"), (40, "failed")),
        line_course((-5, "below_loq"), (40, "failed")),
    ),
    "NO_SAMPLE_WITH_RESULT_REASON": (
        {**ON, "ctdna_sample": draws((-5, "failed"), (40, "failed"), failure_reason="haemolysis")},
        {**ON, "ctdna_sample": draws((-5, ND), (40, "failed"), failure_reason="haemolysis")},
    ),
    "NO_PRE_TREATMENT_ON": (line_course((8, 900)), line_course((7, 900))),
    "NO_PRE_TREATMENT_ON_LINE": (
        {"treatment": lines(0, regimen=None, agents=None), "ctdna_sample": draws((8, 900))},
        line_course((8, 900)),
    ),
    # 28 days before line 2, and 29.
    "NO_PRE_TREATMENT_OTHER_LINE": (
        {"treatment": lines(0, 150), "ctdna_sample": draws((122, 900))},
        {"treatment": lines(0, 150), "ctdna_sample": draws((121, 900))},
    ),
    "NO_PRE_TREATMENT_OFF": (line_course((-29, 900)), line_course((-28, 900))),
    "NO_PRE_TREATMENT_UNKNOWN": ({"ctdna_sample": draws((0, 900))}, line_course((0, 900))),
    # Line 2 begins on day 100: a draw counts for it from day 72 on, as a baseline up to day 107.
    "LINE_NO_RESULT": (
        {**line_course((-5, 900), (71, 900)), "treatment": lines(0, 100)},
        {**line_course((-5, 900), (72, 900)), "treatment": lines(0, 100)},
    ),
    "LINE_NO_BASELINE": (
        {**line_course((-5, 900), (108, 900)), "treatment": lines(0, 100)},
        {**line_course((-5, 900), (107, 900)), "treatment": lines(0, 100)},
    ),
    "LINE_RESULT_AFTER_END": (
        {**line_course((-5, 900), (151, 900)), "treatment": lines(0, 100, ended=150)},
        {**line_course((-5, 900), (150, 900)), "treatment": lines(0, 100, ended=150)},
    ),
    "NEW_NOT_ASSESSABLE": (line_course((-5, 900), panel="own"), line_course((-5, 900), panel="fixed")),
    # Imaging, plan, tests and dates that are not known
    # On treatment for 98 days: as long as a scan may be awaited; 99 are more.
    "NO_IMAGING": ({"treatment": lines(102)}, {"treatment": lines(102), "imaging": images(102)}),
    "NO_IMAGING_WATCHED": ({"treatment": lines(101)}, {"treatment": lines(102)}),
    "NO_IMAGING_SINCE_CTDNA": (
        line_course(*CLEARED, (80, 900), scans_on=[(79, "sd")], contact=alive(190)),
        line_course(*CLEARED, (80, 900), scans_on=[(80, "sd")], contact=alive(190)),
    ),
    "NO_IMAGING_FOR_DAYS": (
        {"patient": [{"enrolled_on": day(90)}], **ON, "imaging": images(101), "contact": alive(190)},
        {"patient": [{"enrolled_on": day(90)}], **ON, "imaging": images(102), "contact": alive(190)},
    ),
    # The last result is 99 days old, more than 98; without an enrolment no draw has a date.
    "CTDNA_OLD": (
        line_course((101, 900), patient=[{"enrolled_on": None}]),
        line_course((102, 900), patient=[{"enrolled_on": None}]),
    ),
    "DRAW_OVERDUE": (
        {"patient": [{"observed_until": day(161)}], **ON, "contact": alive(150)},
        {"patient": [{"observed_until": day(160)}], **ON, "contact": alive(150)},
    ),
    "DRAW_UNOBTAINABLE": (
        line_course((-5, 900), (119, 900), (161, 900), contact=alive(190)),
        line_course((-5, 900), (119, 900), (160, 900), contact=alive(190)),
    ),
    "SCAN_OVERDUE": (
        {"patient": [{"observed_until": day(161)}], **ON, "contact": alive(150)},
        {"patient": [{"observed_until": day(160)}], **ON, "contact": alive(150)},
    ),
    "RESPONSE_MISSING": ({**ON, "imaging": images(185)}, {**ON, "imaging": images(186)}),
    "RESPONSE_MISSING_MANY": (
        {**ON, "imaging": images(100, 185)},
        {**ON, "imaging": images(100, 185), "response": scans((100, "sd"))},
    ),
    # Fourteen days for a response: a later scan has none yet, an earlier one is missing one.
    "IMAGING_UNREAD": ({**ON, "imaging": images(186)}, {**ON, "imaging": images(185)}),
    # Up to seven days after the first dose a scan is the baseline of the line.
    "IMAGING_UNREAD_BASELINE": ({**ON, "imaging": images(7)}, {**ON, "imaging": images(8)}),
    "RESPONSE_UNREPORTED": (
        {**ON, "lesion": targets((-5, 50), (60, 50), (90, 50)), "response": scans((60, "sd"))},
        {**ON, "lesion": targets((-5, 50), (60, 50), (90, 50)), "response": scans((60, "sd"), (90, "sd"))},
    ),
    # Observed until day 200: 29 days after the end, and 28.
    "NO_TREATMENT_SINCE": (
        {"treatment": lines(0, ended=171), "contact": alive(190)},
        {"treatment": lines(0, ended=172), "contact": alive(190)},
    ),
    "CNS_NOT_IMAGED": (
        {"patient": [{"tumour_type": "lung"}], "imaging": images(0)},
        {"patient": [{"tumour_type": "lung"}], "imaging": images(0, is_cns_imaged=True)},
    ),
    "HER2_ISH_MISSING": (
        {"pathology": [{"test": "her2", "taken_on": day(0), "result": "2+ ISH missing"}]},
        {
            "pathology": [
                {"test": "her2", "taken_on": day(0), "result": "2+ ISH missing"},
                {"test": "her2", "taken_on": day(1), "result": "2+ ISH-"},
            ]
        },
    ),
    "HBV_MISSING": (
        {"characteristic": [{"name": "hbv_status", "value": "unknown"}]},
        {"characteristic": [{"name": "hbv_status", "value": "negative"}]},
    ),
    "OTHER_SITES_MISSING": (
        {"response": scans((60, "pd"), progression_site="bone", progression_pattern="new_lesion")},
        {
            "response": scans((60, "pd"), progression_site="bone", progression_pattern="new_lesion"),
            "lesion": targets((0, 20)),
        },
    ),
    "SITES_MISSING": (
        {"patient": [{"stage": "IV"}]},
        {"patient": [{"stage": "IV"}], "lesion": targets((0, 20))},
    ),
    "PARTIAL_DATE": (
        {"treatment": lines(0, started_on_precision="month")},
        {"treatment": lines(0, started_on_precision="day")},
    ),
    "PARTIAL_DATES": (
        {
            "treatment": lines(0, started_on_precision="month"),
            "imaging": images(30, imaged_on_precision="year"),
        },
        {
            "treatment": lines(0, started_on_precision="month"),
            "imaging": images(30, imaged_on_precision="day"),
        },
    ),
}
# No window of the plan has closed yet.
ENROLLED_LATE = {"patient": [{"enrolled_on": day(90)}]}
OLD_AND_NEW_ASSAY = {
    **ON,
    "ctdna_sample": [
        *draws((-5, 8000), (30, ND)),
        *[{**row, "sample_id": "N1"} for row in draws((60, 5000), panel="own")],
    ],
}
HITS |= {
    # The series before a change of assay
    "EARLIER_SERIES": (OLD_AND_NEW_ASSAY, line_course((-5, 8000), (30, ND), (60, 5000))),
    "EARLIER_SERIES_ONE": (
        {**ON, "ctdna_sample": [*draws((-5, 5000)), {**draws((1, 1), (40, 5000), panel="own")[1]}]},
        OLD_AND_NEW_ASSAY,
    ),
    # Progression with ctDNA not detected before the last pair
    "EARLIER_PD_NOT_DETECTED": (
        {
            **line_course((-5, 5000), (40, ND), (140, 900), scans_on=[(40, "pd"), (140, "sd")]),
            "treatment": lines(0, 60),
        },
        {
            **line_course((-5, 5000), (40, 5000), (140, 900), scans_on=[(40, "pd"), (140, "sd")]),
            "treatment": lines(0, 60),
        },
    ),
    "EARLIER_PD_NOT_DETECTED_MANY": (
        {
            **line_course(
                (-5, 5000), (40, ND), (100, ND), (180, 900), scans_on=[(40, "pd"), (100, "pd"), (180, "sd")]
            ),
            "treatment": lines(0, 60, 120),
        },
        {
            **line_course(
                (-5, 5000), (40, 900), (100, ND), (180, 900), scans_on=[(40, "pd"), (100, "pd"), (180, "sd")]
            ),
            "treatment": lines(0, 60, 120),
        },
    ),
    # Progression with site and pattern
    "PROGRESSION_IMAGING": (
        {**ON, "response": scans((60, "pd"), progression_pattern="new_lesion", progression_site="liver")},
        {**ON, "response": scans((60, "sd"))},
    ),
    "PROGRESSION_NOT_DESCRIBED": (
        {**ON, "response": scans((60, "pd"))},
        {**ON, "response": scans((60, "pd"), progression_site="liver")},
    ),
    # An equivocal lesion that proves to be one: the day of the call, and the day it was first seen.
    "PROGRESSION_SEEN_BEFORE": (
        {
            **ON,
            "response": [*scans((30, "sd"), new_lesion="equivocal"), *scans((60, "pd"), new_lesion="yes")],
        },
        {**ON, "response": [*scans((30, "sd"), new_lesion="no"), *scans((60, "pd"), new_lesion="yes")]},
    ),
    "PROGRESSION_CLINICAL": (
        {**ON, "response": scans((60, "pd"), basis="clinical")},
        {**ON, "response": scans((60, "pd"))},
    ),
    # PD called again on the line of the first; on the next line it is its own.
    "PROGRESSION_AGAIN": (
        {**ON, "response": scans((60, "pd"), (90, "pd"), progression_site="liver")},
        {"treatment": lines(0, 70), "response": scans((60, "pd"), (90, "pd"), progression_site="liver")},
    ),
    "PROGRESSION_AGAIN_NOT_DESCRIBED": (
        {**ON, "response": scans((60, "pd"), (90, "pd"))},
        {**ON, "response": [*scans((60, "pd"), basis="clinical"), *scans((90, "pd"))]},
    ),
    # Tissue report against the assay
    "TISSUE_DISAGREES": (
        {
            **line_course((-5, ND), panel="own"),
            "variant": variants("S1", "KRAS", status=ND),
            "pathology": tissue("wild type"),
        },
        {
            **line_course((-5, ND), panel="own"),
            "variant": variants("S1", "KRAS", status=ND),
            "pathology": tissue("X1Y"),
        },
    ),
    # Silence and death
    "SILENCE_ON_TREATMENT": ({**ON, "contact": alive(109)}, {**ON, "contact": alive(110)}),
    "SILENCE_OFF_TREATMENT": (
        {"treatment": lines(0, ended=10), "contact": alive(19)},
        {"treatment": lines(0, ended=10), "contact": alive(20)},
    ),
    "SILENCE_LOST": (
        {
            **ON,
            "contact": alive(150),
            "disposition": [{"kind": "lost_to_follow_up", "happened_on": day(160)}],
        },
        {**ON, "contact": alive(150)},
    ),
    # Of a transferred patient nothing is awaited; a record after the transfer shows that care goes on here.
    "SILENCE_TRANSFERRED": (
        {**ON, "contact": alive(150), "disposition": [{"kind": "transfer", "happened_on": day(150)}]},
        {**ON, "contact": alive(151), "disposition": [{"kind": "transfer", "happened_on": day(150)}]},
    ),
    "SILENCE_TRANSFERRED_UNDATED": (
        {**ON, "contact": alive(199), "disposition": [{"kind": "transfer"}]},
        {**ON, "contact": alive(200), "disposition": [{"kind": "transfer"}]},
    ),
    "DEATH_CAUSE_MISSING": ({**ON, "contact": dead(150)}, {**ON, "contact": dead(150, death_cause="cancer")}),
    "DEATH_DATE_IMPRECISE": (
        {**ON, "contact": dead(150, died_on_precision="month")},
        {**ON, "contact": dead(150, died_on_precision="day")},
    ),
    "DEATH_NO_IMAGING": (
        {**ON, "imaging": images(51), "contact": dead(150)},
        {**ON, "imaging": images(52), "contact": dead(150)},
    ),
    "NO_IMAGING_OFF_TREATMENT": (
        {**ENROLLED_LATE, "treatment": lines(0, ended=60), "imaging": images(101), "contact": alive(190)},
        {**ENROLLED_LATE, "treatment": lines(0, ended=60), "imaging": images(102), "contact": alive(190)},
    ),
    # The target sum beside the whole assessment
    "TRACE_PD_ELSEWHERE": (
        {
            **ON,
            "lesion": targets((0, 50), (60, 40)),
            "response": scans((60, "pd"), progression_pattern="new_lesion"),
        },
        {**ON, "lesion": targets((0, 50), (60, 40)), "response": scans((60, "pr"))},
    ),
    "TRACE_AFTER_PD": (
        {
            **ON,
            "lesion": targets((0, 50), (60, 40), (120, 38)),
            "response": [*scans((60, "pd"), new_lesion="yes"), *scans((120, "sd"))],
        },
        {
            **ON,
            "lesion": targets((0, 50), (60, 40), (120, 38)),
            "response": scans((60, "sd"), (120, "sd")),
        },
    ),
}
# A planned scan that was missed: scans a day before the window and a day after its grace.
HITS["SCAN_UNOBTAINABLE"] = (
    {**ON, "imaging": images(60, 119, 161), "response": scans((60, "sd")), "contact": alive(190)},
    {**ON, "imaging": images(60, 160), "response": scans((60, "sd")), "contact": alive(190)},
)
NOTES = {
    "NOTE_CNS": ({"progression_pattern": "cns"}, {"progression_pattern": "growth"}),
    "NOTE_LUNG_OR_PERITONEUM": ({"progression_site": "Lung"}, {"progression_site": "lung, liver"}),
    "NOTE_BONE": ({"progression_site": "bone"}, {"progression_site": "bone, liver"}),
    "NOTE_LOCAL": ({"progression_pattern": "in_field"}, {"progression_pattern": "growth"}),
}
NOTE_COURSES = (
    {
        f"{rule} {side}": {**ON, "ctdna_sample": draws(*CLEARED), "response": scans((40, "pd"), **values)}
        for rule, both in NOTES.items()
        for side, values in zip(("hit", "miss"), both, strict=True)
    }
    | {
        f"RULED_OUT {site}": {
            **ON,
            "ctdna_sample": draws(*CLEARED),
            "response": scans((40, "pd"), progression_pattern="new_lesion", progression_site=site),
        }
        for site in ("liver", "liver, bone", None)
    }
    # Recorded as bone-only; a progression of day 40 and a liver lesion on the day given.
    | {
        f"BONE_ONLY liver {at}": {
            **ON,
            "ctdna_sample": draws(*CLEARED),
            "response": scans((40, "pd")),
            "characteristic": [{"name": "bone_only", "value": "yes"}],
            "lesion": [
                {
                    "lesion_id": "N1",
                    "assessed_on": day(at),
                    "role": "new",
                    "organ": "liver",
                    "diameter_mm": 12,
                }
            ],
        }
        for at in (39, 40, 41)
    }
    | {
        "NOTE_HISTOLOGY hit": {
            **line_course(*CLEARED, scans_on=[(40, "pd")]),
            "patient": [{"histology": "Mucinous adenocarcinoma"}],
        },
        "NOTE_HISTOLOGY miss": {
            **line_course(*CLEARED, scans_on=[(40, "pd")]),
            "patient": [{"histology": "Adenocarcinoma"}],
        },
        "NOTE_AFTER_LOCAL_TREATMENT hit": {
            **line_course(*CLEARED, scans_on=[(40, "pd")]),
            "treatment": [*lines(0), *local(26)],
        },
        "NOTE_AFTER_LOCAL_TREATMENT miss": {
            **line_course(*CLEARED, scans_on=[(40, "pd")]),
            "treatment": [*lines(0), *local(25)],
        },
        "ASSAY_CHANGE course": {
            **ON,
            "ctdna_sample": [
                {**row, "panel": "fixed" if number == 0 else "own"}
                for number, row in enumerate(draws((-5, 5000), (40, 4000), (80, 3000), (120, 2000)))
            ],
        },
    }
)
LOCAL_HITS = {
    "LOW_SHEDDING_BEFORE_LOCAL": ([(0, ND), (40, ND)], [(1, ND), (40, ND)]),
    "LOW_SHEDDING": ([(1, ND), (40, ND)], [(1, ND), (40, 900)]),
    "NO_PRE_TREATMENT_LOCAL": ([(1, ND), (40, ND)], [(0, ND), (40, ND)]),
}
# A status PD before the systemic line of day 0, still PD on it; and one that only became PD, or a new lesion.
STANDING_HITS = {
    "PROGRESSION_STANDING": (
        scans((-20, "pd"), (60, "pd"), progression_site="liver"),
        scans((-20, "ned"), (60, "pd"), progression_site="liver"),
    ),
    "PROGRESSION_STANDING_NOT_DESCRIBED": (
        scans((-20, "pd"), (60, "pd")),
        [*scans((-20, "pd")), *scans((60, "pd"), new_lesion="yes")],
    ),
}
OTHER_LOCAL_HITS = ("LOW_SHEDDING_VISIBLE", "RESPONSE_UNREPORTED_LOCAL")
# A treated lesion the investigator calls controlled on day 60, reported as it is, or as something else.
CONTROLLED = [
    {"lesion_id": "L", "assessed_on": day(60), "role": "treated", "diameter_mm": 20, "state": "controlled"}
]
# The scan after it: the lesion is judged again, no status reported for the patient.
UNREPORTED = [*CONTROLLED, {**CONTROLLED[0], "assessed_on": day(90)}]
LOCAL_RESPONSES = {
    "agrees": (CONTROLLED, "ned"),
    "differs": (CONTROLLED, "equivocal"),
    "pd": (CONTROLLED, "pd"),
}
AFTER_LOCAL = {
    "index_origin": "local_therapy",
    "response_mode": "post_local_therapy",
    "draw_baseline_to_day": 0,
}


@pytest.fixture(scope="module")
def found():
    courses = {f"{rule} hit": hit for rule, (hit, _) in HITS.items()}
    courses |= {f"{rule} miss": miss for rule, (_, miss) in HITS.items()}
    return statements({**courses, **NOTE_COURSES})


@pytest.fixture(scope="module")
def after_local():
    courses = {
        f"{rule} {side}": {"treatment": local(0), "ctdna_sample": draws(*results)}
        for rule, both in LOCAL_HITS.items()
        for side, results in zip(("hit", "miss"), both, strict=True)
    }
    # test_low_shedding.py has every other case of it.
    courses |= {
        f"LOW_SHEDDING_VISIBLE {side}": {
            "treatment": local(0),
            "ctdna_sample": draws((0, ND)),
            "imaging": images(at),
        }
        for side, at in {"hit": -10, "miss": 1}.items()
    }
    courses |= {
        f"{rule} {side}": {"treatment": [*local(-90), *lines(0)], "response": responses}
        for rule, both in STANDING_HITS.items()
        for side, responses in zip(("hit", "miss"), both, strict=True)
    }
    courses |= {
        f"LOCAL {name}": {
            "treatment": local(-90),
            "lesion": lesions,
            "response": scans((60, reported), new_lesion="no"),
        }
        for name, (lesions, reported) in LOCAL_RESPONSES.items()
    }
    courses |= {
        f"RESPONSE_UNREPORTED_LOCAL {side}": {
            "treatment": local(-90),
            "lesion": UNREPORTED,
            "response": scans((60, "ned"), *more),
        }
        for side, more in {"hit": [], "miss": [(90, "ned")]}.items()
    }
    return statements(courses, settings=AFTER_LOCAL, low_shedding=True)


def rules_of(rows):
    return {row["rule"] for row in rows}


@pytest.mark.parametrize("rule", HITS)
def test_the_rule_speaks_where_it_is_met_and_not_just_beside_it(found, rule):
    assert rule in rules_of(found[f"{rule} hit"])
    assert rule not in rules_of(found[f"{rule} miss"])


@pytest.mark.parametrize("rule", [*LOCAL_HITS, *STANDING_HITS, *OTHER_LOCAL_HITS])
def test_after_local_treatment_too(after_local, rule):
    assert rule in rules_of(after_local[f"{rule} hit"])
    assert rule not in rules_of(after_local[f"{rule} miss"])


@pytest.mark.parametrize(
    ("name", "said"),
    [("agrees", set()), ("differs", {"RESPONSE_DIFFERS"}), ("pd", {"RESPONSE_DIFFERS_IN_PD"})],
)
def test_after_local_treatment_only_a_difference_between_reported_and_calculated_is_said(
    after_local, name, said
):
    rows = after_local[f"LOCAL {name}"]
    assert {row["rule"] for row in rows if row["statement"].startswith("RESPONSE")} - {
        "RESPONSE_MISSING"
    } == said


def test_low_shedding_is_said_only_where_the_study_names_such_sites(found):
    said = {rule for rows in found.values() for rule in rules_of(rows)}
    assert not said & {"LOW_SHEDDING", "LOW_SHEDDING_BEFORE_LOCAL", "LOW_SHEDDING_VISIBLE"}


@pytest.mark.parametrize(
    "note", sorted({name.split()[0] for name in NOTE_COURSES if name.startswith("NOTE")})
)
def test_a_note_is_ticked_where_the_data_hold_it_and_listed_without_a_tick_where_not(found, note):
    ticked = {
        side: next(row["is_recorded"] for row in found[f"{note} {side}"] if row["rule"] == note)
        for side in ("hit", "miss")
    }
    assert ticked == {"hit": True, "miss": False}


def test_bone_only_disease_is_ticked_until_a_site_elsewhere_is_seen(found):
    ticked = {
        at: next(row["is_recorded"] for row in found[f"BONE_ONLY liver {at}"] if row["rule"] == "NOTE_BONE")
        for at in (39, 40, 41)
    }
    assert ticked == {39: False, 40: False, 41: True}


def test_notes_stand_only_beside_progression_with_ctdna_not_detected(found):
    with_notes = [rows for rows in found.values() if any(row["kind"] == "NOTE" for row in rows)]
    assert with_notes
    for rows in with_notes:
        assert rules_of(rows) & {
            "AGREEMENT_PD_NOT_DETECTED",
            "AGREEMENT_PAST_PD_NOT_DETECTED",
            "EARLIER_PD_NOT_DETECTED",
            "EARLIER_PD_NOT_DETECTED_MANY",
        }
        assert len([row for row in rows if row["kind"] == "NOTE"]) <= 7


@pytest.mark.parametrize(
    ("site", "ruled_out"),
    [
        ("liver", {"NOTE_CNS", "NOTE_LUNG_OR_PERITONEUM", "NOTE_BONE", "NOTE_LOCAL"}),
        # Of several sites, or none, nothing is ruled out but a treated site: the lesion is new.
        ("liver, bone", {"NOTE_LOCAL"}),
        (None, {"NOTE_LOCAL"}),
    ],
)
def test_a_note_that_the_rows_rule_out_is_not_left_to_be_checked(found, site, ruled_out):
    notes = {row["rule"] for row in found[f"RULED_OUT {site}"] if row["kind"] == "NOTE"}
    every = {row["rule"] for row in found["NOTE_LOCAL miss"] if row["kind"] == "NOTE"}
    assert len(every) == 7
    assert every - notes == ruled_out


def test_a_first_draw_before_another_line_names_that_line(found):
    rows = found["NO_PRE_TREATMENT_OTHER_LINE hit"]
    assert [row["line"] for row in rows if row["statement"] == "NO_PRE_TREATMENT"] == [2]


def test_after_a_change_of_assay_a_state_stands_beside_the_first_draw_of_that_assay(found):
    """5000 on the assay before; 4000, 3000 and 2000 on the present one: falling by half from 4000."""
    (row,) = [row for row in found["ASSAY_CHANGE course"] if row["statement"] == "CTDNA_STATE"]
    assert (row["rule"], row["other_on"], row["other_level_sum"]) == (
        "STATE_PERSISTENT_FALLING",
        day(40),
        4000,
    )


def test_every_rule_of_a_statement_has_a_case():
    not_said = {"LEAD_NO_ORIGIN"}
    of_the_figure = {
        *("DATA_ISSUE", "DATA_ISSUES", "DATA_ISSUE_WITHDRAWN", "DATA_ISSUES_WITHDRAWN"),
        *("NEW_LEFT_OUT_CHIP", "NEW_LEFT_OUT_ORIGIN", "FIRST_DRAW_NO_BASELINE"),
    }
    # test_lead_time_said.py and test_ruling.py
    of_other_tests = {
        *("LEAD_NO_RESULT", "LEAD_NEVER_DETECTED", "LEAD_NO_DRAW", "LEAD_NO_EVENT"),
        *("LEAD_INFORMATIVE", "LEAD_NOT_INFORMATIVE", "LEAD_NOT_SAMPLED", "ELIGIBILITY_RULING"),
    }
    expected = {
        code
        for code, rule in rules().items()
        if rule.group == "statement" and not code.startswith(("WHY_", "NOTE_"))
    }
    said = {*HITS, *LOCAL_HITS, *STANDING_HITS, *OTHER_LOCAL_HITS}
    assert said == expected - not_said - of_the_figure - of_other_tests


def test_every_statement_has_a_sentence_a_reason_and_a_source(found, after_local):
    for rows in [*found.values(), *after_local.values()]:
        for row in rows:
            assert {row["rule"], f"WHY_{row['statement']}"} <= set(rules())
            assert row["source_table"], row["rule"]
            assert row["source_key"], row["rule"]


def test_a_patient_has_one_row_per_statement_and_card(found, after_local):
    for rows in [*found.values(), *after_local.values()]:
        said = [(row["kind"], row["rule"]) for row in rows]
        assert len(said) == len(set(said))


def test_working_days_leave_out_the_weekend(found):
    pending = {
        name: next(row["days"] for row in found[f"{name} hit"] if row["statement"] == "RESULT_PENDING")
        for name in ("RESULT_PENDING", "RESULT_PENDING_LATE")
    }
    assert pending == {"RESULT_PENDING": 15, "RESULT_PENDING_LATE": 16}


@pytest.mark.parametrize(
    ("called", "progressed"),
    [
        # The sum grows on after the PD of day 60: nobody called the scan of day 90, it adds no progression.
        ([(60, "pd")], 60),
        ([(60, "pd"), (90, "pd")], 90),
        # Nobody called anything: the calculation counts, from its first day.
        ([], 60),
    ],
)
def test_a_scan_after_progression_that_nobody_called_is_no_further_progression(called, progressed):
    course = {**ON, "lesion": targets((-5, 50), (60, 70), (90, 90)), "response": scans(*called)}
    rows = statements({"P": course})["P"]
    assert [row["day_on"] for row in rows if row["statement"] == "PROGRESSION"] == [day(progressed)]


@pytest.mark.parametrize(("enrolled", "is_said"), [(59, True), (60, True), (61, False)])
def test_a_stop_for_progression_before_enrolment_is_not_said(enrolled, is_said):
    """Line 1 stopped on day 60; nobody owes an assessment of a course from before enrolment."""
    course = {
        "patient": [{"enrolled_on": day(enrolled)}],
        "treatment": lines(0, ended=60, stop_reason="progression"),
    }
    assert ("STOPPED_FOR_PROGRESSION" in rules_of(statements({"P": course})["P"])) is is_said


def test_no_draw_is_said_to_be_planned_only_where_none_is(found):
    """Draw on day 101: no date of a draw, a window to come, a window overdue, a sample pending, a death."""
    old = draws((101, 900))
    undated = [{"enrolled_on": None}]
    died = [{"contact_on": day(190), "vital_status": "dead", "died_on": day(190)}]
    courses = {
        "none": {**ON, "ctdna_sample": old, "patient": undated},
        "to come": {**ON, "ctdna_sample": old, "patient": [{"enrolled_on": day(90)}]},
        "overdue": {**ON, "ctdna_sample": draws((-60, 900)), "contact": alive(190)},
        "pending": {**ON, "ctdna_sample": draws((101, 900), (190, "pending")), "patient": undated},
        "died": {**ON, "ctdna_sample": old, "patient": undated, "contact": died},
    }
    said = {name for name, rows in statements(courses).items() if "CTDNA_OLD" in rules_of(rows)}
    assert said == {"none"}


@pytest.mark.parametrize(("starts", "place"), [((0,), 8), ((0, 100), 37)])
def test_a_difference_in_the_date_of_progression_comes_first_on_the_latest_line(starts, place):
    """On an earlier line it stands before the progression, which is said at place 38."""
    course = {
        "treatment": lines(*starts),
        "lesion": targets((-5, 50), (60, 59), (90, 60)),
        "response": scans((60, "pd"), (90, "pd")),
    }
    (row,) = [row for row in statements({"P": course})["P"] if row["statement"] == "RESPONSE"]
    dates = (row["place"], row["day_on"], row["other_on"])
    assert dates == (place, day(60), day(90))
    assert (row["response"], row["other_response"]) == ("PD", "SD")


@pytest.mark.parametrize(("recorded", "is_missing"), [(199, False), (200, False), (201, True)])
def test_a_hepatitis_b_status_recorded_after_the_last_day_read_is_missing(recorded, is_missing):
    tables = {
        "patient": [{"patient_id": "P", "enrolled_on": day(0), "observed_until": day(200)}],
        "characteristic": [
            {"patient_id": "P", "name": "hbv_status", "value": "negative", "recorded_on": day(recorded)}
        ],
    }
    found = run_mart("patient_statement_gap", tables, columns="statement")
    assert (("HBV_MISSING",) in found) == is_missing
