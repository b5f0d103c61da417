-- Macros that turn text into values: pattern first, cast second; NULL where the text is not such a value.

-- Text as it is compared: full-width forms to ASCII, no-break and zero-width characters away, trimmed.
-- Printable ASCII is taken as it stands: the rest costs twenty times as much.
create or replace temporary macro plain_text(x) as case
    when regexp_full_match(x, '[!-~]([ -~]*[!-~])?') then x
    else trim(replace(replace(replace(replace(translate(
        nfc_normalize(x), '０１２３４５６７８９％．，：／＜＞＋－（）　' || chr(160), '0123456789%.,:/<>+-()' || '  '
    ), chr(8203), ''), chr(8204), ''), chr(8205), ''), chr(65279), ''))
end;

-- Year-month-day, year-month or year of a date written year first, or of a month and year.
-- Month before year is never ambiguous (03/2025, T3/2025); a day that is unknown is written UK, UN, UNK, ND, NK, XX.
create or replace temporary macro year_first(x) as case
    when regexp_full_match(x, '\d{4}-\d{2}-\d{2}') then x
    when regexp_full_match(
        x,
        '(\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日)'
        || '([ T]0{1,2}:00(:00(\.0+)?)?)?'
    ) then regexp_replace(x, '^(\d{4})\D(\d{1,2})\D(\d{1,2}).*$', '\1-\2-\3')
    when regexp_full_match(x, '\d{4}-\d{1,2}|\d{4}/\d{1,2}|\d{4}\.\d{1,2}|\d{4}年\d{1,2}月')
        then regexp_replace(x, '^(\d{4})\D(\d{1,2}).*$', '\1-\2')
    when regexp_full_match(x, '\d{4}年?') then left(x, 4)
    when regexp_full_match(x, '(?i)(UK|UN|UNK|ND|NK|XX)[-/. ](UK|UN|UNK|ND|NK|XX)[-/. ]\d{4}') then right(x, 4)
    when regexp_full_match(x, '(?i)((UK|UN|UNK|ND|NK|XX)[-/. ])?\d{1,2}[-/.]\d{4}|T\d{1,2}[-/.]\d{4}')
        then regexp_replace(x, '(?i)^([A-Z]+[-/. ]|T)?(\d{1,2})[-/.](\d{4})$', '\3-\2')
end;

-- Day before month (05/03/2025 is 5 March): only where the column is known to be so.
create or replace temporary macro day_first(x) as case
    when regexp_full_match(x, '(\d{1,2}-\d{1,2}-\d{4}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\.\d{1,2}\.\d{4})( 0{1,2}:00(:00)?)?')
        then regexp_replace(x, '^(\d{1,2})\D(\d{1,2})\D(\d{4}).*$', '\3-\2-\1')
    else year_first(x)
end;

-- Month before day (03/05/2025 is 5 March): only where declared.
create or replace temporary macro month_first(x) as case
    when regexp_full_match(x, '(\d{1,2}-\d{1,2}-\d{4}|\d{1,2}/\d{1,2}/\d{4})( 0{1,2}:00(:00)?)?')
        then regexp_replace(x, '^(\d{1,2})\D(\d{1,2})\D(\d{4}).*$', '\3-\1-\2')
    else year_first(x)
end;

-- ISO 8601 with a time of day, which is left out (SDTM); a partial date ends early.
create or replace temporary macro iso_datetime(x) as case
    when regexp_full_match(x, '\d{4}-\d{2}-\d{2}T\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?') then left(x, 10)
    else year_first(x)
end;

-- Serial number of a day in Excel's 1900 calendar, 1954 to 2119.
create or replace temporary macro excel_serial(x) as case
    when regexp_full_match(x, '[2-7]\d{4}(\.0+)?')
        then cast(date '1899-12-30' + cast(split_part(x, '.', 1) as integer) as varchar)
    else year_first(x)
end;

create or replace temporary macro is_written_day_first(x) as
    regexp_full_match(x, '\d{1,2}[-/.]\d{1,2}[-/.]\d{4}( 0{1,2}:00(:00)?)?');

create or replace temporary macro date_precision(ymd) as case length(ymd) - length(replace(ymd, '-', ''))
    when 2 then 'day' when 1 then 'month' when 0 then 'year' end;

-- The date of year-month-day text; of a month or year its last day. A year outside 1900 to 2100 is none
-- (2568 is a Buddhist year).
create or replace temporary macro last_date(ymd) as case
    when left(ymd, 4) < '1900' or left(ymd, 4) > '2100' then null
    else case length(ymd) - length(replace(ymd, '-', ''))
        when 2 then try_cast(ymd as date)
        when 1 then last_day(try_cast(ymd || '-01' as date))
        when 0 then try_cast(ymd || '-12-31' as date)
    end
end;

create or replace temporary macro first_date(ymd) as case
    when left(ymd, 4) < '1900' or left(ymd, 4) > '2100' then null
    else case length(ymd) - length(replace(ymd, '-', ''))
        when 2 then try_cast(ymd as date)
        when 1 then try_cast(ymd || '-01' as date)
        when 0 then try_cast(ymd || '-01-01' as date)
    end
end;

create or replace temporary macro yes_no(x) as case lower(x)
    when 'true' then true when 'yes' then true when 'y' then true when '1' then true
    when 'false' then false when 'no' then false when 'n' then false when '0' then false
end;
