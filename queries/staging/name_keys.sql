-- purpose: what two nearly equal names of a territory have in common, so that only such names are compared
-- grain: territory x name x key
-- decisions: names have a key in common if they hold the same words in another order, the same letters with other
--   blanks, or the same words but one that begins alike; a name of one word, the first three or the last four letters.
--   What may differ is in `compared`. A word with a Chinese character may not: one character is a word, and another one
--   another shop. Words after the sixteenth are not looked at
with names as (
    select distinct territory, name
    from outlet_names
),

words as (
    select
        n.territory,
        n.name,
        split_part(n.name, ' ', cast(p.value as int)) as word
    from names as n
    cross join generate_series(1, 16) as p
    where split_part(n.name, ' ', cast(p.value as int)) <> ''
),

sorted as (
    select territory, name, count(*) as words, ' ' || string_agg(word, ' ' order by word) || ' ' as sorted_words
    from words
    group by territory, name
),

spelled as (
    select w.territory, w.name, w.word, s.words, s.sorted_words
    from words as w
    inner join sorted as s on s.territory = w.territory and s.name = w.name
    where not regexp_like(w.word, '\p{Han}')
),

keys as (
    select territory, name, 'words' || sorted_words as key, '' as compared
    from sorted
    union all
    select territory, name, 'letters ' || replace(name, ' ', '') as key, '' as compared
    from sorted
    union all
    select
        territory,
        name,
        'but one' || replace(sorted_words, ' ' || word || ' ', ' ') || left(word, 1) as key,
        word as compared
    from spelled
    where words > 1
    union all
    select territory, name, 'start ' || left(word, 3) as key, word as compared
    from spelled
    where words = 1
    union all
    select territory, name, 'end ' || right(word, 4) as key, word as compared
    from spelled
    where words = 1
)

select
    territory,
    name,
    trim(regexp_replace(name, '[^0-9]+', ' ', 'g')) as digits,
    key,
    compared
from keys
