-- purpose: the plan adds up to the goals, in every part and to the last digit
with planned as (
    select
        dealer_id,
        scenario,
        sum(planned_sales) as planned_sales,
        sum(current_sales) as current_sales,
        sum(vertical_value) as vertical_value,
        sum(horizontal_value) as horizontal_value,
        sum(remaining_value) as remaining_value,
        sum(
            case
                when planned_sales <> current_sales + vertical_value + horizontal_value + remaining_value then 1
                else 0
            end
        ) as wrong_rows,
        count(*) - 3 * count(distinct channel) as missing_rows
    from growth_plan
    group by dealer_id, scenario
)

select
    coalesce(g.dealer_id, p.dealer_id) as dealer_id,
    coalesce(g.scenario, p.scenario) as scenario,
    g.goal_sales,
    p.planned_sales,
    p.wrong_rows,
    p.missing_rows
from (
    select dealer_id, scenario, goal_sales, sales_12w, vertical_expected, horizontal_expected, remaining
    from growth_goals
    where goal_sales is not null
) as g
full join planned as p on p.dealer_id = g.dealer_id and p.scenario = g.scenario
where
    (g.goal_sales is distinct from p.planned_sales)
    or (g.sales_12w is distinct from p.current_sales)
    or (g.vertical_expected is distinct from p.vertical_value)
    or (g.horizontal_expected is distinct from p.horizontal_value)
    or (g.remaining is distinct from p.remaining_value)
    or p.wrong_rows > 0
    or p.missing_rows <> 0
