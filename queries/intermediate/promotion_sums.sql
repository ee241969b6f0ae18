-- purpose: sales before and during each promotion in its scope and in its control, with what their noise is made of
-- grain: promotion x side (scope or control)
-- decisions: squares and products of decimals, summed exactly within a dealer and over all
with dealers_of_side as (
    select
        p.promotion_id,
        p.is_in_scope,
        p.dealer_id,
        count(*) as pairs,
        sum(cast(s.sales_before as decimal(18, 4))) as sales_before,
        sum(cast(s.sales as decimal(18, 4))) as sales,
        sum(cast(s.sales_before as decimal(18, 4)) * cast(s.sales_before as decimal(18, 4))) as squared_before,
        sum(cast(s.sales_before as decimal(18, 4)) * cast(s.sales as decimal(18, 4))) as crossed,
        sum(cast(s.sales as decimal(18, 4)) * cast(s.sales as decimal(18, 4))) as squared
    from promotion_pairs as p
    inner join promotion_pair_sales as s
        on s.promotion_id = p.promotion_id and s.dealer_id = p.dealer_id and s.outlet_id = p.outlet_id
    group by p.promotion_id, p.is_in_scope, p.dealer_id
)

select
    promotion_id,
    is_in_scope,
    count(*) as dealers,
    sum(pairs) as pairs,
    sum(sales_before) as sales_before,
    sum(sales) as sales,
    sum(squared_before) as squared_before,
    sum(crossed) as crossed,
    sum(squared) as squared,
    sum(cast(sales_before as decimal(18, 4)) * cast(sales_before as decimal(18, 4))) as squared_before_of_dealers,
    sum(cast(sales_before as decimal(18, 4)) * cast(sales as decimal(18, 4))) as crossed_of_dealers,
    sum(cast(sales as decimal(18, 4)) * cast(sales as decimal(18, 4))) as squared_of_dealers
from dealers_of_side
group by promotion_id, is_in_scope
