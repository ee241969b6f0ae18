-- purpose: the category of each product, and nothing else of it: what sales are added up by does not change with a price
-- grain: product
-- boundary: of the settled picture
-- decisions: NULL where the master states none
select product_id, category
from products
