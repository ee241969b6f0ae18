-- purpose: no opportunity is listed for a dealer that has not reported: its silence says nothing of its outlets
with listed as (
    select dealer_id, 'vertical_opportunities' as table_name
    from vertical_opportunities
    union all
    select dealer_id, 'horizontal_opportunities' as table_name
    from horizontal_opportunities
    union all
    select dealer_id, 'range_gaps' as table_name
    from range_gaps
)

select l.table_name, l.dealer_id, s.reported_until
from listed as l
inner join dealer_scorecard as s on s.dealer_id = l.dealer_id
where s.is_not_reported
