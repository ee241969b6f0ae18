-- purpose: value and behaviour of each outlet at each of its dealers
-- grain: dealer x outlet; every pair that is covered or ever traded
-- decisions: value tiers are over all dealers (value_tier) and within the dealer (value_tier_in_dealer)
with measured as (
    select
        p.pair_number,
        p.dealer_id,
        p.outlet_id,
        p.region,
        p.territory,
        p.channel,
        p.account_id,
        coalesce(s.is_covered, false) as is_covered,
        coalesce(s.orders, 0) as orders_12w,
        coalesce(s.order_value, 0) as order_value_12w,
        coalesce(s.sales, 0) as sales_12w,
        coalesce(s.sales - s.order_value, 0) as returns_12w,
        coalesce(s.sales_52w, 0) as sales_52w,
        h.first_order_on,
        h.last_order_on,
        h.orders as orders_total,
        w.as_of,
        w.as_of - h.last_order_on as days_since_order,
        case
            when h.order_days > 1
                then cast(h.last_order_on - h.first_order_on as double) / (h.order_days - 1)
        end as mean_gap_days,
        h.first_order_on > w.as_of - interval '84 days' and w.history_starts_on <= w.as_of - interval '84 days'
            as is_first_in_window
    from pairs as p
    cross join analysis_window as w
    left join pair_snapshots as s on s.pair_number = p.pair_number and s.snapshot = 0
    left join pair_history as h on h.pair_number = p.pair_number
    where s.is_covered or p.has_traded
),

behaved as (
    select
        pair_number,
        case
            when last_order_on is null then 'prospect'
            when days_since_order >= 364 then 'churned'
            when days_since_order >= 84 then 'lapsed'
            when is_first_in_window then 'new'
            when orders_total >= 3 and days_since_order > 2 * mean_gap_days then 'at_risk'
            else 'active'
        end as behaviour
    from measured
),

dealers_of_outlet as (
    select outlet_id, count(*) as dealers
    from pair_snapshots
    where snapshot = 0 and is_covered
    group by outlet_id
)

select
    m.as_of,
    m.dealer_id,
    m.outlet_id,
    o.outlet_name,
    m.region,
    m.territory,
    m.channel,
    m.account_id,
    m.is_covered,
    m.is_covered and coalesce(k.dealers, 0) > 1 as is_shared,
    coalesce(v.value_tier, 'none') as value_tier,
    coalesce(v.value_tier_in_dealer, 'none') as value_tier_in_dealer,
    coalesce(v.is_top_20pct, false) as is_top_20pct,
    'pareto 80/95 of 52-week net sales' as value_tier_rule,
    b.behaviour,
    case
        when b.behaviour in ('new', 'active') then 'active'
        when b.behaviour = 'at_risk' then 'at risk'
        when b.behaviour in ('prospect', 'lapsed') then 'potential'
        else 'lost'
    end as behaviour_group,
    m.sales_12w,
    m.sales_52w,
    m.orders_12w,
    m.order_value_12w,
    m.returns_12w,
    m.first_order_on,
    m.last_order_on,
    m.days_since_order,
    m.mean_gap_days
from measured as m
inner join behaved as b on b.pair_number = m.pair_number
inner join outlets as o on o.outlet_id = m.outlet_id
left join outlet_value_tiers as v on v.pair_number = m.pair_number
left join dealers_of_outlet as k on k.outlet_id = m.outlet_id
