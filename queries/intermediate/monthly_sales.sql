-- purpose: sales by month where something was sold
-- grain: month x dealer x channel x category
select
    month_number,
    dealer_id,
    channel,
    category,
    sum(order_lines) as order_lines,
    sum(sales) as sales,
    sum(returns) as returns,
    sum(quantity) as quantity
from export_sales
group by month_number, dealer_id, channel, category
