-- purpose: the share of outlets that were new within 12 weeks, by channel, as each origin had seen it
-- grain: origin x channel
-- decisions: three rates. per_existing: new outlets per outlet that anyone covers. per_uncovered: per outlet that nobody
--   covers, in cells where somebody covers one. in_empty: the same where nobody does, since there a first step has to
--   be made. Each is the posterior mean under a prior of 20 outlets at the rate of all channels (Beta for shares, Gamma
--   for per_existing, which can pass 1). Windows overlap, so that an outlet is seen about three times: hence 60
with taught as (
    select
        t.origin,
        c.channel,
        sum(case when c.covered_outlets > 0 then c.new_outlets else 0 end) as new_in_served,
        sum(c.covered_outlets) as existing,
        sum(case when c.covered_outlets > 0 and c.universe_outlets is not null then c.new_outlets else 0 end)
            as new_of_uncovered,
        sum(case when c.covered_outlets > 0 then c.uncovered_outlets else 0 end) as uncovered,
        sum(case when c.covered_outlets = 0 and c.universe_outlets is not null then c.new_outlets else 0 end)
            as new_in_empty,
        sum(case when c.covered_outlets = 0 then c.uncovered_outlets else 0 end) as uncovered_in_empty
    from taught_origins as t
    inner join cell_snapshots as c on c.snapshot = t.snapshot
    group by t.origin, c.channel
),

of_all as (
    select
        origin,
        cast(sum(new_in_served) as double) / nullif(sum(existing), 0) as per_existing,
        cast(sum(new_of_uncovered) as double) / nullif(sum(uncovered), 0) as per_uncovered,
        cast(sum(new_in_empty) as double) / nullif(sum(uncovered_in_empty), 0) as in_empty
    from taught
    group by origin
)

select
    t.origin,
    t.channel,
    (t.new_in_served + 60 * a.per_existing) / (t.existing + 60) as per_existing,
    (t.new_of_uncovered + 60 * a.per_uncovered) / (t.uncovered + 60) as per_uncovered,
    (t.new_in_empty + 60 * a.in_empty) / (t.uncovered_in_empty + 60) as in_empty
from taught as t
inner join of_all as a on a.origin = t.origin
