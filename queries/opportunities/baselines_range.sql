-- purpose: naive forecasts of what range gaps bring, for the gaps that were listed
-- grain: method x origin x pair x category
-- stored: no
-- decisions: all_gaps_close: every gap closes at what adopters spend, as others sell it; the score is that value.
--   overall_rate: gaps close at the rate of all gaps that teach the origin, whatever the outlet and the category; it ranks
--   nobody
with overall as (
    select
        t.origin,
        cast(sum(g.adopted) as double) / sum(g.gaps) as rate
    from taught_origins as t
    inner join settled.gap_counts as g on g.snapshot = t.snapshot
    where t.is_backtest
    group by t.origin
)

select
    'range' as opportunity_type,
    n.column1 as method,
    b.origin,
    b.base_value,
    cast(
        case n.column1 when 'all_gaps_close' then 1 else o.rate end * cast(f.spend_if_adopted as double)
        as decimal(18, 4)
    ) as predicted,
    b.realised,
    b.is_hit,
    case n.column1 when 'all_gaps_close' then cast(f.spend_if_adopted as double) end as score
from backtest_range_rows as b
inner join range_forecasts as f
    on f.origin = b.origin and f.pair_number = b.pair_number and f.category = b.item
inner join overall as o on o.origin = b.origin
cross join (values ('all_gaps_close'), ('overall_rate')) as n
