-- purpose: what a pair bought on a day that no other export has sales of for this dealer
-- grain: export x dealer x outlet x day
-- computed: by export
-- decisions: an order is the lines of one order id within a pair and day; without an order id, one order a pair and day.
--   An order of positive value is an order, the rest are returns; squares are kept for the noise of sales. is_direct: a
--   line names no outlet. Shared days are left out at last, where there are fewest rows to compare
with orders as (
    select
        export_key,
        dealer_id,
        outlet_id,
        sold_on,
        order_key,
        bool_or(is_direct) as is_direct,
        count(*) as order_lines,
        sum(amount) as order_value
    from placed_sales
    group by export_key, dealer_id, outlet_id, sold_on, order_key
),

days as (
    select
        export_key,
        dealer_id,
        outlet_id,
        sold_on,
        bool_or(is_direct) as is_direct,
        sum(order_lines) as order_lines,
        sum(case when order_value > 0 then 1 else 0 end) as orders,
        sum(case when order_value > 0 then order_value else 0 end) as order_value,
        sum(order_value) as sales,
        case
            when count(*) > 1 then sum(cast(order_value as decimal(18, 4)) * cast(order_value as decimal(18, 4)))
        end as squared_order_value
    from orders
    group by export_key, dealer_id, outlet_id, sold_on
)

select
    d.export_key,
    d.dealer_id,
    d.outlet_id,
    d.sold_on,
    d.is_direct,
    cast(d.order_lines as int) as order_lines,
    d.orders,
    cast(d.order_value as decimal(18, 4)) as order_value,
    cast(d.sales as decimal(18, 4)) as sales,
    d.squared_order_value
from days as d
left anti join shared_days as s on s.export_key = d.export_key and s.dealer_id = d.dealer_id and s.sold_on = d.sold_on
