-- purpose: visits of all types are the sum of the types and the accepted visits of these days, and their rates are shares
with by_dealer as (
    select
        dealer_id,
        sum(case when visit_type = '*' then visits_12w end) as visits,
        sum(case when visit_type = '*' then judged_visits end) as judged_visits,
        sum(case when visit_type = '*' then followed_visits end) as followed_visits,
        coalesce(sum(case when visit_type <> '*' then visits_12w end), 0) as visits_of_types,
        coalesce(sum(case when visit_type <> '*' then judged_visits end), 0) as judged_visits_of_types,
        coalesce(sum(case when visit_type <> '*' then followed_visits end), 0) as followed_visits_of_types
    from visit_effect
    group by dealer_id
),

accepted as (
    select count(*) as visits
    from visits as v
    inner join snapshots as s on s.snapshot = 0 and v.visited_on between s.starts_on and s.ends_on
    left join outlet_dealers as o on o.outlet_id = v.outlet_id
    where v.dealer_id is not null or o.dealer_id is not null
),

published as (
    select coalesce(sum(visits), 0) as visits
    from by_dealer
)

select dealer_id, visits, visits_of_types as should_be
from by_dealer
where
    visits <> visits_of_types
    or judged_visits <> judged_visits_of_types
    or followed_visits <> followed_visits_of_types
union all
select 'all' as dealer_id, p.visits, a.visits as should_be
from published as p
cross join accepted as a
where p.visits <> a.visits
union all
select dealer_id, judged_visits as visits, followed_visits as should_be
from visit_effect
where
    followed_visits > judged_visits
    or judged_visits > visits_12w
    or visited_covered_outlets_12w > covered_outlets
    or not (coalesce(visit_coverage, 0) between 0 and 1)
    or not (coalesce(strike_rate, 0) between 0 and 1)
    or not (coalesce(base_rate, 0) between 0 and 1)
    or abs(strike_rate - base_rate - strike_surplus) > 0.000002
