-- purpose: the dealers of each export, with their last day in it
-- grain: export x dealer
-- computed: by export
select export_key, dealer_id, max(sold_on) as last_sold_on
from staged_sales
group by export_key, dealer_id
