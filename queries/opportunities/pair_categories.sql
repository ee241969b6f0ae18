-- purpose: in which periods a pair bought a category, up to as_of
-- grain: pair x category
-- parameters: $as_of
-- decisions: one row holds all periods as bits (bit k is period k), so that every origin is answered from it without a row
--   for each. Older ones than the year before the oldest origin of the picture are not needed, nor those past 27. as_of cuts a
--   block into an older and a younger part of two periods, unless it is the block's last day
with aged as (
    select
        dealer_id,
        outlet_id,
        category,
        bought_days,
        $as_of - block_starts_on as age
    from export_categories
),

needed as (
    select least(28 * 28, 28 * (max(origin) + 14)) as days
    from origins
),

parts as (
    select
        a.dealer_id,
        a.outlet_id,
        a.category,
        a.bought_days & ((2 << (a.age % 28)) - 1) as older_days,
        a.bought_days >> (a.age % 28 + 1) as younger_days,
        a.age / 28 as older_period
    from aged as a
    inner join needed as n on a.age >= 0 and a.age < n.days
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
