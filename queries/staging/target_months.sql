-- purpose: accepted targets by month, a quarter in three equal parts
-- grain: export line x month
select
    s.export_key,
    s.export_line,
    s.dealer_id,
    s.channel,
    s.month,
    s.next_month,
    s.target_amount,
    s.months
from stated_target_months as s
left anti join rejected_targets as r on r.export_key = s.export_key and r.export_line = s.export_line
