-- purpose: accepted rows and money of each export, counted where the analysis reads them
-- grain: export
with accepted as (
    select export_key, count(*) as accepted_rows, sum(amount) as accepted_amount
    from accepted_sales
    group by export_key
    union all
    select export_key, count(*) as accepted_rows, sum(target_amount) as accepted_amount
    from (select distinct export_key, export_line, target_amount from target_months)
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
)

select export_key, accepted_rows, accepted_amount
from accepted
