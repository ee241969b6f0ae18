-- purpose: the dealers of an export of which lines are to be rejected: unknown ones, and those with sales of the future
-- grain: export x dealer
-- parameters: $run_date, the day of the run
select
    e.export_key,
    e.dealer_id,
    d.dealer_id is null as is_unknown,
    $run_date as run_date
from export_dealers as e
left join dealers as d on d.dealer_id = e.dealer_id
where d.dealer_id is null or e.last_sold_on > $run_date
