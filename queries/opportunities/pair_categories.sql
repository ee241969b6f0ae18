-- purpose: in which periods a pair bought a category
-- grain: dealer x outlet x category; pairs of outlets, not of direct sales
-- decisions: one row holds all periods as bits (bit k is period k), so that every origin is answered from it without a row
--   for each. Only lines of positive value are bought. Periods past 26 are not needed
select
    s.dealer_id,
    s.outlet_id,
    p.category,
    bit_or(cast(1 as bigint) << s.period) as bought_periods
from sales as s
inner join product_categories as p on p.product_id = s.product_id
where p.category is not null and s.amount > 0 and s.period <= 26 and not s.is_direct
group by s.dealer_id, s.outlet_id, p.category
