//! Reads query sets: the one embedded in the binary, a folder instead of it, and a folder of the user's own marts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::analysis::pictures::of_settled;
use crate::config::unreadable;
use crate::model::checksum;
use crate::model::contract::{Contract, Contracts};
use crate::model::failure::{Blame, Failure, Result};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/queries");

/// What a relation is for; its folder says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    Staging,
    Intermediate,
    /// Between the measures and the marts that say where to grow.
    Opportunity,
    Mart,
    /// Must return no row.
    Check,
}

/// One `.sql` file: one relation of the same name.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub name: String,
    pub layer: Layer,
    pub sql: String,
    /// For messages: the file it came from.
    pub origin: String,
    /// Marts have one, nothing else has.
    pub contract: Option<Contract>,
    /// Part of dealerlens, not of the user's folder: then a broken one is a defect.
    pub is_built_in: bool,
}

/// All relations by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QuerySet {
    pub queries: BTreeMap<String, Query>,
}

impl Layer {
    const ALL: [Self; 5] = [Self::Staging, Self::Intermediate, Self::Opportunity, Self::Mart, Self::Check];

    const fn folder(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Intermediate => "intermediate",
            Self::Opportunity => "opportunities",
            Self::Mart => "marts",
            Self::Check => "checks",
        }
    }
}

impl Query {
    /// What goes wrong with a query of the user's own is the user's to mend; with a built-in one it is a defect.
    pub fn blame(&self, failure: Failure) -> Failure {
        match failure.blame {
            Blame::Defect if !self.is_built_in => Failure { blame: Blame::JobFile, ..failure },
            _ => failure,
        }
    }

    /// Whether it is planned into its readers instead of being stored: its header says `-- stored: no`.
    pub fn is_view(&self) -> bool {
        self.header_says("-- stored: no")
    }

    /// Whether the rows of an export follow from that export alone: its header says `-- computed: by export`.
    pub fn is_by_export(&self) -> bool {
        self.header_says("-- computed: by export")
    }

    /// Whether it wants few of the lines that it reads, those of a join: its header says `-- wants: few lines`.
    pub fn wants_few(&self) -> bool {
        self.header_says("-- wants: few lines")
    }

    /// Whether the left side of each of its joins is the one to be held in memory, where the engine would choose by
    /// estimates of rows that are far off: its header says `-- joins: as written`.
    pub fn joins_as_written(&self) -> bool {
        self.header_says("-- joins: as written")
    }

    /// Whether it belongs to today's picture alone: its header says `-- picture: today`.
    pub fn is_of_today(&self) -> bool {
        self.header_says("-- picture: today")
    }

    /// Whether the settled picture begins with it: its header says `-- boundary: of the settled picture`.
    pub fn is_boundary(&self) -> bool {
        self.header_says("-- boundary: of the settled picture")
    }

    /// Whether it is a relation of the settled picture.
    pub fn is_settled(&self) -> bool {
        of_settled(&self.name).is_some()
    }

    fn header_says(&self, words: &str) -> bool {
        self.sql.lines().take_while(|line| line.starts_with("--")).any(|line| line.trim() == words)
    }
}

impl QuerySet {
    /// The built-in set, or the one in `replacement`, and the user's marts in `extra` on top.
    pub fn load(replacement: Option<&Path>, extra: Option<&Path>) -> Result<Self> {
        let mut set = Self::default();
        match replacement {
            Some(folder) => set.add(&folder_files(folder)?, false)?,
            None => set.add(&embedded_files(), true)?,
        }
        if let Some(folder) = extra {
            set.add(&folder_files(folder)?, false)?;
        }
        Ok(set)
    }

    /// Relations between staging and marts, for tests.
    #[cfg(test)]
    pub fn of_texts(texts: &[(&str, &str)]) -> Self {
        let query = |(name, sql): &(&str, &str)| {
            let (layer, origin) = (Layer::Intermediate, format!("intermediate/{name}.sql"));
            let (name, sql) = ((*name).to_owned(), (*sql).to_owned());
            (name.clone(), Query { name, layer, sql, origin, contract: None, is_built_in: true })
        };
        Self { queries: texts.iter().map(query).collect() }
    }

    pub fn marts(&self) -> impl Iterator<Item = (&Query, &Contract)> {
        self.queries.values().filter_map(|query| query.contract.as_ref().map(|contract| (query, contract)))
    }

    /// The contracts of all marts by name.
    pub fn contracts(&self) -> Contracts {
        self.marts().map(|(query, contract)| (query.name.clone(), contract.clone())).collect()
    }

    pub fn checks(&self) -> impl Iterator<Item = &Query> {
        self.queries.values().filter(|query| query.layer == Layer::Check)
    }

    /// Of all texts in a fixed order.
    pub fn sha256(&self) -> String {
        let text = |query: &Query| {
            let contract = query.contract.as_ref().and_then(|contract| toml::to_string(contract).ok());
            format!("{}\n{}\n{}", query.name, query.sql, contract.unwrap_or_default())
        };
        let texts: Vec<String> = self.queries.values().map(text).collect();
        checksum::of_parts(&texts.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Whether a user wrote any of them.
    pub fn has_own(&self) -> bool {
        self.queries.values().any(|query| !query.is_built_in)
    }

    fn add(&mut self, files: &BTreeMap<PathBuf, String>, is_built_in: bool) -> Result<()> {
        for (path, sql) in files.iter().filter(|(path, _)| path.extension().is_some_and(|ending| ending == "sql")) {
            let query = Query { is_built_in, ..query(path, sql, files)? };
            if let Some(other) = self.queries.get(&query.name) {
                return Err(Failure::job_file(format!(
                    "{}: {} already defines {}",
                    query.origin, other.origin, query.name
                ))
                .hint("a file name is a relation name, and each name is there once: rename one of them"));
            }
            self.queries.insert(query.name.clone(), query);
        }
        Ok(())
    }
}

fn query(path: &Path, sql: &str, files: &BTreeMap<PathBuf, String>) -> Result<Query> {
    let origin = path.display().to_string();
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let layer = layer_of(path).ok_or_else(|| {
        Failure::job_file(format!(
            "{origin}: not in one of the folders staging, intermediate, opportunities, marts, checks"
        ))
        .hint("a mart of your own goes to marts/ with its contract beside it")
    })?;
    let contract = match layer {
        Layer::Mart => Some(contract(path, files)?),
        _ => None,
    };
    Ok(Query { name, layer, sql: sql.to_owned(), origin, contract, is_built_in: false })
}

fn layer_of(path: &Path) -> Option<Layer> {
    let folder = path.parent()?.file_name()?.to_string_lossy().into_owned();
    Layer::ALL.into_iter().find(|layer| layer.folder() == folder)
}

fn contract(path: &Path, files: &BTreeMap<PathBuf, String>) -> Result<Contract> {
    let place = path.with_extension("contract.toml");
    let text = files.get(&place).ok_or_else(|| {
        Failure::job_file(format!("{}: the mart has no contract", path.display()))
            .hint(format!("write {} with purpose, grain, key and one [[column]] for each column", place.display()))
    })?;
    toml::from_str(text).map_err(|error| unreadable(&place, text, &error))
}

fn embedded_files() -> BTreeMap<PathBuf, String> {
    let folders = BUILT_IN.dirs().flat_map(Dir::files);
    folders
        .filter_map(|file| Some((Path::new("queries").join(file.path()), file.contents_utf8()?.to_owned())))
        .collect()
}

fn folder_files(folder: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    for layer in Layer::ALL {
        let folder = folder.join(layer.folder());
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.map_err(|error| Failure::io("cannot look into", &folder, error))?.path();
            let wanted = path.extension().is_some_and(|ending| ending == "sql" || ending == "toml");
            if wanted && path.is_file() {
                let text = std::fs::read_to_string(&path).map_err(|error| Failure::io("cannot read", &path, error))?;
                files.insert(path, text);
            }
        }
    }
    if files.is_empty() {
        return Err(Failure::job_file(format!("{}: there is no query in this folder", folder.display()))
            .hint("marts go to marts/, helpers to intermediate/, checks to checks/"));
    }
    Ok(files)
}
