-- purpose: what the listed range gaps of each tested origin promised, and what came
-- grain: origin
select
    'range' as opportunity_type,
    f.origin,
    sum(case when f.is_adopted then 1 else 0 end) as hits,
    sum(f.adoption_probability) as expected_hits,
    sum(f.expected_value) as predicted,
    coalesce(sum(a.sales), 0) as realised
from range_forecasts as f
inner join origin_pairs as o on o.pair_number = f.pair_number
left join range_adopters as a
    on a.dealer_id = o.dealer_id
    and a.outlet_id = o.outlet_id
    and a.category = f.category
    and a.snapshot = f.origin
where f.origin > 0
group by f.origin
