-- purpose: dealers as accepted, the first row of each id
-- grain: dealer
-- decisions: a second row of the same dealer is rejected (rejected_masters), not merged
with ranked as (
    select
        d.export_key,
        d.export_line,
        d.dealer_id,
        d.dealer_name,
        d.region,
        d.territory,
        d.tier,
        d.status,
        d.onboarded_on,
        d.manager,
        row_number() over (partition by d.dealer_id order by e.export_rank, d.export_line) as place
    from staged_dealers as d
    inner join exports as e on e.export_key = d.export_key
)

select
    export_key,
    export_line,
    dealer_id,
    coalesce(dealer_name, dealer_id) as dealer_name,
    region,
    territory,
    tier,
    status,
    onboarded_on,
    manager
from ranked
where place = 1
