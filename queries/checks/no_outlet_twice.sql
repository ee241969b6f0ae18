-- purpose: no outlet is counted twice: horizontal counts what no dealer covers, the tables of pairs what one does
-- decisions: uncovered outlets of a cell have no ids, so the check counts: covered outlets of the cell, as the segments
--   have them, and uncovered ones fill the universe. Range gaps are of covered pairs
with covered as (
    select s.territory, s.channel, count(distinct s.outlet_id) as covered_outlets
    from outlet_segments as s
    where s.is_covered
    group by s.territory, s.channel
)

select
    h.territory || ' / ' || h.channel as subject,
    h.universe_outlets,
    h.covered_outlets,
    h.uncovered_outlets,
    c.covered_outlets as covered_in_segments
from horizontal_opportunities as h
left join covered as c on c.territory = h.territory and c.channel = h.channel
where
    h.covered_outlets <> coalesce(c.covered_outlets, 0)
    or h.uncovered_outlets <> greatest(0, h.universe_outlets - coalesce(c.covered_outlets, 0))
    or h.expected_outlets > h.uncovered_outlets
union all
select
    g.dealer_id || ' / ' || g.outlet_id as subject,
    null as universe_outlets,
    null as covered_outlets,
    null as uncovered_outlets,
    0 as covered_in_segments
from range_gaps as g
left join outlet_segments as s on s.dealer_id = g.dealer_id and s.outlet_id = g.outlet_id
where not coalesce(s.is_covered, false)
union all
select
    v.dealer_id || ' / ' || v.outlet_id as subject,
    null as universe_outlets,
    null as covered_outlets,
    null as uncovered_outlets,
    0 as covered_in_segments
from vertical_opportunities as v
left join outlet_segments as s on s.dealer_id = v.dealer_id and s.outlet_id = v.outlet_id
where not coalesce(s.is_covered, false)
