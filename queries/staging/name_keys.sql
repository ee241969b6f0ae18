-- purpose: what two nearly equal names of a territory have in common, so that only such names are compared
-- grain: territory x name x key
-- decisions: names have a key in common if they hold the same words in another order, the same letters with other
--   blanks, or the same words but one that begins alike; a name of one word, the first three or the last four letters.
--   What may differ is in `compared`. A word with a Chinese character may not: one character is a word, and another one
--   another shop. Words after the sixteenth are not looked at
with names as (
    select distinct territory, name, array_slice(string_to_array(name, ' '), 1, 16) as words
    from outlet_names
),

sorted as (
    select
        territory,
        name,
        trim(regexp_replace(name, '[^0-9]+', ' ', 'g')) as digits,
        words,
        ' ' || array_to_string(array_sort(words), ' ') || ' ' as sorted_words
    from names
),

separated as (
    select territory, name, digits, sorted_words, array_length(words) as word_count, unnest(words) as word
    from sorted
),

spelled as (
    select territory, name, digits, sorted_words, word_count, word
    from separated
    where not regexp_like(word, '\p{Han}')
)

select territory, name, digits, 'words' || sorted_words as key, '' as compared
from sorted
union all
select territory, name, digits, 'letters ' || replace(name, ' ', '') as key, '' as compared
from sorted
union all
select
    territory,
    name,
    digits,
    'but one' || replace(sorted_words, ' ' || word || ' ', ' ') || left(word, 1) as key,
    word as compared
from spelled
where word_count > 1
union all
select territory, name, digits, 'start ' || left(word, 3) as key, word as compared
from spelled
where word_count = 1
union all
select territory, name, digits, 'end ' || right(word, 4) as key, word as compared
from spelled
where word_count = 1
