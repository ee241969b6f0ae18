-- purpose: active pairs, each with its kind, for learning what came of pairs like it
-- grain: pair x origin; pairs with orders and positive sales in the window
-- stored: no
-- decisions: the kind is the size (tercile of the normal) and the bin of ln(normal / current); pairs without a whole
--   period before the window have no normal and are a kind of their own. The outcome is the sales of the next 12
--   weeks over the movement of the peer group: growth beyond what the group does anyway. The last bins go beyond 0.5
--   because the largest drops are the ones listed, and with one open bin from 0.5 on they grew by a quarter more than
--   predicted. A shortfall that rounds to no money is none
with moved as (
    select p.origin, p.channel, p.region, m.movement
    from peers as p
    left join peer_movements as m
        on m.origin = p.origin and m.peer_channel = p.peer_channel and m.peer_region = p.peer_region
),

gaps as (
    select
        a.pair_number, a.channel, a.origin, a.sales, cast(a.next_sales as double) / p.movement as outcome,
        n.normal_sales, n.drop_probability, n.growth_probability,
        case
            when n.normal_sales <= b.small_to then 'small'
            when n.normal_sales <= b.middle_to then 'middle'
            else 'large'
        end as size,
        case when n.normal_sales > 0 then ln(n.normal_sales / cast(a.sales as double)) else -9 end as gap
    from active_moments as a
    inner join moved as p on p.origin = a.origin and p.channel = a.channel and p.region = a.region
    left join pair_normals as n on n.pair_number = a.pair_number and n.origin = a.origin
    left join size_borders as b on b.origin = a.origin and b.channel = a.channel
    where a.sales > 0
)

select
    g.pair_number,
    g.channel,
    g.origin,
    'grow' as opportunity_type,
    case
        when g.normal_sales is null then 'new'
        else g.size || case
            when g.gap <= -0.5 then ' -0.5'
            when g.gap <= -0.25 then ' -0.25'
            when g.gap <= -0.1 then ' -0.1'
            when g.gap <= 0.1 then ' 0'
            when g.gap <= 0.25 then ' 0.1'
            when g.gap <= 0.5 then ' 0.25'
            when g.gap <= 0.8 then ' 0.5'
            when g.gap <= 1.2 then ' 0.8'
            when g.gap <= 1.8 then ' 1.2'
            else ' 1.8'
        end
    end as kind,
    case
        when g.normal_sales is null then 'any new'
        when g.gap > 0.1 then 'any below normal'
        when g.gap <= -0.1 then 'any above normal'
        else 'any at normal'
    end as wide_kind,
    cast(g.sales as double) as scale,
    g.outcome,
    g.outcome > 1.1 * cast(g.sales as double) as is_hit,
    coalesce(
        g.normal_sales - cast(g.sales as double) >= 0.00005 and coalesce(g.drop_probability, 1) >= 0.8, false
    ) as is_candidate,
    g.growth_probability
from gaps as g
