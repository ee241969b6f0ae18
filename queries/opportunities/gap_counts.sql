-- purpose: how many range gaps there were at each snapshot, and how many closed within 12 weeks
-- grain: snapshot x channel x category x orders band
-- decisions: a relation of its own, because counts add up over snapshots: so the gaps of each snapshot are read once
select
    snapshot,
    channel,
    category,
    orders_band,
    count(*) as gaps,
    sum(case when is_adopted then 1 else 0 end) as adopted
from range_units
group by snapshot, channel, category, orders_band
