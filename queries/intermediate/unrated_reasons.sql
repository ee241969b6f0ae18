-- purpose: why a dealer is not rated, in words
-- grain: dealer x snapshot; only those with a reason
-- parameters: $lang
select
    c.dealer_id,
    c.snapshot,
    case
        when $lang = 'zh'
            then case c.unrated_code
                when 'not_reported' then cast(r.reported_until as varchar) || ' 之后没有上报'
                when 'no_universe' then '该经销商的市场网点总数为零'
                when 'no_market' then '该经销商所在地区没有市场数据'
                when 'no_history' then '销售历史晚于该时段'
                when 'no_peer' then '没有同组经销商有活跃网点'
                when 'no_target' then '没有覆盖这 12 周且大于零的目标'
                when 'no_outlet' then '没有已覆盖网点'
            end
        else case c.unrated_code
            when 'not_reported' then 'nothing is reported after ' || cast(r.reported_until as varchar)
            when 'no_universe' then 'the universe of the dealer is zero'
            when 'no_market' then 'no market data for the territories of the dealer'
            when 'no_history' then 'the history begins later'
            when 'no_peer' then 'no peer with active outlets'
            when 'no_target' then 'no target above zero that fills the 12 weeks'
            when 'no_outlet' then 'no covered outlet'
        end
    end as unrated_reason
from dealer_classes as c
inner join dealer_reports as r on r.dealer_id = c.dealer_id and r.snapshot = c.snapshot
where c.unrated_code is not null
