-- purpose: what new outlets bought in their first 12 weeks, against what they bought in the window in which they were new
-- grain: one row
-- decisions: over all new outlets whose first 12 weeks are over by as_of. The window of a forecast holds only part of them: an
--   outlet that orders first in week 6 has half of it left
with first_days as (
    select n.outlet_id, n.snapshot, max(n.sales) as window_sales, min(d.sold_on) as first_on
    from new_outlets as n
    inner join taught_origins as t on t.snapshot = n.snapshot and t.origin = 0
    inner join pair_days as d
        on d.outlet_id = n.outlet_id and d.period between n.snapshot - 3 and n.snapshot - 1 and d.orders > 0
    group by n.outlet_id, n.snapshot
),

whole as (
    select f.outlet_id, f.snapshot, f.window_sales, f.first_on
    from first_days as f
    cross join analysis_window as w
    where f.first_on <= w.as_of - interval '83 days'
),

first_weeks as (
    select w.outlet_id, w.snapshot, max(w.window_sales) as window_sales, sum(d.sales) as first_12w_sales
    from whole as w
    inner join pair_days as d
        on d.outlet_id = w.outlet_id and d.sold_on >= w.first_on and d.sold_on <= w.first_on + interval '83 days'
    group by w.outlet_id, w.snapshot
)

select
    count(*) as starts,
    case
        when sum(window_sales) > 0 then cast(sum(first_12w_sales) as double) / cast(sum(window_sales) as double)
    end as first_12w_factor
from first_weeks
