-- purpose: what two nearly equal names of a territory have in common, so that only such names are compared
-- grain: territory x name x key
-- decisions: names have a key in common if they hold the same words in another order, the same letters with other
--   blanks, or the same words but one that begins alike; a name of one word, the first three or the last four letters.
--   What may differ is in `compared`. A word with a Chinese character may not: one character is a word, and another one
--   another shop
with borne as (
    select distinct territory, name
    from outlet_names
),

keys as (
    select name, digits, 'words' || sorted_words as key, '' as compared
    from name_words
    where place = 1
    union all
    select name, digits, 'letters ' || replace(name, ' ', '') as key, '' as compared
    from name_words
    where place = 1
    union all
    select
        name,
        digits,
        'but one' || replace(sorted_words, ' ' || word || ' ', ' ') || left(word, 1) as key,
        word as compared
    from name_words
    where words > 1 and not is_chinese
    union all
    select name, digits, 'start ' || left(word, 3) as key, word as compared
    from name_words
    where words = 1 and not is_chinese
    union all
    select name, digits, 'end ' || right(word, 4) as key, word as compared
    from name_words
    where words = 1 and not is_chinese
)

select b.territory, k.name, k.digits, k.key, k.compared
from keys as k
inner join borne as b on b.name = k.name
