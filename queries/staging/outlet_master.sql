-- purpose: outlets as the outlet source states them, the first row of each id
-- grain: outlet
-- decisions: an outlet given to a dealer that is not in dealers stays, without a dealer. One numbering of all rows, since
--   a window for each id takes four times as long
with placed as (
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
        row_number() over (order by e.export_rank, o.export_line) as place
    from staged_outlets as o
    inner join exports as e on e.export_key = o.export_key
),

firsts as (
    select min(place) as place
    from placed
    group by outlet_id
)

select
    p.export_key,
    p.export_line,
    p.outlet_id,
    d.dealer_id,
    p.dealer_id is not null and d.dealer_id is null as has_unknown_dealer,
    p.outlet_name,
    p.channel,
    p.territory,
    p.account_id,
    p.opened_on,
    p.closed_on
from placed as p
inner join firsts as f on f.place = p.place
left join dealers as d on d.dealer_id = p.dealer_id
