-- purpose: the dealer dimension of the star schema
-- grain: dealer
select
    w.as_of,
    d.dealer_id,
    d.dealer_name,
    d.region,
    d.territory,
    d.tier,
    d.status,
    d.manager,
    d.onboarded_on,
    coalesce(c.dealer_class, 'unrated') as dealer_class
from dealers as d
cross join analysis_window as w
left join dealer_classes as c on c.dealer_id = d.dealer_id and c.snapshot = 0
