-- purpose: the sums from which the parameters of a peer group follow, at three levels
-- grain: origin x channel x region; region NULL: the channel; channel NULL too: all
-- decisions: over active pairs that were there for the whole year before the window, or for as much of it as the
--   history has: the means of outlets that have just begun would pass for differences between outlets. Each term is
--   cut to a decimal before it is summed, so that the order of rows cannot change a byte; orders are small numbers and
--   keep 12 places. w, q and r are the parts of a pair's steadied variance over n (see peer_groups): s^2 / n =
--   w ((n - 1) s^2 + 4 c^2 (q + r M)^2), w = 1 / (n (n + 3)), q = n m / (n + 1), r = 1 / (n + 1)
with parts as (
    select
        origin,
        channel,
        region,
        cast(learned_periods as double) as n,
        1.0 / (cast(learned_periods as double) * (learned_periods + 3)) as w,
        1.0 / (cast(learned_periods as double) + 1) as r,
        sales_mean,
        sales_variance,
        orders_mean,
        orders_variance
    from active_moments
    where is_full_year and learned_periods >= 2
),

finest as (
    select
        origin,
        channel,
        region,
        count(*) as pairs,
        sum(cast(w * r * r as decimal(38, 12))) as w_rr,
        sum(cast(sales_mean as decimal(38, 8))) as sales_m,
        sum(cast(sales_mean * sales_mean as decimal(38, 8))) as sales_mm,
        sum(cast((n - 1) * sales_mean * sales_mean as decimal(38, 8))) as sales_nmm,
        sum(cast((n - 1) * sales_variance as decimal(38, 8))) as sales_nss,
        sum(cast(w * (n - 1) * sales_variance as decimal(38, 8))) as sales_wnss,
        sum(cast(w * n * r * sales_mean * r as decimal(38, 8))) as sales_wqr,
        sum(cast(w * n * r * sales_mean * n * r * sales_mean as decimal(38, 8))) as sales_wqq,
        sum(cast(orders_mean as decimal(38, 12))) as orders_m,
        sum(cast(orders_mean * orders_mean as decimal(38, 12))) as orders_mm,
        sum(cast((n - 1) * orders_mean * orders_mean as decimal(38, 12))) as orders_nmm,
        sum(cast((n - 1) * orders_variance as decimal(38, 12))) as orders_nss,
        sum(cast(w * (n - 1) * orders_variance as decimal(38, 12))) as orders_wnss,
        sum(cast(w * n * r * orders_mean * r as decimal(38, 12))) as orders_wqr,
        sum(cast(w * n * r * orders_mean * n * r * orders_mean as decimal(38, 12))) as orders_wqq
    from parts
    group by origin, channel, region
)

select
    origin,
    channel,
    region,
    cast(sum(pairs) as bigint) as pairs,
    cast(sum(w_rr) as double) as w_rr,
    cast(sum(sales_m) as double) as sales_m,
    cast(sum(sales_mm) as double) as sales_mm,
    cast(sum(sales_nmm) as double) as sales_nmm,
    cast(sum(sales_nss) as double) as sales_nss,
    cast(sum(sales_wnss) as double) as sales_wnss,
    cast(sum(sales_wqr) as double) as sales_wqr,
    cast(sum(sales_wqq) as double) as sales_wqq,
    cast(sum(orders_m) as double) as orders_m,
    cast(sum(orders_mm) as double) as orders_mm,
    cast(sum(orders_nmm) as double) as orders_nmm,
    cast(sum(orders_nss) as double) as orders_nss,
    cast(sum(orders_wnss) as double) as orders_wnss,
    cast(sum(orders_wqr) as double) as orders_wqr,
    cast(sum(orders_wqq) as double) as orders_wqq
from finest
group by grouping sets ((origin, channel, region), (origin, channel), (origin))
