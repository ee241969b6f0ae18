-- purpose: the factor that puts right an opportunity type which earlier origins show to be off
-- grain: predicted origin x opportunity_type
-- decisions: realised / predicted over the listed pairs of the tested origins whose 12 weeks were over by then. The
--   factor is 1 within 0.8 to 1.25, with fewer than 3 origins or 100 pairs, and never below 0 or above 3: nothing
--   learned so roughly should turn a loss into a call or triple a promise
with ratios as (
    select
        o.origin,
        t.opportunity_type,
        count(*) as origins,
        cast(sum(t.pairs) as bigint) as pairs,
        cast(sum(t.realised) as double) / cast(nullif(sum(t.predicted), 0) as double) as ratio
    from settled.vertical_trials as t
    inner join origins as o on o.is_predicted and t.origin >= o.origin + 3
    group by o.origin, t.opportunity_type
)

select
    o.origin,
    t.opportunity_type,
    coalesce(r.origins, 0) as origins,
    coalesce(r.pairs, 0) as pairs,
    r.ratio as realised_to_predicted,
    case
        when r.origins >= 3 and r.pairs >= 100 and (r.ratio < 0.8 or r.ratio > 1.25)
            then least(3, greatest(0, round(r.ratio, 4)))
        else 1.0
    end as calibration_factor
from origins as o
cross join (
    select column1 as opportunity_type
    from (values ('grow'), ('activate'), ('retain'))
) as t
left join ratios as r on r.origin = o.origin and r.opportunity_type = t.opportunity_type
where o.is_predicted
