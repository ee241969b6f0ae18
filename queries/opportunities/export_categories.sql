-- purpose: on which days of a block an outlet bought a category from a dealer, as far as an export says so
-- grain: export x dealer x outlet x category x block_starts_on
-- computed: by export
-- decisions: a block is 28 days from the first of year 1 on, whatever as_of is, and ends on a day of the settled calendar;
--   719162 days later it is 1970. Its days are bits, the first one the lowest. Only lines of positive value are bought. A
--   dealer's own direct outlet stands for many and has no range
with bought as (
    select
        s.export_key,
        s.dealer_id,
        s.outlet_id,
        p.category,
        s.sold_on,
        cast((cast(s.sold_on as int) + 719162) % 28 as bigint) as day_in_block
    from accepted_sales as s
    inner join product_categories as p on p.product_id = s.product_id
    where s.amount > 0 and s.outlet_id is not null and p.category is not null
)

select
    export_key,
    dealer_id,
    outlet_id,
    category,
    cast(cast(sold_on as int) - cast(day_in_block as int) as date) as block_starts_on,
    bit_or(1 << day_in_block) as bought_days
from bought
group by export_key, dealer_id, outlet_id, category, cast(cast(sold_on as int) - cast(day_in_block as int) as date)
