-- purpose: every outlet that the master or a sale knows
-- grain: outlet
-- decisions: the master's channel goes before the channel of a sale; what nobody states is 'unknown'
--   (channel) or NULL (territory); a direct outlet lies in its dealer's home territory
with named as (
    select
        coalesce(m.outlet_id, s.outlet_id) as outlet_id,
        case when m.outlet_id is not null then 'master' when s.is_direct then 'direct' else 'sales' end as origin,
        case when m.outlet_id is not null then m.dealer_id when s.is_direct then s.dealer_id end as dealer_id,
        m.outlet_name,
        coalesce(m.channel, s.channel, 'unknown') as channel,
        m.territory,
        m.account_id,
        m.opened_on,
        m.closed_on
    from outlet_master as m
    full join sold_outlets as s on s.outlet_id = m.outlet_id
)

select
    n.outlet_id,
    n.origin,
    n.dealer_id,
    coalesce(n.outlet_name, n.outlet_id) as outlet_name,
    n.channel,
    coalesce(n.territory, case when n.origin = 'direct' then d.territory end) as territory,
    n.account_id,
    n.opened_on,
    n.closed_on
from named as n
left join dealers as d on d.dealer_id = n.dealer_id
