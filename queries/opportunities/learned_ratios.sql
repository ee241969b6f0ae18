-- purpose: what is expected of each kind of pair in each channel at each predicted origin, as a multiple of its scale
-- grain: origin x opportunity_type x channel x kind
-- decisions: grow: ratio of sums - 1 and quantiles - 1, beyond the movement of the group. activate: probability of an
--   order times what an order brings; quantiles over all, orders or not. retain: probability of no order; the
--   interval of a yes or no is nothing, all, or both
select
    c.origin,
    c.opportunity_type,
    c.channel,
    c.kind,
    c.learned_level,
    s.pairs as lookalikes,
    c.probability,
    case when c.opportunity_type = 'activate' then coalesce(c.hit_ratio, 0) end as hit_ratio,
    case c.opportunity_type
        when 'grow' then s.outcome / nullif(s.scale, 0) - 1
        when 'activate' then c.probability * coalesce(c.hit_ratio, 0)
        else c.probability
    end as expected_ratio,
    case c.opportunity_type
        when 'grow' then q.low_ratio - 1
        when 'activate' then q.low_ratio
        else case when c.probability > 0.9 then 1 else 0 end
    end as low_ratio,
    case c.opportunity_type
        when 'grow' then q.high_ratio - 1
        when 'activate' then q.high_ratio
        else case when c.probability > 0.2 then 1 else 0 end
    end as high_ratio,
    case c.opportunity_type when 'grow' then q.stretch_ratio - 1 when 'activate' then q.stretch_ratio end as stretch_ratio
from learned_choices as c
inner join learned_sums as s
    on s.origin = c.origin
    and s.opportunity_type = c.opportunity_type
    and s.kind = c.learned_kind
    and s.channel = c.learned_channel
left join learned_quantiles as q
    on q.origin = c.origin
    and q.opportunity_type = c.opportunity_type
    and q.kind = c.learned_kind
    and q.channel = c.learned_channel
