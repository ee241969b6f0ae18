-- purpose: what the listed predictions of each tested origin promised, and what came
-- grain: opportunity_type x origin
-- decisions: only pairs for which something had been learned and whose 12 weeks are known
select
    opportunity_type,
    origin,
    count(*) as pairs,
    sum(expected_value) as predicted,
    sum(realised_value) as realised
from vertical_predictions
where origin > 0 and is_listed and expected_value is not null and realised_value is not null
group by opportunity_type, origin
