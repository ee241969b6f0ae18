-- purpose: what new outlets were expected to bring at each tested origin, over all cells, and what came
-- grain: origin
-- picture: today
select
    'horizontal' as opportunity_type,
    origin,
    sum(new_outlets) as hits,
    sum(expected_outlets) as expected_hits,
    sum(expected_value) as predicted,
    sum(new_sales) as realised
from cell_forecasts
where origin > 0
group by origin
