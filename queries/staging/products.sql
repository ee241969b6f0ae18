-- purpose: products as accepted, the first row of each id
-- grain: product
with ranked as (
    select
        p.export_key,
        p.export_line,
        p.product_id,
        p.product_name,
        p.category,
        p.brand,
        p.list_price,
        row_number() over (partition by p.product_id order by e.export_rank, p.export_line) as place
    from staged_products as p
    inner join exports as e on e.export_key = p.export_key
)

select
    export_key,
    export_line,
    product_id,
    product_name,
    category,
    brand,
    list_price
from ranked
where place = 1
