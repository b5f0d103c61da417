-- One row per laboratory value (LB), vital sign (VS) and performance status (QS or RS).
-- from: lb, vs, qs
-- otherwise: not_a_measurement
with code as (
    select * from (values
        ('NEUT', 'anc'), ('BILI', 'bilirubin'), ('CREAT', 'creatinine'), ('PLAT', 'platelets'), ('HGB', 'haemoglobin'),
        ('CA125AG', 'ca_125'), ('CA15_3', 'ca_15_3'), ('CA15-3', 'ca_15_3'), ('CA19_9', 'ca_19_9'), ('CA19-9', 'ca_19_9'),
        ('CEA', 'cea'), ('AFP', 'afp'), ('ECOG101', 'ecog'), ('ECOG1', 'ecog')
    ) as code (test, name)
),
result as (
    select
        "USUBJID", "LBTESTCD" as test, "LBSTRESN" as number, "LBSTRESC" as text, "LBSTRESU" as unit, "LBDTC" as measured_on,
        "VISIT" as visit, concat_ws(' ', "LBORRES", "LBORRESU") as as_written, "LBSTNRLO" as lower_normal,
        "LBSTNRHI" as upper_normal, "LBSTAT" as done, source_file, source_row
    from source.lb
    union all
    select
        "USUBJID", "VSTESTCD", "VSSTRESN", "VSSTRESC", "VSSTRESU", "VSDTC",
        concat_ws(', ', "VISIT", "VSTPT"), concat_ws(' ', "VSORRES", "VSORRESU"), null, null, "VSSTAT", source_file, source_row
    from source.vs
    union all
    select
        "USUBJID", "QSTESTCD", "QSSTRESN", "QSSTRESC", null, "QSDTC", "VISIT", "QSORRES", null, null, null, source_file,
        source_row
    from source.qs where "QSTESTCD" ilike 'ecog%'
),
final as (
    select
        result."USUBJID" as patient_id,
        case
            when code.name = 'haemoglobin' and result.unit not in ('g/L', 'g/dL') then lower(result.test)
            else coalesce(code.name, lower(result.test))
        end as name,
        result.measured_on,
        result.visit,
        case when result.text similar to '[<>].*' then left(result.text, 1) end as comparator,
        coalesce(result.number, regexp_extract(result.text, '^[<>] *(\d+(?:\.\d+)?)$', 1)) as value,
        case when upper(result.unit) in ('GI/L', 'THOU/UL', '10^9/L') then '10^9/L' else result.unit end as unit,
        nullif(result.as_written, '') as value_as_written,
        result.lower_normal,
        result.upper_normal,
        result.source_file,
        result.source_row
    from result left join code on code.test = upper(result.test)
    where coalesce(upper(result.done), '') <> 'NOT DONE'
)
select * from final
