"""Every mart stays inside the portable subset, and the checker sees each way out of it."""

import re

import pytest

from dashboard.marts.build import ORDER
from dashboard.model.tables import canonical_tables, definition_tables
from tests.architecture.portable_sql import portability_problems, source_problems
from tests.architecture.source import ROOT, mart_files

PORTABLE = """\
-- One row per patient with a valid sample.
with samples as (
    select patient_id, sample_id, collected_on, maf_ppm, status from usable_ctdna_sample
),
numbered as (
    select
        patient_id, collected_on, status,
        cast(sum(maf_ppm) over (partition by patient_id) as decimal(20, 3)) as sum_maf_ppm,
        row_number() over (
            partition by patient_id order by collected_on desc nulls last, sample_id nulls last
        ) as place
    from samples
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(date_diff('day', min(collected_on), max(collected_on)) - 1 as bigint) as spread_days,
        cast(add_months(max(collected_on), 6) as date) as next_on,
        cast(max(collected_on) - 28 as date) as window_from_on,
        cast(coalesce(cast(sum(place) filter (where status = 'DETECTED') as bigint), 0) as bigint) as n,
        cast(least(coalesce(max(place), 0), 3, -1) as bigint) as capped
    from numbered
    group by patient_id
)
select * from final
"""


def select_of(expression: str, *, rest: str = "from usable_patient") -> str:
    return f"-- One row per patient.\nselect cast({expression} as bigint) as x {rest}\n"


def test_every_mart_is_portable():
    problems = {file.name: portability_problems(file.read_text(encoding="utf-8")) for file in mart_files()}
    assert {name: found for name, found in problems.items() if found} == {}


def test_a_portable_mart_is_not_reported():
    assert portability_problems(PORTABLE) == []


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("select 1 from", "does not parse"),
        ("-- One row per patient.\nselect cast(1 as int) as x; select cast(2 as int) as x", "one SELECT"),
        ("-- One row per patient.\ncreate table t as select cast(1 as int) as x", "one SELECT"),
        (select_of("sample.x", rest="from usable_ctdna_sample as sample"), "a word of SQL"),
        (select_of("over.x", rest="from usable_ctdna_sample as over"), "a word of SQL"),
        ("-- All patients.\nselect cast(1 as int) as x", "does not begin with"),
        (select_of("avg(age)"), "AVG"),
        (select_of("mean(age)"), "AVG"),
        (select_of("a / b"), "division"),
        (select_of("divide(a, b)"), "division"),
        (select_of("arg_max(a, b)"), "arg_max"),
        (select_of("max_by(a, b)"), "arg_max"),
        (select_of("min_by(a, b)"), "arg_min"),
        (select_of("a", rest="from t qualify row_number() over (order by a nulls last) = 1"), "QUALIFY"),
        ("-- One row per patient.\nselect distinct on (a) cast(a as int) as a from t", "DISTINCT ON"),
        ("-- One row per patient.\nselect * replace (cast(a as int) as a) from t", "a star that replaces"),
        ("-- One row per patient.\nselect * exclude (a) from t", "a star that replaces"),
        (select_of("enrolled_on + interval 3 day"), "INTERVAL"),
        (select_of("date_trunc('month', enrolled_on)"), "date_trunc"),
        (select_of("date_sub('day', a_on, b_on)"), "date_sub"),
        (select_of("date_diff('month', a_on, b_on)"), "another unit"),
        (select_of("b_on - a_on"), "date - date"),
        (select_of("observed_until - a_on"), "date - date"),
        (select_of("max(b_on) - cast(a_on as date)"), "date - date"),
        (select_of("lag(b_on) over (order by c nulls last) - n"), "date - date"),
        (select_of("coalesce(sum(n), 0)"), "a sum without a cast"),
        (select_of("count(*)", rest="from t having sum(n) > 1"), "a sum without a cast"),
        (select_of("cast(sum(maf) as double)"), "a float sum"),
        (select_of("least(a, coalesce(b, 0))"), "without coalesce"),
        (select_of("greatest(coalesce(a, 0), max(b))"), "without coalesce"),
        (select_of("row_number() over (order by a)"), "without nulls first"),
        (select_of("row_number() over (order by a nulls last, b desc)"), "orders by 'b desc'"),
        (select_of("sum(n) over (order by coalesce(a, b) rows 1 preceding)"), "orders by 'coalesce(a, b)'"),
        (select_of("rank() over w", rest="from t window w as (partition by a order by b)"), "orders by 'b'"),
        (select_of("a", rest="from (select a from t) as s"), "unnamed step"),
        ("-- One row per patient.\nselect count(*) as n from t", "output column"),
        ("-- One row per patient.\nselect try_cast(a as int) as n from t", "output column"),
        ("-- One row per patient.\nselect cast(a as int) from t", "output column"),
        ("-- One row per patient.\nselect * from t", "output column"),
        ("-- One row per patient.\nwith final as (select a from t) select * from final", "output column"),
        (
            "-- One row per patient.\nwith final as (select cast(1 as int) as a union all select b from t)\n"
            "select * from final",
            "output column",
        ),
        ("-- One row per patient.\nwith recursive s as (select 1) select cast(1 as int) as x", "recursive"),
        ("-- One row per patient.\nSELECT cast(a as int) as a from t", "'SELECT' is not in lower case"),
    ],
)
def test_a_step_outside_the_subset_is_reported(text, reported):
    assert [problem for problem in portability_problems(text) if reported in problem] != []


def test_the_first_arm_of_a_union_names_the_columns_of_all():
    text = (
        "-- One row per patient.\nwith final as (select cast(a as date) as a from t union all "
        "select cast(null as date) from t) select * from final"
    )
    assert portability_problems(text) == []
    assert portability_problems(text.replace(" as a from", " from")) != []


def test_strings_and_comments_may_hold_capitals():
    text = "-- One row per patient, RECIST 1.1.\nselect cast('PD' as varchar) as response from usable_patient"
    assert portability_problems(text) == []


def test_marts_read_usable_views_definition_tables_and_marts_before_them():
    inputs = {f"usable_{name}" for name in canonical_tables()} | set(definition_tables())
    problems = {
        file.name: source_problems(
            file.read_text(encoding="utf-8"), allowed=inputs | set(ORDER[: ORDER.index(file.stem)])
        )
        for file in mart_files()
        if file.stem in ORDER
    }
    assert {name: found for name, found in problems.items() if found} == {}


def test_reading_a_table_around_the_usable_views_is_reported():
    text = "with final as (select * from patient join usable_response using (patient_id)) select * from final"
    assert source_problems(text, allowed={"usable_response"}) == [
        "reads patient, which is no input of a mart"
    ]


def test_every_mart_file_has_a_place_in_the_order_of_the_build():
    assert {file.stem for file in mart_files()} - set(ORDER) == set()


# What may be read ends at patient.observed_until, which knows withdrawals and relative calendars.
CUT_OFF = re.compile(r"cut_?off", re.IGNORECASE)


def test_no_mart_names_the_cut_off():
    assert [file.name for file in mart_files() if CUT_OFF.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("text", ["where a <= cut_off", "study.CUT_OFF", "cutoff_on"])
def test_the_word_cut_off_is_recognised(text):
    assert CUT_OFF.search(text)


def test_the_checks_look_into_the_folder_where_marts_lie():
    assert (ROOT / "src" / "dashboard" / "marts").is_dir()
