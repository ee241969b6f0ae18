-- purpose: accepted rows and money of each export, counted where the analysis reads them
-- grain: export
with accepted as (
    select export_key, sum(order_lines) as accepted_rows, sum(sales) as accepted_amount
    from accepted_days
    group by export_key
    union all
    select export_key, count(*) as accepted_rows, sum(target_amount) as accepted_amount
    from (
        select s.export_key, s.export_line, sum(s.target_amount) as target_amount
        from staged_targets as s
        left anti join rejected_targets as r on r.export_key = s.export_key and r.export_line = s.export_line
        group by s.export_key, s.export_line
    )
    group by export_key
    union all
    select export_key, count(*) as accepted_rows, cast(null as decimal(28, 4)) as accepted_amount
    from dealers
    group by export_key
    union all
    select export_key, count(*) as accepted_rows, cast(null as decimal(28, 4)) as accepted_amount
    from outlet_master
    group by export_key
    union all
    select export_key, count(*) as accepted_rows, cast(null as decimal(28, 4)) as accepted_amount
    from products
    group by export_key
    union all
    select export_key, count(*) as accepted_rows, cast(null as decimal(28, 4)) as accepted_amount
    from market_cells
    group by export_key
    union all
    select export_key, count(*) as accepted_rows, cast(null as decimal(28, 4)) as accepted_amount
    from promotions
    group by export_key
    union all
    select export_key, count(*) as accepted_rows, cast(null as decimal(28, 4)) as accepted_amount
    from visits
    group by export_key
)

select export_key, accepted_rows, accepted_amount
from accepted
