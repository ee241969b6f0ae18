-- purpose: second and later rows of a dealer, outlet or product
-- grain: export line
-- decisions: the first row counts, by export name and line, so that a rerun decides alike
with later_rows as (
    select s.export_key, s.export_line, 'dealer_id' as column_name, s.dealer_id as raw_value
    from staged_dealers as s
    left anti join dealers as k on k.export_key = s.export_key and k.export_line = s.export_line
    union all
    select s.export_key, s.export_line, 'outlet_id' as column_name, s.outlet_id as raw_value
    from staged_outlets as s
    left anti join outlet_master as k on k.export_key = s.export_key and k.export_line = s.export_line
    union all
    select s.export_key, s.export_line, 'product_id' as column_name, s.product_id as raw_value
    from staged_products as s
    left anti join products as k on k.export_key = s.export_key and k.export_line = s.export_line
)

select
    export_key,
    export_line,
    column_name,
    raw_value,
    'duplicate_key' as reason_code,
    column_name || ': another row has the same key; the first one counts' as message,
    cast(null as decimal(18, 4)) as amount
from later_rows
