-- purpose: the borders between small, middle and large outlets
-- grain: origin x channel
-- decisions: terciles of the normal of active pairs
select
    origin,
    channel,
    percentile_cont(0.3333333333) within group (order by normal_sales) as small_to,
    percentile_cont(0.6666666667) within group (order by normal_sales) as middle_to
from pair_normals
group by origin, channel
