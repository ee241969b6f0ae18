-- purpose: what visits did, in words whose numbers are those of the row
-- grain: dealer x visit_type ('*' = all types)
-- parameters: $lang
with shown as (
    select
        dealer_id,
        visit_type,
        visits = 0 as is_unvisited,
        judged_visits = 0 as is_unjudged,
        half_width is null as has_no_interval,
        abs(strike_surplus) <= half_width as is_chance,
        strike_surplus > 0 as is_more,
        cast(visits as varchar) || case when $lang = 'zh' then '' when visits = 1 then ' visit' else ' visits' end as visits,
        cast(visited_covered_outlets as varchar) as reached,
        cast(covered_outlets as varchar) as covered,
        cast(followed_visits as varchar) as followed,
        cast(judged_visits as varchar) as judged,
        cast(judged_outlets as varchar) as outlets,
        cast(cast(strike_rate * 100 as decimal(9, 1)) as varchar) as strike,
        cast(cast(base_rate * 100 as decimal(9, 1)) as varchar) as base
    from visit_rows
),

judged as (
    select
        dealer_id, visit_type, is_unvisited, is_unjudged, visits, reached, covered, followed, judged, outlets, strike, base,
        case
            when has_no_interval and $lang = 'zh' then '网点太少，无法判断'
            when has_no_interval then 'too few outlets to judge'
            when is_chance and $lang = 'zh' then '与随机无法区分'
            when is_chance then 'no different from chance'
            when is_more and $lang = 'zh' then '高于随机'
            when is_more then 'more than chance'
            when $lang = 'zh' then '低于随机'
            else 'less than chance'
        end as verdict
    from shown
)

select
    dealer_id,
    visit_type,
    case
        when $lang = 'zh' and is_unvisited then '12 周内没有拜访，已覆盖 ' || covered || ' 家网点'
        when $lang = 'zh' and is_unjudged
            then visits || ' 次拜访，走访已覆盖网点 ' || reached || '/' || covered || ' 家；尚无满 7 天的网点拜访'
        when $lang = 'zh'
            then visits || ' 次拜访，走访已覆盖网点 ' || reached || '/' || covered || ' 家；' || judged || ' 次中 ' || followed
                || ' 次在 7 天内有订单（' || strike || '%），同样网点任意 7 天为 ' || base || '%（' || outlets || ' 家）：' || verdict
        when is_unvisited then 'no visit in 12 weeks to any of ' || covered || ' covered outlets'
        when is_unjudged
            then visits || ', ' || reached || ' of ' || covered
                || ' covered outlets; no visit to an outlet whose 7 days are over'
        else visits || ', ' || reached || ' of ' || covered || ' covered outlets; an order within 7 days after '
            || followed || ' of ' || judged || ' (' || strike || ' %), against ' || base
            || ' % of any 7 days of the same outlets (' || outlets || '): ' || verdict
    end as reason
from judged
