-- purpose: numeric and weighted distribution of each dealer
-- grain: dealer x snapshot
-- decisions: a universe smaller than what is covered caps the rate at 1 and is flagged. Weights are the market values
--   of the cells; cells without a value above zero are left out of the weighted rate.
--   Shares keep 10 digits: a division of whole decimals would keep 4
with cells as (
    select
        dealer_id,
        snapshot,
        outlets_total,
        covered_outlets,
        covered_outlets > outlets_total as is_universe_too_small,
        case when outlets_total > 0 and market_value > 0 then market_value end as weight,
        case
            when outlets_total > 0 then cast(least(covered_outlets, outlets_total) as decimal(22, 12))
                / cast(outlets_total as decimal(10, 0))
        end as share
    from dealer_cells
)

select
    dealer_id,
    snapshot,
    sum(outlets_total) as universe_outlets,
    sum(covered_outlets) as covered_in_universe,
    bool_or(is_universe_too_small) as is_universe_too_small,
    case
        when sum(outlets_total) > 0
            then least(cast(sum(covered_outlets) as double) / cast(sum(outlets_total) as double), 1.0)
    end as numeric_distribution,
    case
        when sum(weight) > 0
            then cast(sum(cast(weight * cast(share as decimal(12, 10)) as decimal(28, 8))) as double)
                / cast(sum(weight) as double)
    end as weighted_distribution
from cells
group by dealer_id, snapshot
