-- purpose: what every column of every table is
-- grain: table x column
-- parameters: $as_of
-- decisions: made from the contracts beside the queries, which the tables are checked against
select
    cast($as_of as date) as as_of,
    table_name,
    position,
    column_name,
    data_type,
    is_nullable,
    unit,
    description
from contract_columns
