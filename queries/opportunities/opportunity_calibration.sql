-- purpose: the factor that puts right new outlets or range gaps where earlier origins show them to be off
-- grain: origin x opportunity_type
-- decisions: realised / predicted over the earlier origins whose 12 weeks were over by then. The factor is 1 within 0.8 to 1.25,
--   and with fewer than three origins or 300 hits (new outlets, adoptions), predicted or realised: sales of new outlets
--   differ so much that with fewer the ratio is chance. Origins overlap, so that 300 hits are about 100 different ones.
--   Never above 3
with tested as (
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
    union all
    select
        'range' as opportunity_type,
        f.origin,
        sum(case when f.is_adopted then 1 else 0 end) as hits,
        sum(f.adoption_probability) as expected_hits,
        sum(f.expected_value) as predicted,
        coalesce(sum(a.sales), 0) as realised
    from range_forecasts as f
    left join range_adopters as a
        on a.dealer_id = f.dealer_id
        and a.outlet_id = f.outlet_id
        and a.category = f.category
        and a.snapshot = f.origin
    where f.origin > 0
    group by f.origin
),

asked as (
    select distinct t.origin, n.column1 as opportunity_type
    from taught_origins as t
    cross join (values ('horizontal'), ('range')) as n
),

ratios as (
    select
        a.origin,
        a.opportunity_type,
        count(t.origin) as origins,
        coalesce(sum(t.hits), 0) as hits,
        coalesce(sum(t.expected_hits), 0) as expected_hits,
        cast(sum(t.realised) as double) / cast(nullif(sum(t.predicted), 0) as double) as ratio
    from asked as a
    left join tested as t on t.opportunity_type = a.opportunity_type and t.origin >= a.origin + 3
    group by a.origin, a.opportunity_type
)

select
    origin,
    opportunity_type,
    origins,
    hits,
    expected_hits,
    ratio as realised_to_predicted,
    cast(
        case
            when origins >= 3 and (hits >= 300 or expected_hits >= 300) and (ratio < 0.8 or ratio > 1.25)
                then least(3.0, greatest(0.0, ratio))
            else 1.0
        end as decimal(6, 4)
    ) as calibration_factor
from ratios
