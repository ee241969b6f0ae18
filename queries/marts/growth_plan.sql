-- purpose: what to agree on with a dealer: its goal by channel and by the next three periods
-- grain: dealer x scenario x channel x period (1 to 3, each 28 days, from the day after as_of)
-- parameters: $as_of
-- decisions: planned = current + vertical + horizontal + remaining in every row, and each of them adds up to the
--   dealer's in growth_goals, to the last digit. A dealer without a goal has no rows
with periods as (
    select
        dealer_id,
        scenario,
        channel,
        period,
        sum(units) as planned_units,
        sum(case when part = 'current' then units else 0 end) as current_units,
        sum(case when part = 'vertical' then units else 0 end) as vertical_units,
        sum(case when part = 'horizontal' then units else 0 end) as horizontal_units,
        sum(case when part = 'remaining' then units else 0 end) as remaining_units
    from plan_parts
    group by dealer_id, scenario, channel, period
)

select
    $as_of as as_of,
    p.dealer_id,
    d.dealer_name,
    d.region,
    p.scenario,
    p.channel,
    cast(p.period as bigint) as period,
    cast(to_timestamp_seconds((cast($as_of as int) + 28 * p.period - 27) * 86400) as date) as starts_on,
    cast(to_timestamp_seconds((cast($as_of as int) + 28 * p.period) * 86400) as date) as ends_on,
    cast(c.sales as decimal(18, 4)) as sales_12w,
    cast(p.current_units * cast(0.0001 as decimal(5, 4)) as decimal(18, 4)) as current_sales,
    cast(p.vertical_units * cast(0.0001 as decimal(5, 4)) as decimal(18, 4)) as vertical_value,
    cast(p.horizontal_units * cast(0.0001 as decimal(5, 4)) as decimal(18, 4)) as horizontal_value,
    cast(p.remaining_units * cast(0.0001 as decimal(5, 4)) as decimal(18, 4)) as remaining_value,
    cast(p.planned_units * cast(0.0001 as decimal(5, 4)) as decimal(18, 4)) as planned_sales,
    cast(s.weight as double) / cast(s.total_weight as double) as season_share,
    s.season_basis,
    s.season_outlets
from periods as p
inner join dealers as d on d.dealer_id = p.dealer_id
inner join plan_channels as c
    on c.dealer_id = p.dealer_id and c.scenario = p.scenario and c.channel = p.channel
inner join plan_seasons as s on s.region = d.region and s.channel = p.channel and s.period = p.period
