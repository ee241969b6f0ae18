-- purpose: which outlets to call first, on which lever, what it should bring, and why
-- grain: dealer x outlet x lever
-- parameters: $as_of
-- decisions: listed are active outlets whose drop below normal is real with probability 0.8 and from which growth is
--   expected (frequency and ticket), silent outlets from which anything is expected (activate), and outlets at risk
--   (retain). Ranks are by expected value, growth and protection apart. A reason uses the row's own columns only
with ranked as (
    select
        l.dealer_id, l.outlet_id, l.opportunity_type, l.lever, l.potential, l.expected_value, l.low_value, l.high_value,
        l.stretch_value, l.outlet_expected_value,
        t.region, t.channel, t.kind, t.behaviour, t.orders, t.sales, t.own_period_sales,
        t.learned_periods, t.sales_mean, t.peer_sales_mean, t.credibility, t.sales_season, t.normal_sales,
        t.normal_orders, t.drop_probability, t.shortfall, t.probability, t.lookalikes, t.learned_level,
        t.peer_level, t.pairs, t.calibration_factor,
        l.opportunity_type <> 'retain' as is_growth,
        row_number() over (
            partition by l.dealer_id, l.opportunity_type <> 'retain'
            order by coalesce(l.expected_value, l.potential) desc, l.outlet_id, l.lever
        ) as rank_in_dealer,
        row_number() over (
            partition by t.region, l.opportunity_type <> 'retain'
            order by coalesce(l.expected_value, l.potential) desc, l.dealer_id, l.outlet_id, l.lever
        ) as rank_in_region
    from vertical_levers as l
    inner join vertical_today as t
        on t.dealer_id = l.dealer_id and t.outlet_id = l.outlet_id and t.opportunity_type = l.opportunity_type
)

select
    $as_of as as_of,
    r.dealer_id,
    d.dealer_name,
    r.outlet_id,
    o.outlet_name,
    r.region,
    o.territory,
    r.channel,
    r.opportunity_type,
    r.lever,
    r.is_growth,
    r.behaviour,
    r.sales as sales_12w,
    cast(r.orders as bigint) as orders_12w,
    r.learned_periods,
    r.sales_mean as own_period_mean,
    r.peer_sales_mean as peer_period_mean,
    r.credibility,
    r.sales_season as season,
    r.normal_sales,
    r.normal_orders,
    r.shortfall,
    r.drop_probability,
    r.probability,
    r.potential,
    r.kind as lookalike_kind,
    r.lookalikes,
    r.learned_level,
    r.calibration_factor,
    r.expected_value,
    r.low_value,
    r.high_value,
    r.stretch_value,
    r.outlet_expected_value,
    case when r.opportunity_type = 'grow' then r.normal_sales else r.potential end as benchmark,
    case when r.opportunity_type = 'grow' then r.peer_level else r.learned_level end as benchmark_level,
    case when r.opportunity_type = 'grow' then r.pairs else r.lookalikes end as peer_count,
    cast(r.rank_in_dealer as bigint) as rank_in_dealer,
    cast(r.rank_in_region as bigint) as rank_in_region,
    v.reason
from ranked as r
inner join dealers as d on d.dealer_id = r.dealer_id
inner join outlets as o on o.outlet_id = r.outlet_id
inner join vertical_reasons as v on v.dealer_id = r.dealer_id and v.outlet_id = r.outlet_id and v.lever = r.lever
