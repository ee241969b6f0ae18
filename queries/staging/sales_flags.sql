-- purpose: what was noticed about the accepted sales lines of each export, in lines and money
-- grain: export x note
-- parameters: $as_of
-- decisions: an outlet or product is unknown only where there is a master to know it
with direct as (
    select export_key, 'sale_without_outlet' as note, sum(order_lines) as rows, sum(sales) as amount
    from export_outlets
    where is_direct
    group by export_key
),

unknown_outlets as (
    select e.export_key, 'unknown_outlet' as note, sum(e.order_lines) as rows, sum(e.sales) as amount
    from export_outlets as e
    left anti join outlet_master as o on o.outlet_id = e.outlet_id
    where not e.is_direct and (select is_present from sources where source = 'outlets')
    group by e.export_key
),

unknown_products as (
    select e.export_key, 'unknown_product' as note, sum(e.order_lines) as rows, sum(e.sales) as amount
    from export_products as e
    left anti join products as p on p.product_id = e.product_id
    where (select is_present from sources where source = 'products')
    group by e.export_key
),

after_as_of as (
    select export_key, 'after_as_of' as note, sum(order_lines) as rows, sum(sales) as amount
    from accepted_days
    where sold_on > $as_of
    group by export_key
)

select export_key, note, rows, amount from direct
union all
select export_key, note, rows, amount from unknown_outlets
union all
select export_key, note, rows, amount from unknown_products
union all
select export_key, note, rows, amount from after_as_of
