-- purpose: each restatement in words
-- grain: export x dealer x month
-- parameters: $lang
with shown as (
    select
        export,
        dealer_id,
        month,
        kind,
        is_export_gone,
        lines_change = 0 as is_amounts_only,
        kind in ('late', 'restated') and replacing_change > 0 as has_replacing,
        kind in ('removed', 'restated') and replaced_change > 0 as has_replaced,
        case when lines_change > 0 then '+' else '' end || cast(lines_change as varchar) as lines,
        cast(replacing_change as varchar) as replacing,
        cast(replaced_change as varchar) as replaced
    from restated_months
)

select
    export,
    dealer_id,
    month,
    case
        when $lang = 'zh'
            then '行数 ' || lines || '：'
                || case
                    when kind = 'replaced' then '已由另一文件在后重报'
                    when kind = 'replacing' then '取代了另一文件中的行'
                    when kind = 'restored' then '另一文件不再重报这些行'
                    when kind = 'moved' then '各文件合计，该经销商当月不变'
                    when kind = 'late' then '上次运行时，该文件没有该经销商当月的数据'
                    when kind = 'removed' and is_export_gone then '该文件已不存在'
                    when kind = 'removed' then '该文件已不含这些行，或这些行被拒收'
                    when is_amounts_only then '行数不变，金额有改动'
                    else '该文件重新报送了当月'
                end
                || case when has_replacing then '；其中取代另一文件的行：' || replacing else '' end
                || case when has_replaced then '；其中已由另一文件重报的行：' || replaced else '' end
        else 'lines ' || lines || ': '
            || case
                when kind = 'replaced' then 'another export states them later'
                when kind = 'replacing' then 'they replace lines of another export'
                when kind = 'restored' then 'another export states them no more'
                when kind = 'moved' then 'over all exports the month of the dealer is the same'
                when kind = 'late' then 'the last run had none of this dealer and month in this export'
                when kind = 'removed' and is_export_gone then 'the export is gone'
                when kind = 'removed' then 'the export has none of them any more, or they are rejected'
                when is_amounts_only then 'as many as before, with other amounts'
                else 'the export states the month anew'
            end
            || case when has_replacing then '; lines that replace those of another export: ' || replacing else '' end
            || case when has_replaced then '; lines that another export states later: ' || replaced else '' end
    end as reason
from shown
