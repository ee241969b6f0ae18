-- purpose: to which outlets each export has sales, and until when
-- grain: export x dealer x outlet
-- computed: by export
-- decisions: all accepted lines are counted; last_sold_on looks at no day after as_of, and is NULL without one before it.
--   Added up from the days of pairs, which are a third of the lines
with days as (
    select export_key, dealer_id, outlet_id, is_direct, sold_on, order_lines, sales
    from export_pair_days
    union all
    select export_key, dealer_id, outlet_id, is_direct, sold_on, 1 as order_lines, amount as sales
    from shared_lines
)

select
    d.export_key,
    d.dealer_id,
    d.outlet_id,
    bool_or(d.is_direct) as is_direct,
    sum(d.order_lines) as order_lines,
    cast(sum(d.sales) as decimal(18, 4)) as sales,
    max(case when d.sold_on <= c.counted_to then d.sold_on end) as last_sold_on
from export_cuts as c
inner join days as d on d.export_key = c.export_key
group by d.export_key, d.dealer_id, d.outlet_id
