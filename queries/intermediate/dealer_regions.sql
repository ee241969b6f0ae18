-- purpose: the region of each dealer, and nothing else of it: what is told of earlier days does not change with a name
-- grain: dealer
-- boundary: of the settled picture
select dealer_id, region
from dealers
