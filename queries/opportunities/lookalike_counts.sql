-- purpose: how many look-alikes came to which ratio of outcome to scale
-- grain: origin x opportunity_type x channel x kind x step (a kind has one wide_kind); step NULL: no scale to measure
--   by
-- decisions: ratios are counted on a grid of steps of 4 % (25 ln ratio, rounded; nothing or less is the lowest step),
--   because counts add up over origins and quantiles of pairs do not: so each origin is read once
select
    origin,
    opportunity_type,
    channel,
    kind,
    wide_kind,
    case
        when scale > 0 and outcome > 0 then cast(round(25 * ln(outcome / scale)) as bigint)
        when scale > 0 then -100000
    end as step,
    count(*) as pairs,
    sum(case when is_hit then 1 else 0 end) as hits,
    sum(cast(scale as decimal(38, 4))) as scale,
    sum(cast(outcome as decimal(38, 4))) as outcome,
    sum(cast(case when is_hit then scale else 0 end as decimal(38, 4))) as hit_scale,
    sum(cast(case when is_hit then outcome else 0 end as decimal(38, 4))) as hit_outcome
from lookalikes
where outcome is not null
group by 1, 2, 3, 4, 5, 6
