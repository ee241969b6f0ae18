-- purpose: how the next three periods share a plan: as the same periods did a year ago
-- grain: region x channel x period (1 to 3); every region of a dealer with every channel
-- decisions: the narrowest group that says something: channel and region, channel, all; else equal thirds. Weights are
--   whole numbers, so that a split by them is exact
with wanted as (
    select r.region, c.channel
    from (select distinct region from dealers) as r
    cross join (
        select channel from leaf_snapshots where snapshot = 0
        union
        select channel from plan_opportunities
    ) as c
),

ranked as (
    select
        w.region,
        w.channel,
        case
            when g.season_outlets is null then 'thirds'
            when g.is_all_channels = 1 then 'all'
            when g.is_all_regions = 1 then 'channel'
            else 'channel_region'
        end as season_basis,
        g.season_outlets,
        coalesce(g.sales_1, 1) as sales_1,
        coalesce(g.sales_2, 1) as sales_2,
        coalesce(g.sales_3, 1) as sales_3,
        row_number() over (
            partition by w.region, w.channel order by coalesce(g.is_all_channels, 2), coalesce(g.is_all_regions, 2)
        ) as place
    from wanted as w
    left join season_groups as g
        on (g.is_all_channels = 1 or g.channel = w.channel) and (g.is_all_regions = 1 or g.region = w.region)
)

select
    r.region,
    r.channel,
    p.period,
    r.season_basis,
    r.season_outlets,
    cast(
        case p.period when 1 then r.sales_1 when 2 then r.sales_2 else r.sales_3 end * 10000 as decimal(20, 0)
    ) as weight,
    cast((r.sales_1 + r.sales_2 + r.sales_3) * 10000 as decimal(20, 0)) as total_weight
from ranked as r
cross join (select column1 as period from (values (1), (2), (3))) as p
where r.place = 1
