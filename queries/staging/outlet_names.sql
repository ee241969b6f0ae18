-- purpose: the outlets that can be compared by name: named, with a territory, open at as_of
-- grain: outlet
-- parameters: $as_of
-- decisions: a closed outlet is no suspect: closing one of two is how a duplicate is mended. The name is compared in
--   its normal form, without case, punctuation and the legal form of a company
with named as (
    select outlet_id, export_key, territory, account_id, normal_name(outlet_name) as name
    from outlet_master
    where outlet_name is not null
        and territory is not null
        and (opened_on is null or opened_on <= $as_of)
        and (closed_on is null or closed_on > $as_of)
)

select outlet_id, export_key, territory, account_id, name
from named
where name <> ''
