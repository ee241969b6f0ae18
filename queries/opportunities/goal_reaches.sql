-- purpose: how far a goal is within reach
-- grain: dealer x scenario
-- decisions: what the dealer would sell anyway comes first: reachable = the usual season suffices; stretch = with the
--   found opportunities on top, if they come out well; out_of_reach = not even then. Opportunities alone against the
--   gap say little: outlets that come back mostly replace others that stop, and the season moves all. Without last
--   year's season sales are taken to stay as they are
with stretched as (
    select
        dealer_id, scenario, goal_sales, usual_sales, sales, expected_total,
        cast(round(cast(vertical_expected as double) + vertical_spread, 4) as decimal(18, 4)) as vertical_stretch,
        cast(round(cast(horizontal_expected as double) + horizontal_spread, 4) as decimal(18, 4)) as horizontal_high,
        cast(round(cast(expected_total as double) + total_spread, 4) as decimal(18, 4)) as stretch_total
    from dealer_goals
)

select
    dealer_id,
    scenario,
    vertical_stretch,
    horizontal_high,
    stretch_total,
    case
        when coalesce(usual_sales, sales) >= goal_sales then 'reachable'
        when coalesce(usual_sales, sales) + stretch_total >= goal_sales then 'stretch'
        else 'out_of_reach'
    end as reachability
from stretched
