-- purpose: the pairs whose range can be judged at an origin
-- grain: pair x snapshot
-- decisions: an order in the 12 weeks and at least four in the 52 weeks to the day. What an outlet with fewer orders did
--   not buy in a year says little about its range. A dealer's own direct outlet stands for many and has no range.
--   As in pair_origins, the dealer has reported until the outcome is over, or until today. order_size is midway between
--   the pair's own net sales per order and its channel's: on what adopters spent, half of the difference in order size
--   shows
with moments as (
    select origin as snapshot
    from taught_origins
    union
    select snapshot
    from taught_origins
),

judged as (
    select
        p.pair_number,
        p.region,
        p.channel,
        p.origin as snapshot,
        p.orders_52w,
        p.sales as sales_12w,
        cast(cast(p.sales_52w as double) / p.orders_52w as decimal(18, 4)) as sales_per_order
    from pair_origins as p
    inner join moments as m on m.snapshot = p.origin
    where p.orders > 0 and p.orders_52w >= 4 and p.sales_52w > 0 and not p.is_direct
),

of_channel as (
    select snapshot, channel, cast(cast(sum(sales_per_order) as double) / count(*) as decimal(18, 4)) as sales_per_order
    from judged
    group by snapshot, channel
)

select
    j.pair_number,
    j.region,
    j.channel,
    j.snapshot,
    j.orders_52w,
    case
        when j.orders_52w < 6 then 4
        when j.orders_52w < 9 then 6
        when j.orders_52w < 13 then 9
        when j.orders_52w < 26 then 13
        else 26
    end as orders_band,
    j.sales_12w,
    j.sales_per_order,
    c.sales_per_order as channel_sales_per_order,
    cast((j.sales_per_order + c.sales_per_order) * cast(0.5 as decimal(2, 1)) as decimal(18, 4)) as order_size
from judged as j
inner join of_channel as c on c.snapshot = j.snapshot and c.channel = j.channel
