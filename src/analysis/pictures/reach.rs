//! What of the settled picture is kept, and what it follows from.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::loader::{Query, QuerySet};
use crate::analysis::order::Parsed;
use crate::analysis::pictures::{of_settled, plain};
use crate::analysis::sources::TABLE_FUNCTION;
use crate::model::failure::{Failure, Result};

/// What a kept relation follows from, and by what queries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ground {
    /// The relation itself and all between it and the boundary.
    pub queries: BTreeSet<String>,
    /// The relations at which the settled picture begins.
    pub boundary: BTreeSet<String>,
    /// What is given and reached without passing the boundary; nothing is kept that has any.
    given: BTreeSet<String>,
}

impl Ground {
    pub fn of(name: &str, set: &QuerySet, parsed: &BTreeMap<String, Parsed>) -> Self {
        let (mut ground, mut open) = (Self::default(), vec![name.to_owned()]);
        while let Some(name) = open.pop() {
            if set.queries.get(&name).is_some_and(Query::is_boundary) {
                ground.boundary.insert(name);
            } else if let Some(query) = parsed.get(&name) {
                let is_of_today = set.queries.get(plain(&name)).is_some_and(Query::is_of_today);
                if ground.queries.insert(name) && !is_of_today {
                    open.extend(query.reads.iter().cloned());
                }
            } else if name != TABLE_FUNCTION {
                ground.given.insert(name);
            }
        }
        ground
    }
}

/// The relations of the settled picture that today's reads: they are kept from night to night.
pub fn kept(parsed: &BTreeMap<String, Parsed>) -> BTreeSet<String> {
    let of_today = parsed.iter().filter(|(name, _)| of_settled(name).is_none());
    of_today.flat_map(|(_, query)| &query.reads).filter(|read| of_settled(read).is_some()).cloned().collect()
}

/// Refuses a set in which a kept relation follows from something that nobody compares with the night before.
///
/// # Errors
/// A failure of whoever wrote the query that reads it.
pub fn require_grounded(set: &QuerySet, parsed: &BTreeMap<String, Parsed>) -> Result<()> {
    for name in kept(parsed) {
        let given = Ground::of(&name, set, parsed).given;
        let reader = parsed.iter().find(|(reader, query)| of_settled(reader).is_none() && query.reads.contains(&name));
        let reader = reader.and_then(|(reader, _)| set.queries.get(reader));
        if let (Some(given), Some(reader)) = (given.first(), reader) {
            let failure = Failure::defect(format!("{}: {name} follows from {given} past the boundary", reader.origin));
            return Err(reader.blame(failure).hint(
                "what is read of the settled picture may follow only from relations marked `boundary: of the settled picture`",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::order::parse_all;
    use crate::analysis::pictures::expand;

    fn expanded(texts: &[(&str, &str)]) -> (QuerySet, BTreeMap<String, Parsed>) {
        let mut set = QuerySet::of_texts(texts);
        let mut parsed = parse_all(&set, 1).unwrap();
        expand(&mut set, &mut parsed).unwrap();
        (set, parsed)
    }

    const LINES: &str = "-- boundary: of the settled picture\nselect amount, sold_on from staged_sales";
    const SEEN: &str = "select sum(amount) as amount from lines where sold_on <= $as_of";

    #[test]
    fn what_is_kept_follows_from_the_boundary() {
        let (set, parsed) = expanded(&[("lines", LINES), ("seen", SEEN), ("mart", "select amount from settled.seen")]);
        assert_eq!(kept(&parsed), BTreeSet::from(["settled.seen".to_owned()]));
        let ground = Ground::of("settled.seen", &set, &parsed);
        assert_eq!(ground.queries, BTreeSet::from(["settled.seen".to_owned()]));
        assert_eq!(ground.boundary, BTreeSet::from(["lines".to_owned()]));
        require_grounded(&set, &parsed).unwrap();
    }

    #[test]
    fn a_way_past_the_boundary_is_refused_with_its_reader() {
        let past =
            "select sum(l.amount) as amount from lines as l cross join staged_dealers as d where l.sold_on <= $as_of";
        let (set, parsed) = expanded(&[("lines", LINES), ("seen", past), ("mart", "select amount from settled.seen")]);
        let failure = require_grounded(&set, &parsed).unwrap_err();
        let expected = "intermediate/mart.sql: settled.seen follows from staged_dealers past the boundary";
        assert_eq!(failure.message, expected);
    }

    #[test]
    fn the_built_in_set_is_grounded() {
        let mut set = QuerySet::load(None, None).unwrap();
        let mut parsed = parse_all(&set, 1).unwrap();
        expand(&mut set, &mut parsed).unwrap();
        require_grounded(&set, &parsed).unwrap();
        assert!(kept(&parsed).contains("settled.lookalike_counts"));
    }
}
