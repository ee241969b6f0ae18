-- purpose: pairs by opportunity type and kind, with what came of them: the school of every expected value
-- grain: dealer x outlet x origin x opportunity_type
select
    dealer_id, outlet_id, region, channel, origin, opportunity_type, kind, wide_kind, scale, outcome, is_hit,
    is_candidate, growth_probability
from lookalikes_grow
union all
select
    dealer_id, outlet_id, region, channel, origin, opportunity_type, kind, wide_kind, scale, outcome, is_hit,
    is_candidate, growth_probability
from lookalikes_activate
union all
select
    dealer_id, outlet_id, region, channel, origin, opportunity_type, kind, wide_kind, scale, outcome, is_hit,
    is_candidate, growth_probability
from lookalikes_retain
