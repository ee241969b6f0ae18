-- purpose: the sales lines that count, by day
-- grain: export x dealer x day
-- computed: by export
select export_key, dealer_id, sold_on, count(*) as order_lines, sum(amount) as sales
from accepted_sales
group by export_key, dealer_id, sold_on
