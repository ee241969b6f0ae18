-- purpose: what adopters spent on the new category, in orders of their size, as each origin had seen it
-- grain: origin x channel x category
-- decisions: ratio of sums: their sales of the category in the 12 weeks / their order sizes before. By channel and category if
--   there are at least 30 adopters, else by category if there are at least 10; else nobody knows, and there is no row
with taught as (
    select
        t.origin,
        a.channel,
        a.category,
        count(*) as adopters,
        sum(a.sales) as sales,
        sum(a.order_size) as order_size
    from taught_origins as t
    inner join settled.range_adopters as a on a.snapshot = t.snapshot
    group by t.origin, a.channel, a.category
),

of_category as (
    select origin, category, sum(adopters) as adopters, sum(sales) as sales, sum(order_size) as order_size
    from taught
    group by origin, category
),

channels as (
    select distinct channel
    from range_pairs
),

levelled as (
    select
        o.origin,
        c.channel,
        o.category,
        case when t.adopters >= 30 then 'channel and category' else 'category' end as spend_level,
        case when t.adopters >= 30 then t.adopters else o.adopters end as adopters_seen,
        case when t.adopters >= 30 then t.sales else o.sales end as sales,
        case when t.adopters >= 30 then t.order_size else o.order_size end as order_size
    from of_category as o
    cross join channels as c
    left join taught as t on t.origin = o.origin and t.channel = c.channel and t.category = o.category
    where o.adopters >= 10
)

select
    origin,
    channel,
    category,
    spend_level,
    adopters_seen,
    cast(greatest(0.0, cast(sales as double) / cast(order_size as double)) as decimal(12, 6)) as spend_in_orders
from levelled
