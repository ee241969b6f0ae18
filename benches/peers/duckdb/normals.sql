-- What an outlet normally sells and orders in 12 weeks (Buehlmann credibility), for active pairs, at as_of.
create table active_moments as
with learned as (
    select
        h.dealer_id,
        h.outlet_id,
        greatest(0, least(15, first_period, w.whole_periods - 1) - 2) as n,
        least(13, first_period - 2) >= least(13, w.whole_periods - 3) as is_full_year,
        sum(p.orders) filter (where p.period <= 2) as orders,
        sum(p.sales) filter (where p.period <= 2) as sales,
        coalesce(sum(p.sales) filter (where is_learned), 0)::double as sales_sum,
        coalesce(sum(p.sales::double * p.sales::double) filter (where is_learned), 0) as sales_squares,
        coalesce(sum(p.orders) filter (where is_learned), 0)::double as orders_sum,
        coalesce(sum(p.orders * p.orders) filter (where is_learned), 0)::double as orders_squares
    from pair_periods as p
    inner join pair_history as h using (dealer_id, outlet_id)
    cross join analysis_window as w,
    lateral (select (w.as_of - h.first_order_on) // 28 as first_period),
    lateral (select p.period between 3 and least(15, first_period, w.whole_periods - 1) as is_learned)
    group by all
    having sum(p.orders) filter (where p.period <= 2) > 0
)
select
    l.* exclude (sales_sum, sales_squares, orders_sum, orders_squares),
    p.region,
    p.channel,
    sales_sum / nullif(n, 0) as sales_mean,
    orders_sum / nullif(n, 0) as orders_mean,
    case
        when n > 1 then greatest(0, sales_squares - sales_sum * sales_sum / n) / (n - 1) when n = 1 then 0
    end as sales_variance,
    case
        when n > 1 then greatest(0, orders_squares - orders_sum * orders_sum / n) / (n - 1) when n = 1 then 0
    end as orders_variance
from learned as l
inner join pairs as p using (dealer_id, outlet_id)
inner join dealer_reports as r on r.dealer_id = l.dealer_id and r.snapshot = 0
where not r.is_not_reported;

-- M, T and c^2 of each peer group: channel and region, channel, all
create macro spread(variance_of_means, wnss, cv2, m, wqq, wqr, wrr, pairs) as
    greatest(0, variance_of_means - (wnss + 4 * cv2 * (wqq + 2 * m * wqr + m * m * wrr)) / pairs);

create table peer_groups as
with parts as (
    select *, 1.0::double / (n * (n + 3)) as w, 1.0::double / (n + 1) as r
    from active_moments
    where is_full_year and n >= 2
),
sums as (
    select
        channel,
        region,
        count(*) as pairs,
        avg(sales_mean) as sales_mean,
        avg(orders_mean) as orders_mean,
        var_samp(sales_mean) as sales_variance_of_means,
        var_samp(orders_mean) as orders_variance_of_means,
        coalesce(sum((n - 1) * sales_variance) / nullif(sum((n - 1) * sales_mean * sales_mean), 0), 0) as sales_cv2,
        coalesce(sum((n - 1) * orders_variance) / nullif(sum((n - 1) * orders_mean * orders_mean), 0), 0) as orders_cv2,
        sum(w * r * r) as wrr,
        sum(w * (n - 1) * sales_variance) as sales_wnss,
        sum(w * n * r * sales_mean * r) as sales_wqr,
        sum(w * n * r * sales_mean * n * r * sales_mean) as sales_wqq,
        sum(w * (n - 1) * orders_variance) as orders_wnss,
        sum(w * n * r * orders_mean * r) as orders_wqr,
        sum(w * n * r * orders_mean * n * r * orders_mean) as orders_wqq
    from parts
    group by grouping sets ((channel, region), (channel), ())
    having count(*) >= 2
)
select
    coalesce(channel, '*') as peer_channel,
    coalesce(region, '*') as peer_region,
    pairs,
    sales_mean,
    sales_cv2,
    spread(sales_variance_of_means, sales_wnss, sales_cv2, sales_mean, sales_wqq, sales_wqr, wrr, pairs) as sales_spread,
    orders_mean,
    orders_cv2,
    spread(orders_variance_of_means, orders_wnss, orders_cv2, orders_mean, orders_wqq, orders_wqr, wrr, pairs)
        as orders_spread
from sums;

create table pair_bases as
with laddered as (
    select
        m.*,
        case when f.pairs >= 30 then 'channel_region' when h.pairs >= 30 then 'channel' else 'all' end as peer_level,
        if(peer_level <> 'all', m.channel, '*') as peer_channel,
        if(peer_level = 'channel_region', m.region, '*') as peer_region
    from active_moments as m
    left join peer_groups as f on f.peer_channel = m.channel and f.peer_region = m.region
    left join peer_groups as h on h.peer_channel = m.channel and h.peer_region = '*'
    where m.n > 0
),
noisy as (
    select
        l.*,
        g.pairs as peer_count,
        g.sales_mean as peer_sales_mean,
        g.orders_mean as peer_orders_mean,
        g.sales_spread,
        g.orders_spread,
        ((n - 1) * sales_variance + 4 * g.sales_cv2 * pow((n * l.sales_mean + g.sales_mean) / (n + 1), 2)) / (n + 3)
            as sales_noise,
        ((n - 1) * orders_variance + 4 * g.orders_cv2 * pow((n * l.orders_mean + g.orders_mean) / (n + 1), 2)) / (n + 3)
            as orders_noise
    from laddered as l
    inner join peer_groups as g using (peer_channel, peer_region)
)
select
    *,
    coalesce(sales_spread / nullif(sales_spread + sales_noise / n, 0), 0) as credibility,
    coalesce(orders_spread / nullif(orders_spread + orders_noise / n, 0), 0) as orders_credibility,
    credibility * sales_mean + (1 - credibility) * peer_sales_mean as sales_base,
    orders_credibility * orders_mean + (1 - orders_credibility) * peer_orders_mean as orders_base
from noisy;

create table outlet_normals as
with seasons as (
    select
        coalesce(channel, '*') as peer_channel,
        coalesce(region, '*') as peer_region,
        greatest(0, coalesce(median(sales::double / (3 * sales_base)) filter (where sales_base > 0), 1)) as sales_season,
        greatest(0, coalesce(median(orders / (3 * orders_base)) filter (where orders_base > 0), 1)) as orders_season
    from pair_bases
    where is_full_year
    group by grouping sets ((channel, region), (channel), ())
)
select
    b.dealer_id,
    b.outlet_id,
    b.channel,
    b.region,
    b.n as learned_periods,
    b.sales_mean,
    b.sales_noise,
    b.peer_level,
    b.peer_count,
    b.peer_sales_mean,
    b.credibility,
    s.sales_season,
    3 * s.sales_season * b.sales_base as normal_sales,
    3 * s.orders_season * b.orders_base as normal_orders,
    s.sales_season * sqrt(3 * b.sales_noise + 9 * b.credibility * b.sales_noise / b.n) as deviation
from pair_bases as b
inner join seasons as s using (peer_channel, peer_region);
