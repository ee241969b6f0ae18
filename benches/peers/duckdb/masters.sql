-- Dealers, outlets, products, market and targets: of each id the first row counts, contradictions cancel out, and what
-- does not count is set aside with its reason.
create table rejected_rows (source varchar, reason_code varchar, raw_value varchar);

create table dealers as
from staged_dealers
where dealer_id is not null and region is not null
qualify row_number() over (partition by dealer_id order by rowid) = 1;

-- an outlet of an unknown dealer stays, without a dealer
create table outlet_master as
with first_rows as (
    from staged_outlets
    where outlet_id is not null
    qualify row_number() over (partition by outlet_id order by rowid) = 1
)
select o.* replace (d.dealer_id as dealer_id)
from first_rows as o
left join dealers as d using (dealer_id);

create table products as
from staged_products
where product_id is not null
qualify row_number() over (partition by product_id order by rowid) = 1;

-- two universes of one cell contradict each other
create table judged_market as
select
    *,
    case
        when territory is null or channel is null or outlets_total is null then 'missing_value'
        when outlets_total < 0 then 'negative_count'
        when count(*) over (partition by territory, channel, outlets_total >= 0) > 1 then 'conflicting_rows'
    end as reason_code
from staged_market;

create table market_cells as
select territory, channel, outlets_total, market_value from judged_market where reason_code is null;

create table judged_targets as
select
    t.dealer_id,
    try_strptime(t.month, '%Y-%m')::date as first_day,
    t.month,
    t.target_amount,
    case
        when t.dealer_id is null or t.month is null or t.target_amount is null then 'missing_value'
        when first_day is null then 'bad_month'
        when d.dealer_id is null then 'unknown_dealer'
        when count(*) over (partition by t.dealer_id, first_day) > 1 then 'conflicting_rows'
    end as reason_code
from staged_targets as t
left join dealers as d using (dealer_id);

create table target_months as
select dealer_id, first_day as month, (first_day + interval 1 month)::date as next_month, target_amount
from judged_targets
where reason_code is null;

insert into rejected_rows
select 'dealers', if(dealer_id is null or region is null, 'missing_value', 'duplicate_key'), dealer_id
from (select dealer_id, region from staged_dealers except all select dealer_id, region from dealers)
union all
select 'outlets', if(outlet_id is null, 'missing_value', 'duplicate_key'), outlet_id
from (select outlet_id from staged_outlets except all select outlet_id from outlet_master)
union all
select 'products', if(product_id is null, 'missing_value', 'duplicate_key'), product_id
from (select product_id from staged_products except all select product_id from products)
union all
select 'market', reason_code, concat_ws(',', territory, channel, outlets_total)
from judged_market
where reason_code is not null
union all
select 'targets', reason_code, concat_ws(',', dealer_id, month, target_amount)
from judged_targets
where reason_code is not null
union all
select 'dealers', 'bad_' || column_name, csv_line from dealers_errors
union all
select 'outlets', 'bad_' || column_name, csv_line from outlets_errors
union all
select 'products', 'bad_' || column_name, csv_line from products_errors
union all
select 'market', 'bad_' || column_name, csv_line from market_errors
union all
select 'targets', 'bad_' || column_name, csv_line from targets_errors;
