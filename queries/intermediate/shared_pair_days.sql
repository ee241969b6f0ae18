-- purpose: what a pair bought on a day that several exports have sales of for this dealer, by the rules of export_pair_days
-- grain: dealer x outlet x day
with orders as (
    select dealer_id, outlet_id, sold_on, order_key, sum(amount) as order_value
    from shared_lines
    group by dealer_id, outlet_id, sold_on, order_key
)

select
    dealer_id,
    outlet_id,
    sold_on,
    sum(case when order_value > 0 then 1 else 0 end) as orders,
    cast(sum(case when order_value > 0 then order_value else 0 end) as decimal(18, 4)) as order_value,
    cast(sum(order_value) as decimal(18, 4)) as sales,
    case
        when count(*) > 1 then sum(cast(order_value as decimal(18, 4)) * cast(order_value as decimal(18, 4)))
    end as squared_order_value
from orders
group by dealer_id, outlet_id, sold_on
