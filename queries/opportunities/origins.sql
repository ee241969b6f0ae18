-- purpose: the origins that are measured in this picture
-- grain: origin
-- parameters: $is_settled
-- decisions: today's picture measures origin 0, the settled picture the origins from 3 on, which teach and test: so they
--   are computed anew only when the calendar moves on, or what they follow from has changed
select
    origin, ends_on, history_starts_on, whole_periods, learnable_periods, is_known, is_tested, is_predicted
from origin_days
where (origin >= 3) = $is_settled
