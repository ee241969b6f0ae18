-- purpose: the words of each name that is compared with others
-- grain: name x place of the word
-- decisions: a normal name has one blank between words. Words after the sixteenth are not looked at. A name that
--   several outlets and territories bear is taken apart once
with names as (
    select distinct
        name,
        least(16, 1 + length(name) - length(replace(name, ' ', ''))) as words
    from outlet_names
),

placed as (
    select n.name, n.words, p.value as place, split_part(n.name, ' ', cast(p.value as int)) as word
    from names as n
    inner join generate_series(1, 16) as p on p.value <= n.words
),

sorted as (
    select
        name,
        trim(regexp_replace(name, '[^0-9]+', ' ', 'g')) as digits,
        ' ' || string_agg(word, ' ' order by word) || ' ' as sorted_words
    from placed
    group by name
)

select
    p.name,
    s.digits,
    p.words,
    s.sorted_words,
    p.place,
    p.word,
    regexp_like(p.word, '\p{Han}') as is_chinese
from placed as p
inner join sorted as s on s.name = p.name
