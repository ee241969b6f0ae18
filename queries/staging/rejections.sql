-- purpose: every rejected row, whether it was wrong by itself or beside the others
-- grain: export line
-- decision: 200 characters show what was wrong; an export that lost its delimiters would bring whole files along
with all_rejections as (
    select export_key, export_line, column_name, raw_value, reason_code, message, amount from parse_rejections
    union all
    select export_key, export_line, column_name, raw_value, reason_code, message, amount from rejected_sales
    union all
    select export_key, export_line, column_name, raw_value, reason_code, message, amount from rejected_masters
    union all
    select export_key, export_line, column_name, raw_value, reason_code, message, amount from rejected_market
    union all
    select export_key, export_line, column_name, raw_value, reason_code, message, amount from rejected_targets
    union all
    select export_key, export_line, column_name, raw_value, reason_code, message, amount from rejected_promotions
    union all
    select export_key, export_line, column_name, raw_value, reason_code, message, amount from rejected_visits
)

select
    e.source,
    e.export,
    r.export_key,
    r.export_line,
    r.column_name,
    left(r.raw_value, 200) as raw_value,
    r.reason_code,
    r.message,
    r.amount
from all_rejections as r
inner join exports as e on e.export_key = r.export_key
