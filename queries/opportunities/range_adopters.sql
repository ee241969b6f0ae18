-- purpose: what pairs that took up a category spent on it in the 12 weeks in which they did
-- grain: dealer x outlet x category x snapshot
with adopted as (
    select o.dealer_id, o.outlet_id, u.category, u.snapshot, u.channel, u.orders_band, u.order_size
    from range_units as u
    inner join origin_pairs as o on o.pair_number = u.pair_number
    where u.is_adopted
),

pairs_of_adopted as (
    select distinct dealer_id, outlet_id, category
    from adopted
),

bought as (
    select s.dealer_id, s.outlet_id, p.category, s.period, sum(s.amount) as sales
    from pairs_of_adopted as a
    inner join sales as s on s.dealer_id = a.dealer_id and s.outlet_id = a.outlet_id
    inner join product_categories as p on p.product_id = s.product_id and p.category = a.category
    group by s.dealer_id, s.outlet_id, p.category, s.period
)

select
    a.dealer_id,
    a.outlet_id,
    a.category,
    a.snapshot,
    a.channel,
    a.orders_band,
    a.order_size,
    sum(b.sales) as sales
from adopted as a
inner join bought as b
    on b.dealer_id = a.dealer_id
    and b.outlet_id = a.outlet_id
    and b.category = a.category
    and b.period between a.snapshot - 3 and a.snapshot - 1
group by a.dealer_id, a.outlet_id, a.category, a.snapshot, a.channel, a.orders_band, a.order_size
