-- purpose: outlets as the sales show them
-- grain: outlet
-- decisions: the channel is that of the latest sale that states one, then by name
select
    outlet_id,
    bool_or(is_direct) as is_direct,
    max(dealer_id) as dealer_id,
    coalesce(
        last_value(sale_channel order by sold_on, sale_channel) filter (where sale_channel <> 'unknown'),
        'unknown'
    ) as channel
from sales
group by outlet_id
