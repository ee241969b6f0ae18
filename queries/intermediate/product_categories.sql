-- purpose: the category of each product, and nothing else of it: what sales are added up by does not change with a price
-- grain: product
-- boundary: of the settled picture
-- decisions: NULL where the master states none, or that it is unknown: nobody lacks that
select product_id, nullif(category, 'unknown') as category
from products
