-- purpose: to which outlets each export has sales, through which channel, and until when
-- grain: export x dealer x outlet x channel x whether it is direct
-- computed: by export
-- decisions: all accepted lines are counted; last_sold_on looks at no day after as_of, and is NULL without one before it
select
    p.export_key,
    p.dealer_id,
    p.outlet_id,
    p.channel,
    p.is_direct,
    count(*) as order_lines,
    cast(sum(p.amount) as decimal(18, 4)) as sales,
    max(case when p.sold_on <= c.counted_to then p.sold_on end) as last_sold_on
from export_cuts as c
inner join placed_sales as p on p.export_key = c.export_key
group by p.export_key, p.dealer_id, p.outlet_id, p.channel, p.is_direct
