-- purpose: the goals that dealers would have had at earlier origins, how far they seemed within reach, and what was sold
-- grain: scenario x origin x dealer
-- parameters: $report_within_days
-- decisions: the labels are those of goal_reaches, by what was known then. Only dealers with sales that
--   had reported until the 12 weeks were over, and origins that knew the season if today does. Listed sums of the
--   settled picture are of a day up to 27 days before the origin, so nothing of the future is in them; an origin that
--   the settled picture has not tested, for all dealers or for one that had not reported by then, is left out
with reported as (
    select o.origin, o.ends_on, r.dealer_id
    from origin_days as o
    inner join settled.origin_days as s on s.origin = o.origin and s.is_tested
    cross join dealer_reports as r
    inner join settled.dealer_reports as q on q.dealer_id = r.dealer_id and q.snapshot = 0
    where
        o.is_tested
        and r.snapshot = 0
        and coalesce(o.ends_on - r.reported_until + 84 <= cast($report_within_days as bigint), true)
        and coalesce(s.ends_on - q.reported_until + 84 <= cast($report_within_days as bigint), true)
),

dealer_periods as (
    select n.dealer_id, p.period, sum(p.sales) as sales
    from pair_numbers as n
    inner join pair_periods as p on p.pair_number = n.pair_number
    group by n.dealer_id, p.period
),

sold as (
    select
        r.origin, r.dealer_id,
        sum(case when p.period >= r.origin then p.sales else 0 end) as sales,
        sum(case when p.period < r.origin then p.sales else 0 end) as next_sales
    from reported as r
    inner join dealer_periods as p
        on p.dealer_id = r.dealer_id and p.period between r.origin - 3 and r.origin + 2
    group by r.origin, r.dealer_id
),

listed as (
    select origin, dealer_id, predicted_calibrated, variance
    from settled.listed_sums
    where opportunity_type in ('grow', 'activate')
    union all
    select origin, dealer_id, predicted_calibrated, variance
    from listed_sums
    where opportunity_type = 'horizontal'
),

found as (
    select
        origin, dealer_id, sum(predicted_calibrated) as expected,
        1.2816 * sqrt(cast(sum(variance) as double)) as spread
    from listed
    group by origin, dealer_id
),

measured as (
    select
        g.scenario, s.origin, s.dealer_id, s.next_sales,
        s.sales * g.goal_factor as goal_sales,
        cast(s.sales as double) * coalesce(cast(u.season_factor as double), 1) as usual_sales,
        coalesce(cast(f.expected as double) + f.spread, 0) as stretch_total
    from sold as s
    cross join goal_scenarios as g
    inner join usual_season as t on t.origin = 0
    inner join usual_season as u
        on u.origin = s.origin and (u.season_factor is null) = (t.season_factor is null)
    left join found as f on f.origin = s.origin and f.dealer_id = s.dealer_id
    where s.sales > 0
)

select
    scenario,
    origin,
    dealer_id,
    next_sales >= goal_sales as is_reached,
    case
        when usual_sales >= cast(goal_sales as double) then 'reachable'
        when usual_sales + stretch_total >= cast(goal_sales as double) then 'stretch'
        else 'out_of_reach'
    end as reachability
from measured
