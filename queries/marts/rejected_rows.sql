-- purpose: every rejected row with its place, so that the sender can mend it
-- grain: export x line
-- parameters: $as_of
select
    cast($as_of as date) as as_of,
    source,
    export,
    export_line as line,
    column_name,
    raw_value,
    reason_code,
    message,
    amount
from rejections
