-- purpose: outlets of one territory that may be one shop twice, to look at before anybody merges them
-- grain: outlet x other outlet, outlet_id < other_outlet_id; empty without names of outlets
-- parameters: $as_of, $lang
-- decisions: nothing is merged; all marts count both
select
    cast($as_of as date) as as_of,
    s.outlet_id,
    s.other_outlet_id,
    a.territory,
    s.rule,
    s.similarity,
    a.outlet_name,
    b.outlet_name as other_outlet_name,
    a.dealer_id,
    b.dealer_id as other_dealer_id,
    a.channel,
    b.channel as other_channel,
    s.first_order_on,
    s.other_first_order_on,
    s.last_order_on,
    s.other_last_order_on,
    s.sales_52w,
    s.other_sales_52w,
    case when s.is_ghost_likely then s.weaker_outlet_id end as likely_ghost_outlet_id,
    case
        when $lang = 'zh'
            then '同一地区内名称' || case when s.rule = 'same_name' then '相同' else '相近' end
                || case
                    when not s.is_ghost_likely and s.weaker_life = 0 then '；两家都从未下单'
                    when not s.is_ghost_likely and s.weaker_life = 1 then '；两家都已沉默'
                    when not s.is_ghost_likely then '；两家都活跃'
                    when s.weaker_life = 0 then '；' || s.weaker_outlet_id || ' 从未下单，另一家有订单'
                    else '；' || s.weaker_outlet_id || ' 已沉默，另一家活跃'
                end
        else case when s.rule = 'same_name' then 'the same name' else 'nearly the same name' end || ' in one territory'
            || case
                when not s.is_ghost_likely and s.weaker_life = 0 then '; neither ever ordered'
                when not s.is_ghost_likely and s.weaker_life = 1 then '; both have lapsed'
                when not s.is_ghost_likely then '; both are active'
                when s.weaker_life = 0 then '; ' || s.weaker_outlet_id || ' never ordered, the other one did'
                else '; ' || s.weaker_outlet_id || ' has lapsed, the other one is active'
            end
    end as reason
from outlet_suspicions as s
inner join outlets as a on a.outlet_id = s.outlet_id
inner join outlets as b on b.outlet_id = s.other_outlet_id
