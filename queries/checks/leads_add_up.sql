-- purpose: horizontal leads add up to the cells: one lead a cell, and region sums equal the sums of their leads
with leads as (
    select
        region,
        count(*) as leads,
        sum(expected_value) as expected_value,
        sum(low_value) as low_value,
        sum(high_value) as high_value
    from horizontal_opportunities
    where is_lead
    group by region
),

cells as (
    select
        c.region,
        count(*) as leads,
        sum(cast(f.expected_value * a.calibration_factor as decimal(18, 4))) as expected_value,
        sum(least(f.low_value, cast(f.expected_value * a.calibration_factor as decimal(18, 4)))) as low_value,
        sum(greatest(f.high_value, cast(f.expected_value * a.calibration_factor as decimal(18, 4)))) as high_value
    from cell_forecasts as f
    inner join cell_candidates as c
        on c.origin = 0 and c.territory = f.territory and c.channel = f.channel and c.candidate_rank = 1
    inner join opportunity_calibration as a on a.origin = 0 and a.opportunity_type = 'horizontal'
    where f.origin = 0 and cast(f.expected_value * a.calibration_factor as decimal(18, 4)) > 0
    group by c.region
),

regions as (
    select
        coalesce(l.region, c.region) as subject,
        l.leads as found,
        c.leads as expected,
        l.expected_value,
        c.expected_value as expected_value_of_cells
    from leads as l
    full join cells as c on c.region = l.region
    where
        coalesce(l.leads, 0) <> coalesce(c.leads, 0)
        or coalesce(l.expected_value, 0) <> coalesce(c.expected_value, 0)
        or coalesce(l.low_value, 0) <> coalesce(c.low_value, 0)
        or coalesce(l.high_value, 0) <> coalesce(c.high_value, 0)
),

cells_without_one_lead as (
    select
        territory || ' / ' || channel as subject,
        sum(case when is_lead then 1 else 0 end) as found,
        1 as expected,
        max(expected_value) as expected_value,
        min(expected_value) as expected_value_of_cells
    from horizontal_opportunities
    group by territory, channel
    having sum(case when is_lead then 1 else 0 end) <> 1 or max(expected_value) <> min(expected_value)
)

select subject, found, expected, expected_value, expected_value_of_cells
from regions
union all
select subject, found, expected, expected_value, expected_value_of_cells
from cells_without_one_lead
