-- purpose: shares and probabilities lie between 0 and 1
select dealer_id, active_rate, numeric_distribution, numeric_distribution_without_suspects,
    weighted_distribution, coverage_probability, performance_probability, hhi
from dealer_scorecard
where
    not (coalesce(active_rate, 0) between 0 and 1)
    or not (coalesce(numeric_distribution, 0) between 0 and 1)
    or not (coalesce(numeric_distribution_without_suspects, 0) between 0 and coalesce(numeric_distribution, 0))
    or not (coalesce(weighted_distribution, 0) between 0 and 1.000000001)
    or not (coalesce(coverage_probability, 0) between 0 and 1)
    or not (coalesce(performance_probability, 0) between 0 and 1)
    or not (coalesce(hhi, 0) between 0 and 1.000000001)
