-- purpose: the parameters of each peer group: mean, noise and true spread of what its pairs sell and order a period
-- grain: origin x channel x region; region NULL: the channel; channel NULL too: all
-- decisions: Buehlmann's estimators. cv2 is the squared coefficient of variation between the periods of a pair,
--   pooled with weights n - 1; mean is M, the mean over pairs; spread is T = max(0, variance of the pairs' means -
--   mean of s^2 / n), the variance between pairs that is not noise
with pooled as (
    select
        origin,
        channel,
        region,
        pairs,
        sales_m / pairs as sales_mean,
        orders_m / pairs as orders_mean,
        greatest(0, sales_mm - sales_m * sales_m / pairs) / (pairs - 1) as sales_variance_of_means,
        greatest(0, orders_mm - orders_m * orders_m / pairs) / (pairs - 1) as orders_variance_of_means,
        coalesce(sales_nss / nullif(sales_nmm, 0), 0) as sales_cv2,
        coalesce(orders_nss / nullif(orders_nmm, 0), 0) as orders_cv2,
        w_rr, sales_wnss, sales_wqr, sales_wqq, orders_wnss, orders_wqr, orders_wqq
    from peer_moments
    where pairs >= 2
)

select
    origin,
    channel,
    region,
    pairs,
    sales_mean,
    sales_cv2,
    greatest(
        0,
        sales_variance_of_means - (
            sales_wnss
            + 4 * sales_cv2 * (sales_wqq + 2 * sales_mean * sales_wqr + sales_mean * sales_mean * w_rr)
        ) / pairs
    ) as sales_spread,
    orders_mean,
    orders_cv2,
    greatest(
        0,
        orders_variance_of_means - (
            orders_wnss
            + 4 * orders_cv2 * (orders_wqq + 2 * orders_mean * orders_wqr + orders_mean * orders_mean * w_rr)
        ) / pairs
    ) as orders_spread
from pooled
