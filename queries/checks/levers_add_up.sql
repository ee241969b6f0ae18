-- purpose: frequency and ticket of an outlet add up to its shortfall, and their values to the outlet's, exactly
select
    dealer_id,
    outlet_id,
    max(shortfall) as shortfall,
    sum(potential) as sum_of_levers,
    max(outlet_expected_value) as outlet_expected_value,
    sum(expected_value) as sum_of_expected,
    count(*) as levers
from vertical_opportunities
where opportunity_type = 'grow'
group by dealer_id, outlet_id
having
    sum(potential) <> max(shortfall)
    or count(*) <> 2
    or max(shortfall) <> max(normal_sales) - max(sales_12w)
    or (sum(expected_value) is distinct from max(outlet_expected_value))
