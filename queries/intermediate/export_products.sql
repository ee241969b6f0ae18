-- purpose: which products each export has sales of, and since when
-- grain: export x product
-- computed: by export
select export_key, product_id, count(*) as order_lines, cast(sum(amount) as decimal(18, 4)) as sales, min(sold_on) as first_sold_on
from accepted_sales
where product_id is not null
group by export_key, product_id
