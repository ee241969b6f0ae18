-- purpose: pairs by opportunity type and kind, with what came of them: the school of every expected value
-- grain: pair x origin x opportunity_type
select
    pair_number, channel, origin, opportunity_type, kind, wide_kind, scale, outcome, is_hit, is_candidate,
    growth_probability
from lookalikes_grow
union all
select
    pair_number, channel, origin, opportunity_type, kind, wide_kind, scale, outcome, is_hit, is_candidate,
    growth_probability
from lookalikes_activate
union all
select
    pair_number, channel, origin, opportunity_type, kind, wide_kind, scale, outcome, is_hit, is_candidate,
    growth_probability
from lookalikes_retain
