-- purpose: the goals that are planned for: the job's own, and twice the sales
-- grain: scenario
-- parameters: $goal
-- decisions: six digits of a goal count, so that a goal times sales is an exact decimal before it is rounded once
select column1 as scenario, cast(column2 as decimal(18, 6)) as goal_factor
from (values ('goal', $goal), ('double', 2.0))
