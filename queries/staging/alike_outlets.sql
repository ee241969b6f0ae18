-- purpose: pairs of outlets that one shop may stand behind, by their names alone
-- grain: outlet x other outlet, outlet_id < other_outlet_id
-- decisions: two outlets of one account are not suspected: a chain's shops bear one name. A name that more than 20
--   accounts or single outlets of a territory bear is a kind of shop, not a name.
--   Near: the words that differ have a Jaro-Winkler similarity of at least 0.92, and the digits are the same ("Shop 12"
--   and "Shop 13" are two shops). Of each name its first outlet is compared, since its others are same_name pairs
with borne as (
    select territory, name, coalesce(account_id, outlet_id) as bearer, min(outlet_id) as first_outlet_id
    from outlet_names
    group by territory, name, coalesce(account_id, outlet_id)
),

-- In two steps, since count(distinct) would keep a set for each name
bearers as (
    select territory, name, count(*) as bearers, min(first_outlet_id) as first_outlet_id
    from borne
    group by territory, name
),

same_names as (
    select a.outlet_id, b.outlet_id as other_outlet_id, 'same_name' as rule, cast(1 as double) as similarity
    from bearers as n
    inner join outlet_names as a on a.territory = n.territory and a.name = n.name
    inner join outlet_names as b on b.territory = a.territory and b.name = a.name and b.outlet_id > a.outlet_id
    where n.bearers between 2 and 20 and coalesce(a.account_id <> b.account_id, true)
),

compared as (
    select
        a.territory,
        a.name,
        b.name as other_name,
        case when a.compared = b.compared then 1 else name_similarity(a.compared, b.compared) end as similarity
    from name_keys as a
    inner join name_keys as b
        on b.territory = a.territory and b.key = a.key and b.digits = a.digits and b.name > a.name
),

near_names as (
    select territory, name, other_name, max(similarity) as similarity
    from compared
    where similarity >= 0.92
    group by territory, name, other_name
)

select outlet_id, other_outlet_id, rule, similarity
from same_names
union all
select
    least(a.outlet_id, b.outlet_id) as outlet_id,
    greatest(a.outlet_id, b.outlet_id) as other_outlet_id,
    'near_name' as rule,
    n.similarity
from near_names as n
inner join bearers as f on f.territory = n.territory and f.name = n.name
inner join bearers as g on g.territory = n.territory and g.name = n.other_name
inner join outlet_names as a on a.outlet_id = f.first_outlet_id
inner join outlet_names as b on b.outlet_id = g.first_outlet_id
where f.bearers <= 20 and g.bearers <= 20 and coalesce(a.account_id <> b.account_id, true)
