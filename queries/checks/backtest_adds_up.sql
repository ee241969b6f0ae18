-- purpose: the deciles of a type and origin add up to all of its predictions, in number and money, its dealers to its listed rows
with deciles as (
    select opportunity_type, origin, sum(predictions) as predictions, sum(predicted) as predicted, sum(realised) as realised
    from backtest
    where scope = 'decile'
    group by opportunity_type, origin
)

select
    a.opportunity_type,
    a.origin,
    a.predictions,
    d.predictions as predictions_in_deciles,
    a.predicted,
    d.predicted as predicted_in_deciles,
    a.realised,
    d.realised as realised_in_deciles
from backtest as a
left join deciles as d on d.opportunity_type = a.opportunity_type and d.origin = a.origin
where
    a.scope = 'all'
    and a.method = 'dealerlens'
    and (
        (a.predictions is distinct from d.predictions)
        or (a.predicted is distinct from d.predicted)
        or (a.realised is distinct from d.realised)
    )
union all
select
    l.opportunity_type,
    l.origin,
    l.predictions,
    d.predictions as predictions_of_dealers,
    l.predicted,
    d.predicted as predicted_of_dealers,
    l.realised,
    d.realised as realised_of_dealers
from backtest as l
left join backtest as d
    on d.opportunity_type = l.opportunity_type and d.origin = l.origin and d.method = l.method and d.scope = 'dealer'
where
    l.scope = 'listed'
    and (
        coalesce(d.predictions > l.predictions, true)
        or (l.predicted is distinct from d.predicted)
        or (l.realised is distinct from d.realised)
    )
