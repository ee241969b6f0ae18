-- purpose: what each factor alone would have to be, in words whose numbers are those of its row
-- grain: dealer x scenario
-- parameters: $lang
with shown as (
    select
        f.dealer_id,
        f.scenario,
        f.active_rate_needed is not null as is_rate_possible,
        f.universe_passed is not null as is_universe_passed,
        f.common_factor is not null as is_common_possible,
        g.retain_expected > 0 as has_risk,
        cast(f.covered_outlets_needed as varchar) as covered_needed,
        cast(f.covered_outlets as varchar) as covered,
        cast(f.universe_passed as varchar) as universe,
        cast(cast(100 * f.rate_needed as decimal(9, 1)) as varchar) as rate_needed,
        cast(cast(100 * f.active_rate as decimal(9, 1)) as varchar) as rate,
        cast(cast(f.orders_per_active_outlet_needed as decimal(20, 2)) as varchar) as orders_needed,
        cast(cast(f.orders_per_active_outlet as decimal(20, 2)) as varchar) as orders,
        cast(cast(f.average_order_value_needed as decimal(20, 2)) as varchar) as value_needed,
        cast(cast(f.average_order_value as decimal(20, 2)) as varchar) as value,
        cast(cast(100 * (coalesce(f.common_factor, f.common_factor_of_three) - 1) as decimal(9, 1)) as varchar)
            as common,
        cast(cast(g.retain_expected as decimal(20, 2)) as varchar) as at_risk
    from goal_factors as f
    inner join dealer_goals as g on g.dealer_id = f.dealer_id and g.scenario = f.scenario
)

select
    dealer_id,
    scenario,
    case
        when $lang = 'zh'
            then '单靠一个因素需：覆盖网点 ' || covered_needed || '（现 ' || covered
                || case when is_universe_passed then '，所在市场共 ' || universe || ' 家' else '' end || '），或活跃率 '
                || rate_needed || '%（现 ' || rate || '%' || case when is_rate_possible then '' else '；不可能' end
                || '），或单店订单 ' || orders_needed || '（现 ' || orders || '），或单均金额 ' || value_needed || '（现 '
                || value || '）；' || case when is_common_possible then '四个因素' else '活跃率不变时其余三个因素' end
                || '各升 ' || common || '%'
                || case when has_risk then '；另有 ' || at_risk || ' 现有销售预计流失，不计入增长' else '' end
        else 'alone it takes ' || covered_needed || ' covered outlets (now ' || covered
            || case when is_universe_passed then '; its cells have ' || universe else '' end
            || '), or an active rate of ' || rate_needed || ' % (now ' || rate || ' %' || case when is_rate_possible then '' else '; impossible' end
            || '), or ' || orders_needed || ' orders per active outlet (now ' || orders || '), or ' || value_needed
            || ' an order (now ' || value || '); or '
            || case when is_common_possible then 'all four higher by ' else 'the other three higher by ' end
            || common || ' %'
            || case
                when has_risk then '; apart from that ' || at_risk || ' of current sales is expected to be lost'
                else ''
            end
    end as reason
from shown
