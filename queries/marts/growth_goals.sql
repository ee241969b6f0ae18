-- purpose: what each dealer's goal asks for, what the found opportunities give, what remains, and what it would take
-- grain: dealer x scenario
-- parameters: $as_of, $lang
-- decisions: a dealer whose last 12 weeks are not reported or not above zero has no goal: its row says so. How often a label
--   came true is counted over all dealers and tested origins
select
    $as_of as as_of,
    d.dealer_id,
    d.dealer_name,
    d.region,
    s.scenario,
    cast(s.goal_factor as double) as goal_factor,
    g.sales as sales_12w,
    g.goal_sales,
    g.gap,
    cast(g.vertical_expected as decimal(18, 4)) as vertical_expected,
    r.vertical_stretch,
    cast(g.horizontal_expected as decimal(18, 4)) as horizontal_expected,
    r.horizontal_high,
    cast(g.expected_total as decimal(18, 4)) as expected_total,
    r.stretch_total,
    cast(g.remaining as decimal(18, 4)) as remaining,
    cast(g.sales + g.expected_total as double) / cast(g.sales as double) as expected_factor,
    cast(g.net_active_expected as decimal(18, 4)) as net_active_expected,
    cast(g.retain_expected as decimal(18, 4)) as retain_expected,
    cast(g.season_factor as double) as season_factor,
    g.usual_sales,
    r.reachability,
    case when r.reachability is not null then coalesce(k.trials, 0) end as label_trials,
    cast(k.reached as double) / k.trials as label_reached_share,
    f.covered_outlets,
    f.covered_outlets_expected,
    f.covered_outlets_needed,
    f.active_rate,
    f.active_rate_expected,
    f.active_rate_needed,
    f.orders_per_active_outlet,
    f.orders_per_active_outlet_expected,
    f.orders_per_active_outlet_needed,
    f.average_order_value,
    f.average_order_value_expected,
    f.average_order_value_needed,
    f.common_factor,
    f.common_factor_of_three,
    case
        when g.dealer_id is not null and $lang = 'zh' then t.reason || '；' || y.reason
        when g.dealer_id is not null then t.reason || '; ' || y.reason
        when n.is_not_reported and $lang = 'zh'
            then '无目标：' || cast(n.reported_until as varchar) || ' 之后没有上报，最近 12 周的销售未知'
        when n.is_not_reported
            then 'no goal: nothing is reported after ' || cast(n.reported_until as varchar)
                || ', so the last 12 weeks are not known'
        when $lang = 'zh' then '无目标：最近 12 周净销售不大于零，没有可乘的基数'
        else 'no goal: net sales of the last 12 weeks are not above zero, so there is nothing to multiply'
    end as reason
from dealers as d
cross join goal_scenarios as s
inner join dealer_reports as n on n.dealer_id = d.dealer_id and n.snapshot = 0
left join dealer_goals as g on g.dealer_id = d.dealer_id and g.scenario = s.scenario
left join goal_reaches as r on r.dealer_id = d.dealer_id and r.scenario = s.scenario
left join goal_records as k on k.scenario = r.scenario and k.reachability = r.reachability
left join goal_factors as f on f.dealer_id = d.dealer_id and f.scenario = s.scenario
left join goal_reasons as t on t.dealer_id = d.dealer_id and t.scenario = s.scenario
left join factor_reasons as y on y.dealer_id = d.dealer_id and y.scenario = s.scenario
