-- purpose: outlets as the outlet source states them, the first row of each id
-- grain: outlet
-- decisions: an outlet given to a dealer that is not in dealers stays, without a dealer
with ranked as (
    select
        o.export_key,
        o.export_line,
        o.outlet_id,
        o.dealer_id,
        o.outlet_name,
        o.channel,
        o.territory,
        o.account_id,
        o.opened_on,
        o.closed_on,
        row_number() over (partition by o.outlet_id order by e.export_rank, o.export_line) as place
    from staged_outlets as o
    inner join exports as e on e.export_key = o.export_key
)

select
    r.export_key,
    r.export_line,
    r.outlet_id,
    d.dealer_id,
    r.dealer_id is not null and d.dealer_id is null as has_unknown_dealer,
    r.outlet_name,
    r.channel,
    r.territory,
    r.account_id,
    r.opened_on,
    r.closed_on
from ranked as r
left join dealers as d on d.dealer_id = r.dealer_id
where r.place = 1
