-- purpose: the region a territory belongs to
-- grain: territory
-- decisions: no source states it. It is the region whose dealers have most outlets there, then the one with more
--   dealers at home there, then by name. Geography, so one answer for all origins
with stated as (
    select territory, region, count(*) as outlets, 0 as homes
    from pairs
    where territory is not null
    group by territory, region
    union all
    select territory, region, 0 as outlets, count(*) as homes
    from dealers
    where territory is not null
    group by territory, region
),

ranked as (
    select
        territory,
        region,
        row_number() over (partition by territory order by sum(outlets) desc, sum(homes) desc, region) as place
    from stated
    group by territory, region
)

select territory, region
from ranked
where place = 1
