-- purpose: promotions that cannot be used: they end before they start, name an unknown dealer, or repeat an id
-- grain: export line
-- decisions: one reason a row, what is wrong by itself before what is wrong beside others, so that a broken row never
--   takes the place of a good one of the same id. Of the good rows the first one counts, by export name and line
with judged as (
    select
        s.export_key,
        s.export_line,
        s.promotion_id,
        s.dealer_id,
        s.starts_on,
        s.ends_on,
        s.ends_on < s.starts_on as is_backwards,
        s.dealer_id is not null and d.dealer_id is null as has_unknown_dealer,
        e.export_rank
    from staged_promotions as s
    inner join exports as e on e.export_key = s.export_key
    left join dealers as d on d.dealer_id = s.dealer_id
),

ranked as (
    select
        export_key,
        export_line,
        promotion_id,
        dealer_id,
        starts_on,
        ends_on,
        is_backwards,
        has_unknown_dealer,
        row_number() over (
            partition by promotion_id, is_backwards or has_unknown_dealer
            order by export_rank, export_line
        ) as place
    from judged
)

select
    export_key,
    export_line,
    case when is_backwards then 'ends_on' when has_unknown_dealer then 'dealer_id' else 'promotion_id' end as column_name,
    case
        when is_backwards then cast(ends_on as varchar)
        when has_unknown_dealer then dealer_id
        else promotion_id
    end as raw_value,
    case
        when is_backwards then 'bad_date'
        when has_unknown_dealer then 'unknown_dealer'
        else 'duplicate_key'
    end as reason_code,
    case
        when is_backwards then 'ends_on: the promotion ends before it starts, on ' || cast(starts_on as varchar)
        when has_unknown_dealer then 'dealer_id: the dealer is not in the dealers source'
        else 'promotion_id: another row has the same key; the first one counts'
    end as message,
    cast(null as decimal(18, 4)) as amount
from ranked
where is_backwards or has_unknown_dealer or place > 1
