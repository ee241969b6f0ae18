//! Which relations can be computed next, and which nobody will read any more.

use std::collections::{BTreeMap, BTreeSet};

/// The relations of a set by what they read of each other, and how far their computation has come.
#[derive(Debug, Default)]
pub struct Schedule {
    /// Each after everything it reads.
    order: Vec<String>,
    reads: BTreeMap<String, BTreeSet<String>>,
    readers: BTreeMap<String, BTreeSet<String>>,
    computed: BTreeSet<String>,
    /// Relations that are planned into their readers: what they read must stay as long as they do.
    views: BTreeSet<String>,
    dropped: BTreeSet<String>,
}

impl Schedule {
    /// `reads` may name relations outside the set; they are there already.
    pub fn new(order: Vec<String>, reads: &BTreeMap<String, BTreeSet<String>>, views: BTreeSet<String>) -> Self {
        let within =
            |names: &BTreeSet<String>| names.iter().filter(|name| reads.contains_key(*name)).cloned().collect();
        let reads: BTreeMap<String, BTreeSet<String>> =
            reads.iter().map(|(name, names)| (name.clone(), within(names))).collect();
        let mut readers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, read) in reads.iter().flat_map(|(name, names)| names.iter().map(move |read| (name, read))) {
            readers.entry(read.clone()).or_default().insert(name.clone());
        }
        Self { order, reads, readers, views, ..Self::default() }
    }

    /// All relations in order.
    pub fn order(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }

    /// `names` and everything they read that is not computed yet, in order.
    pub fn missing(&self, names: &[&str]) -> Vec<String> {
        let mut needed = BTreeSet::new();
        names.iter().for_each(|name| self.collect(name, &mut needed));
        self.order.iter().filter(|name| needed.contains(*name)).cloned().collect()
    }

    fn collect(&self, name: &str, needed: &mut BTreeSet<String>) {
        let Some(reads) = self.reads.get(name).filter(|_| !self.computed.contains(name)) else { return };
        if needed.insert(name.to_owned()) {
            reads.iter().for_each(|read| self.collect(read, needed));
        }
    }

    /// Whether everything that `name` reads is there.
    pub fn is_ready(&self, name: &str) -> bool {
        self.reads.get(name).is_some_and(|reads| reads.is_subset(&self.computed))
    }

    pub fn done(&mut self, name: &str) {
        self.computed.insert(name.to_owned());
    }

    /// Leaves out relations that nobody needs.
    pub fn skip(&mut self, name: &str) {
        self.done(name);
        self.dropped.insert(name.to_owned());
    }

    pub fn is_computed(&self, name: &str) -> bool {
        self.computed.contains(name)
    }

    /// The relations that `name` was the last to read, and what their views read in turn. Each is told once.
    pub fn released_by(&mut self, name: &str) -> Vec<String> {
        let mut released = Vec::new();
        let mut finished = vec![name.to_owned()];
        while let Some(reader) = finished.pop() {
            for read in self.reads.get(&reader).cloned().unwrap_or_default() {
                if self.is_unread(&read) && self.dropped.insert(read.clone()) {
                    if self.views.contains(&read) {
                        finished.push(read.clone());
                    }
                    released.push(read);
                }
            }
        }
        released
    }

    fn is_unread(&self, name: &str) -> bool {
        let over = |reader: &String| {
            self.computed.contains(reader) && (!self.views.contains(reader) || self.dropped.contains(reader))
        };
        self.readers.get(name).is_some_and(|readers| readers.iter().all(over))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// a <- b (a view) <- c, d; a <- d; c, d <- e.
    fn diamond() -> Schedule {
        let reads = [("a", &["staged"][..]), ("b", &["a"]), ("c", &["b"]), ("d", &["a", "b"]), ("e", &["c", "d"])];
        let reads = reads.map(|(name, reads)| (name.to_owned(), reads.iter().map(|read| (*read).to_owned()).collect()));
        let order = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        Schedule::new(order, &reads.into(), BTreeSet::from(["b".to_owned()]))
    }

    #[test]
    fn what_is_computed_is_not_missing() {
        let mut schedule = diamond();
        assert_eq!(schedule.missing(&["c"]), ["a", "b", "c"]);
        schedule.done("a");
        assert_eq!(schedule.missing(&["c", "d"]), ["b", "c", "d"]);
        assert!(schedule.is_ready("b") && !schedule.is_ready("c"));
    }

    #[test]
    fn a_relation_stays_until_the_readers_of_its_views_are_done() {
        let mut schedule = diamond();
        let mut released = |name: &str| {
            schedule.done(name);
            schedule.released_by(name)
        };
        assert!(released("a").is_empty() && released("b").is_empty() && released("c").is_empty());
        assert_eq!(released("d"), ["b", "a"], "the view goes first, then what it read");
        assert_eq!(released("e"), ["c", "d"]);
    }

    #[test]
    fn what_nobody_reads_stays() {
        let mut schedule = diamond();
        ["a", "b", "c", "d", "e"].iter().for_each(|name| schedule.done(name));
        assert!(schedule.released_by("missing").is_empty());
        assert_eq!(schedule.released_by("e"), ["c", "d"]);
        assert!(schedule.released_by("e").is_empty(), "told once");
    }
}
