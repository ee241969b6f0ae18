-- purpose: the category of each product, and nothing else of it: what sales are added up by does not change with a price
-- grain: product
select product_id, coalesce(category, 'unknown') as category
from products
