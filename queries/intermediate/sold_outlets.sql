-- purpose: outlets as the sales up to as_of show them
-- grain: outlet
-- decisions: the channel is that of the latest sale that states one, then by name
with stated as (
    select outlet_id, channel, row_number() over (partition by outlet_id order by last_sold_on desc, channel desc) as place
    from (
        select outlet_id, channel, max(last_sold_on) as last_sold_on
        from stated_channels
        group by outlet_id, channel
    )
),

sold as (
    select outlet_id, bool_or(is_direct) as is_direct, max(dealer_id) as dealer_id
    from export_outlets
    where last_sold_on is not null
    group by outlet_id
)

select o.outlet_id, o.is_direct, o.dealer_id, coalesce(c.channel, 'unknown') as channel
from sold as o
left join stated as c on c.outlet_id = o.outlet_id and c.place = 1
