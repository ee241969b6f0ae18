-- purpose: what a dealer's listed opportunities add up to, and the net of all its pairs
-- grain: dealer x channel
-- decisions: expected_all nets those that will grow and those that will fall back; it is what the dealer's active
--   pairs bring if nobody calls, beyond what their peer groups do. Growth is frequency, ticket and activate; retain
--   is protection and never added to it. credibility_sum / outlets_with_normal is the mean Z; dropped_outlets have a
--   drop_probability of 0.8 or more
select
    dealer_id,
    channel,
    sum(case when opportunity_type = 'grow' then sales else 0 end) as sales_12w,
    sum(case when opportunity_type = 'grow' then 1 else 0 end) as active_outlets,
    count(normal_sales) as outlets_with_normal,
    sum(cast(credibility as decimal(18, 9))) as credibility_sum,
    sum(case when drop_probability >= 0.8 then 1 else 0 end) as dropped_outlets,
    sum(case when opportunity_type = 'grow' and is_listed then 1 else 0 end) as listed_grow,
    sum(case when opportunity_type = 'activate' and is_listed then 1 else 0 end) as listed_activate,
    sum(case when opportunity_type = 'retain' and is_listed then 1 else 0 end) as listed_retain,
    sum(case when opportunity_type = 'grow' and is_listed then shortfall else 0 end) as shortfall_listed,
    sum(case when opportunity_type = 'grow' then shortfall else 0 end) as shortfall_all,
    sum(case when opportunity_type = 'grow' then normal_sales - sales else 0 end) as normal_net,
    sum(case when opportunity_type = 'grow' and is_listed then expected_value else 0 end) as expected_grow,
    sum(case when opportunity_type = 'grow' and is_listed then stretch_value else 0 end) as stretch_grow,
    sum(case when opportunity_type = 'activate' and is_listed then expected_value else 0 end) as expected_activate,
    sum(case when opportunity_type = 'retain' and is_listed then expected_value else 0 end) as expected_retain,
    sum(case when opportunity_type = 'grow' then expected_value else 0 end) as expected_all_active
from vertical_today
group by dealer_id, channel
