-- purpose: the naive forecasts that the credibility normal has to beat, for the same active pairs and the same
--   outcome
-- grain: method x origin
-- decisions: last_window: next as now. own_52w_rate: 3 of 13 periods of the last 52 weeks. p75_gap: up to the 75 %
--   quantile of the channel, what others sell as opportunity. normal_gap: up to the normal, without learning what
--   comes of it. The top decile of a method is by its forecast over the sales now; last_window has none, it ranks
--   nobody
with quartiles as (
    select origin, channel, percentile_cont(0.75) within group (order by scale) as p75
    from vertical_predictions
    where opportunity_type = 'grow'
    group by origin, channel
),

forecasts as (
    select
        p.origin,
        p.realised_value as realised,
        p.is_hit,
        p.base_value,
        (3 * cast(o.sales_52w as double) / 13) / p.scale as rate_ratio,
        greatest(1, q.p75 / p.scale) as p75_ratio,
        greatest(1, n.normal_sales / p.scale) as normal_ratio,
        cast(round(3 * cast(o.sales_52w as double) / 13 - p.scale, 4) as decimal(18, 4)) as rate_gap,
        cast(round(greatest(0, q.p75 - p.scale), 4) as decimal(18, 4)) as p75_gap,
        cast(round(greatest(0, coalesce(n.normal_sales, 0) - p.scale), 4) as decimal(18, 4)) as normal_gap
    from vertical_predictions as p
    inner join pair_origins as o on o.dealer_id = p.dealer_id and o.outlet_id = p.outlet_id and o.origin = p.origin
    inner join quartiles as q on q.origin = p.origin and q.channel = p.channel
    left join pair_normals as n on n.dealer_id = p.dealer_id and n.outlet_id = p.outlet_id and n.origin = p.origin
    where
        p.opportunity_type = 'grow'
        and p.origin > 0
        and p.expected_value is not null
        and p.realised_value is not null
),

tops as (
    select
        origin,
        percentile_cont(0.9) within group (order by rate_ratio) as rate_top,
        percentile_cont(0.9) within group (order by p75_ratio) as p75_top,
        percentile_cont(0.9) within group (order by normal_ratio) as normal_top
    from forecasts
    group by origin
),

sums as (
    select
        f.origin,
        count(*) as predictions,
        sum(f.base_value) as base_value,
        sum(f.realised) as realised,
        sum(case when f.is_hit then 1 else 0 end) as hits,
        sum(abs(f.realised)) as last_error,
        sum(f.rate_gap) as rate_gap,
        sum(abs(f.realised - f.rate_gap)) as rate_error,
        sum(case when f.rate_ratio >= t.rate_top then 1 else 0 end) as rate_tops,
        sum(case when f.rate_ratio >= t.rate_top and f.is_hit then 1 else 0 end) as rate_hits,
        sum(f.p75_gap) as p75_gap,
        sum(abs(f.realised - f.p75_gap)) as p75_error,
        sum(case when f.p75_ratio >= t.p75_top then 1 else 0 end) as p75_tops,
        sum(case when f.p75_ratio >= t.p75_top and f.is_hit then 1 else 0 end) as p75_hits,
        sum(f.normal_gap) as normal_gap,
        sum(abs(f.realised - f.normal_gap)) as normal_error,
        sum(case when f.normal_ratio >= t.normal_top then 1 else 0 end) as normal_tops,
        sum(case when f.normal_ratio >= t.normal_top and f.is_hit then 1 else 0 end) as normal_hits
    from forecasts as f
    inner join tops as t on t.origin = f.origin
    group by f.origin
)

select
    'last_window' as method, origin, predictions, base_value, 0 as predicted, realised, last_error as absolute_error,
    hits, 0 as top_predictions, 0 as top_hits
from sums
union all
select
    'own_52w_rate', origin, predictions, base_value, rate_gap, realised, rate_error, hits, rate_tops, rate_hits
from sums
union all
select 'p75_gap', origin, predictions, base_value, p75_gap, realised, p75_error, hits, p75_tops, p75_hits
from sums
union all
select
    'normal_gap', origin, predictions, base_value, normal_gap, realised, normal_error, hits, normal_tops, normal_hits
from sums
