-- purpose: the kinds of silent outlets and of outlets at risk in Chinese words
-- grain: opportunity_type x kind
-- decisions: built part by part, since a kind is made of parts; the column lookalike_kind keeps the code in every
--   language
with kinds as (
    select distinct opportunity_type, kind
    from vertical_today
    where opportunity_type in ('activate', 'retain')
),

silences as (
    select
        opportunity_type,
        kind,
        replace(replace(replace(kind, 'prospect', '从未下单'), 'first order', '仅有首单'), 'silent ', '沉默 ') as words
    from kinds
),

spans as (
    select opportunity_type, kind, replace(replace(words, ' weeks', ' 周'), ' gaps', ' 倍平均间隔') as words
    from silences
),

histories as (
    select
        opportunity_type,
        kind,
        replace(replace(replace(words, ', bought in ', '，有购买的周期数 '), ' periods', ''), ' period', '') as words
    from spans
)

select
    opportunity_type,
    kind,
    replace(replace(replace(replace(words, ' orders', ' 单'), ' order', ' 单'), ' in 52 周', '/52 周'), ', ', '，') as kind_zh
from histories
