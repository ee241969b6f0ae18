-- purpose: goal, gap, what the listed opportunities give, and what remains
-- grain: dealer x scenario
-- decisions: only dealers whose last 12 weeks are known and above zero have a goal. What is found never counts twice:
--   gap = vertical + horizontal + remaining; remaining is negative where more is found than the goal asks for
with found as (
    select
        dealer_id,
        sum(frequency_expected) as frequency_expected,
        sum(ticket_expected) as ticket_expected,
        sum(activate_expected) as activate_expected,
        sum(vertical_expected) as vertical_expected,
        sum(horizontal_expected) as horizontal_expected,
        sum(retain_expected) as retain_expected,
        sum(activated_outlets) as activated_outlets,
        sum(new_outlets) as new_outlets,
        sum(vertical_variance) as vertical_variance,
        sum(horizontal_variance) as horizontal_variance,
        sum(unlearned_rows) as unlearned_rows
    from plan_opportunities
    group by dealer_id
),

nets as (
    select dealer_id, sum(expected_all_active) as net_active_expected
    from dealer_vertical_totals
    group by dealer_id
),

goals as (
    select
        n.dealer_id,
        g.scenario,
        g.goal_factor,
        cast(n.sales as decimal(18, 4)) as sales,
        cast(cast(n.sales as decimal(18, 4)) * g.goal_factor as decimal(18, 4)) as goal_sales,
        u.season_factor,
        cast(cast(n.sales as decimal(18, 4)) * u.season_factor as decimal(18, 4)) as usual_sales
    from dealer_sums as n
    inner join dealer_reports as r on r.dealer_id = n.dealer_id and r.snapshot = 0
    cross join goal_scenarios as g
    inner join usual_season as u on u.origin = 0
    where n.snapshot = 0 and n.sales > 0 and not r.is_not_reported
)

select
    g.dealer_id,
    g.scenario,
    g.goal_factor,
    g.sales,
    g.goal_sales,
    g.goal_sales - g.sales as gap,
    g.season_factor,
    g.usual_sales,
    coalesce(f.frequency_expected, 0) as frequency_expected,
    coalesce(f.ticket_expected, 0) as ticket_expected,
    coalesce(f.activate_expected, 0) as activate_expected,
    coalesce(f.vertical_expected, 0) as vertical_expected,
    coalesce(f.horizontal_expected, 0) as horizontal_expected,
    coalesce(f.vertical_expected, 0) + coalesce(f.horizontal_expected, 0) as expected_total,
    g.goal_sales - g.sales - coalesce(f.vertical_expected, 0) - coalesce(f.horizontal_expected, 0) as remaining,
    coalesce(f.retain_expected, 0) as retain_expected,
    coalesce(n.net_active_expected, 0) as net_active_expected,
    coalesce(f.activated_outlets, 0) as activated_outlets,
    coalesce(f.new_outlets, 0) as new_outlets,
    1.2816 * sqrt(cast(coalesce(f.vertical_variance, 0) as double)) as vertical_spread,
    1.2816 * sqrt(cast(coalesce(f.horizontal_variance, 0) as double)) as horizontal_spread,
    1.2816 * sqrt(cast(coalesce(f.vertical_variance + f.horizontal_variance, 0) as double)) as total_spread,
    coalesce(f.unlearned_rows, 0) as unlearned_rows
from goals as g
left join found as f on f.dealer_id = g.dealer_id
left join nets as n on n.dealer_id = g.dealer_id
