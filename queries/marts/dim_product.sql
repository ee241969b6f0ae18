-- purpose: the product dimension of the star schema
-- grain: product
-- parameters: $as_of
-- decisions: products that only sales know are in it, of category 'unknown'; a sale without a product has none
with sold as (
    select distinct product_id
    from export_products
    where first_sold_on <= $as_of
)

select
    w.as_of,
    coalesce(p.product_id, s.product_id) as product_id,
    coalesce(p.product_name, p.product_id, s.product_id) as product_name,
    p.product_id is not null as is_in_master,
    coalesce(p.category, 'unknown') as category,
    p.brand,
    p.list_price
from products as p
full join sold as s on s.product_id = p.product_id
cross join analysis_window as w
