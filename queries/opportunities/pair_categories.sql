-- purpose: in which periods a pair bought a category, up to as_of
-- grain: pair x category
-- parameters: $as_of
-- decisions: one row holds all periods as bits (bit k is period k), so that every origin is answered from it without a row
--   for each. Periods past 27 are not needed. as_of cuts a block into an older and a younger part of two periods, unless it
--   is the block's last day
with aged as (
    select
        dealer_id,
        outlet_id,
        category,
        bought_days,
        $as_of - block_starts_on as age
    from export_categories
),

parts as (
    select
        dealer_id,
        outlet_id,
        category,
        bought_days & ((2 << (age % 28)) - 1) as older_days,
        bought_days >> (age % 28 + 1) as younger_days,
        age / 28 as older_period
    from aged
    where age between 0 and 28 * 28 - 1
),

bought as (
    select
        dealer_id,
        outlet_id,
        category,
        bit_or(
            case when older_days <> 0 then 1 << older_period else 0 end
            | case when younger_days <> 0 and older_period > 0 then 1 << (older_period - 1) else 0 end
        ) as bought_periods
    from parts
    where older_days <> 0 or older_period > 0
    group by dealer_id, outlet_id, category
)

select n.pair_number, b.category, b.bought_periods
from pair_numbers as n
inner join bought as b on b.dealer_id = n.dealer_id and b.outlet_id = n.outlet_id
