-- purpose: how far a goal is within reach, in words whose numbers are those of its row
-- grain: dealer x scenario
-- parameters: $lang
with shown as (
    select
        g.dealer_id,
        g.scenario,
        r.reachability,
        g.remaining >= 0 as has_remaining,
        g.usual_sales is not null as has_usual,
        g.expected_total > 0 as has_found,
        g.unlearned_rows > 0 as has_unlearned,
        cast(round(cast(g.goal_factor as double), 6) as varchar) as goal,
        cast(cast(g.sales as decimal(20, 2)) as varchar) as sales,
        cast(cast(g.goal_sales as decimal(20, 2)) as varchar) as goal_sales,
        cast(cast(g.gap as decimal(20, 2)) as varchar) as gap,
        cast(cast(g.vertical_expected as decimal(20, 2)) as varchar) as vertical,
        cast(cast(g.horizontal_expected as decimal(20, 2)) as varchar) as horizontal,
        cast(cast(abs(g.remaining) as decimal(20, 2)) as varchar) as remaining,
        cast(cast(g.usual_sales as decimal(20, 2)) as varchar) as usual,
        cast(cast(g.season_factor as decimal(9, 3)) as varchar) as season,
        cast(cast(r.stretch_total as decimal(20, 2)) as varchar) as stretch,
        cast(cast(cast(g.sales + g.expected_total as double) / cast(g.sales as double) as decimal(20, 3)) as varchar)
            as carried,
        cast(g.unlearned_rows as varchar) as unlearned
    from dealer_goals as g
    inner join goal_reaches as r on r.dealer_id = g.dealer_id and r.scenario = g.scenario
)

select
    dealer_id,
    scenario,
    case
        when $lang = 'zh'
            then '目标 ' || goal || ' x ' || sales || ' = ' || goal_sales || '，需增加 ' || gap || '；'
                || case
                    when has_found
                        then '现有网点预期 ' || vertical || '，新网点 ' || horizontal || '，合计可将销售带到 ' || carried || ' 倍；'
                    else '没有已列出且有预期值的机会，按 0 计；'
                end
                || case when has_unlearned then unlearned || ' 项机会尚无预期值，按 0 计；' else '' end
                || case when has_remaining then '尚缺 ' else '超出缺口 ' end || remaining || '；'
                || case
                    when has_usual then '按去年同期走势（x ' || season || '）本身可达 ' || usual
                    else '历史不足一年，无季节参照，按销售不变计'
                end
                || case when has_found then '，机会实现得好（约十分之一可能）再加 ' || stretch else '' end
                || '：' || case reachability when 'reachable' then '可达' when 'stretch' then '需努力' else '难以达到' end
        else 'goal ' || goal || ' x ' || sales || ' = ' || goal_sales || ', ' || gap || ' more; '
            || case
                when has_found
                    then 'listed outlets should bring ' || vertical || ', new outlets ' || horizontal
                        || ', which carries sales to ' || carried || ' times; '
                else 'no opportunity is listed with an expected value, which counts as 0; '
            end
            || case when has_unlearned then unlearned || ' rows have no expected value yet and count as 0; ' else '' end
            || remaining || case when has_remaining then ' remain; ' else ' more is found than the gap; ' end
            || case
                when has_usual then 'moving as a year ago (x ' || season || ') it would sell ' || usual
                else 'the history is too short to tell the season, so sales are taken to stay'
            end
            || case
                when has_found then ', and opportunities that come out well (one case in ten) add ' || stretch
                else ''
            end
            || ': ' || replace(reachability, '_', ' ')
    end as reason
from shown
