create table outlets as
with sold as (
    select outlet_id, bool_or(is_direct) as is_direct, max(dealer_id) as dealer_id from sales group by outlet_id
)
select
    coalesce(m.outlet_id, s.outlet_id) as outlet_id,
    coalesce(m.outlet_name, m.outlet_id, s.outlet_id) as outlet_name,
    coalesce(m.channel, 'unknown') as channel,
    coalesce(m.territory, case when m.outlet_id is null then d.territory end) as territory,
    m.account_id,
    m.opened_on,
    m.closed_on
from outlet_master as m
full join sold as s on s.outlet_id = m.outlet_id
left join dealers as d on d.dealer_id = s.dealer_id and s.is_direct;

create table pairs as
with traded as (select distinct dealer_id, outlet_id from pair_periods),
given as (select dealer_id, outlet_id from outlet_master where dealer_id is not null)
select
    dealer_id,
    outlet_id,
    d.region,
    o.territory,
    o.channel,
    o.account_id,
    o.opened_on,
    o.closed_on,
    g.outlet_id is not null as is_in_master,
    t.outlet_id is not null as has_traded
from given as g
full join traded as t using (dealer_id, outlet_id)
inner join dealers as d using (dealer_id)
inner join outlets as o using (outlet_id);
