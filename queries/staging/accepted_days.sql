-- purpose: the sales lines that count, by day
-- grain: export x dealer x day
-- computed: by export
select export_key, dealer_id, sold_on, count(*) as order_lines, cast(sum(amount) as decimal(18, 4)) as sales
from accepted_sales
group by export_key, dealer_id, sold_on
