-- purpose: the factor that puts right new outlets or range gaps where earlier origins show them to be off
-- grain: origin x opportunity_type
-- decisions: realised / predicted over the earlier origins whose 12 weeks were over by then. The factor is 1 within 0.8 to 1.25,
--   and with fewer than three origins or 300 hits (new outlets, adoptions), predicted or realised: sales of new outlets
--   differ so much that with fewer the ratio is chance. Origins overlap, so that 300 hits are about 100 different ones.
--   Never above 3
with tested as (
    select opportunity_type, origin, hits, expected_hits, predicted, realised
    from horizontal_trials
    union all
    select opportunity_type, origin, hits, expected_hits, predicted, realised
    from settled.range_trials
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
