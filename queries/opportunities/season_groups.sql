-- purpose: how sales of the same three periods were spread a year ago, by group of pairs
-- grain: region x channel, channel, and all; is_all_regions and is_all_channels tell which
-- decisions: the next periods are 12, 11 and 10 of a year ago, on the same days of the week. A group says something
--   with 30 pairs that ordered in them, and sales in each
with pair_years as (
    select
        p.region,
        p.channel,
        sum(case when y.period = 12 then y.sales else 0 end) as sales_1,
        sum(case when y.period = 11 then y.sales else 0 end) as sales_2,
        sum(case when y.period = 10 then y.sales else 0 end) as sales_3,
        max(case when y.orders > 0 then 1 else 0 end) as has_ordered
    from pair_periods as y
    inner join pairs as p on p.pair_number = y.pair_number
    inner join analysis_window as w on w.as_of - w.history_starts_on >= 13 * 28 - 1
    where y.period between 10 and 12
    group by y.pair_number, p.region, p.channel
)

select
    region,
    channel,
    grouping(region) as is_all_regions,
    grouping(channel) as is_all_channels,
    sum(sales_1) as sales_1,
    sum(sales_2) as sales_2,
    sum(sales_3) as sales_3,
    sum(has_ordered) as season_outlets
from pair_years
group by grouping sets ((region, channel), (channel), ())
having sum(has_ordered) >= 30 and sum(sales_1) > 0 and sum(sales_2) > 0 and sum(sales_3) > 0
