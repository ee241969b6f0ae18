-- purpose: the pairs that a promotion was meant for
-- grain: promotion x dealer x outlet
-- decisions: every scope column that is filled has to match; none filled means every pair. Region is the dealer's,
--   territory and channel are the outlet's
select
    w.promotion_id,
    p.dealer_id,
    p.outlet_id,
    p.channel
from promotion_windows as w
inner join pairs as p
    on (w.dealer_id is null or w.dealer_id = p.dealer_id)
    and (w.region is null or w.region = p.region)
    and (w.territory is null or w.territory = p.territory)
    and (w.channel is null or w.channel = p.channel)
