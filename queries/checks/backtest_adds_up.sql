-- purpose: the deciles of a type and origin add up to all of its predictions, in number and money
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
