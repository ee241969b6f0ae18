//! The relations of the settled picture: the same queries once more, as far as today's picture asks for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::loader::{Query, QuerySet};
use crate::analysis::order::{Parsed, parse};
use crate::analysis::pictures::{of_settled, plain, settled};
use crate::model::failure::Result;

/// Parameters that differ between the pictures.
const MOVING: [&str; 3] = ["$as_of", "$previous_as_of", "$is_settled"];

/// Adds the relations of the settled picture that the set asks for to the set and to what was parsed of it.
///
/// # Errors
/// A defect when what stands for a relation of today's picture cannot be parsed.
pub fn expand(set: &mut QuerySet, parsed: &mut BTreeMap<String, Parsed>) -> Result<()> {
    let moving = moving(set, parsed);
    let asked: Vec<String> =
        parsed.values().flat_map(|query| &query.reads).filter_map(|read| of_settled(read)).map(str::to_owned).collect();
    for query in parsed.values_mut() {
        query.reads = query.reads.iter().map(|read| node(read, false, &moving)).collect();
    }
    let mut open: Vec<String> = asked.into_iter().filter(|name| moving.contains(name)).collect();
    while let Some(name) = open.pop() {
        let (Some(query), Some(own)) = (set.queries.get(&name), parsed.get(&name)) else { continue };
        if parsed.contains_key(&settled(&name)) {
            continue;
        }
        let (query, own) = once_more(query, own, &moving)?;
        open.extend(own.reads.iter().filter_map(|read| of_settled(read)).map(str::to_owned));
        parsed.insert(query.name.clone(), own);
        set.queries.insert(query.name.clone(), query);
    }
    Ok(())
}

/// The relations that are others in the settled picture, by what they say and by what they read.
fn moving(set: &QuerySet, parsed: &BTreeMap<String, Parsed>) -> BTreeSet<String> {
    let says = |(name, query): &(&String, &Parsed)| {
        MOVING.iter().any(|parameter| query.parameters.contains(*parameter))
            || set.queries.get(*name).is_some_and(Query::is_of_today)
    };
    let mut moving: BTreeSet<String> = parsed.iter().filter(says).map(|(name, _)| name.clone()).collect();
    loop {
        let reads_moving =
            |query: &Parsed| query.reads.iter().any(|read| of_settled(read).is_none() && moving.contains(read));
        let more: Vec<String> = parsed
            .iter()
            .filter(|(name, query)| !moving.contains(*name) && reads_moving(query))
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            return moving;
        }
        moving.extend(more);
    }
}

/// What a name stands for in a picture.
fn node(read: &str, in_settled: bool, moving: &BTreeSet<String>) -> String {
    let name = plain(read);
    let is_settled = in_settled || of_settled(read).is_some();
    if is_settled && moving.contains(name) { settled(name) } else { name.to_owned() }
}

fn once_more(query: &Query, own: &Parsed, moving: &BTreeSet<String>) -> Result<(Query, Parsed)> {
    let name = settled(&query.name);
    let copy = Query { name, contract: None, ..query.clone() };
    if query.is_of_today() {
        return without_rows(copy, &query.name);
    }
    let reads = own.reads.iter().map(|read| node(read, true, moving)).collect();
    Ok((copy, Parsed { reads, ..own.clone() }))
}

/// A relation of today's picture alone: in the other one it has its columns and no row.
fn without_rows(copy: Query, of: &str) -> Result<(Query, Parsed)> {
    let copy = Query { sql: format!("select * from public.{of} where false"), ..copy };
    let own = parse(&copy)?;
    Ok((copy, Parsed { reads: BTreeSet::from([of.to_owned()]), ..own }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::order::parse_all;

    fn expanded(texts: &[(&str, &str)]) -> BTreeMap<String, BTreeSet<String>> {
        let mut set = QuerySet::of_texts(texts);
        let mut parsed = parse_all(&set, 1).unwrap();
        expand(&mut set, &mut parsed).unwrap();
        assert!(parsed.keys().eq(set.queries.keys()));
        parsed.into_iter().map(|(name, parsed)| (name, parsed.reads)).collect()
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_is_asked_for_is_there_once_more_and_the_rest_is_common() {
        let reads = expanded(&[
            ("lines", "select amount, sold_on, dealer_id from staged_sales"),
            ("regions", "select dealer_id, region from staged_dealers"),
            (
                "seen",
                "select l.amount, r.region from lines as l inner join regions as r on true where l.sold_on <= $as_of",
            ),
            ("taught", "select sum(amount) as amount from seen"),
            ("mart", "select s.amount, t.amount as taught from seen as s cross join settled.taught as t"),
            ("plain", "select amount from settled.lines"),
            ("unasked", "select amount from seen"),
        ]);
        assert_eq!(reads["settled.taught"], names(&["settled.seen"]));
        assert_eq!(reads["settled.seen"], names(&["lines", "regions"]));
        assert_eq!(reads["mart"], names(&["seen", "settled.taught"]));
        assert_eq!(reads["plain"], names(&["lines"]), "both pictures have the same lines");
        let settled: Vec<&String> = reads.keys().filter(|name| of_settled(name).is_some()).collect();
        assert_eq!(settled, ["settled.seen", "settled.taught"]);
    }

    #[test]
    fn what_is_of_today_has_no_row_in_the_settled_picture() {
        let reads = expanded(&[
            ("cells", "-- picture: today\nselect region from staged_dealers"),
            ("all", "select region from cells"),
            ("mart", "select region from settled.all"),
        ]);
        assert_eq!(reads["settled.all"], names(&["settled.cells"]));
        assert_eq!(reads["settled.cells"], names(&["cells"]), "its columns are those of today's");
    }
}
