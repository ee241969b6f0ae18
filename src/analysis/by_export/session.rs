//! A session in which every relation has only what it has of some exports.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::common::DataFusionError;
use datafusion::datasource::ViewTable;
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::SessionContext;

use crate::analysis::by_export::bundle::{Bundle, exports_of};
use crate::analysis::by_export::digest::{EXPORT_KEY, has_export_key};
use crate::analysis::by_export::lines::STAGED;
use crate::analysis::by_export::one_export::OneExport;
use crate::analysis::by_export::small_files::SmallFiles;
use crate::analysis::by_export::step::{ExportStep, Roots};
use crate::analysis::cluster::{Narrowed, TableFiles};
use crate::analysis::errors::{engine_failure, failed};
use crate::analysis::materialise::with_text_views;
use crate::analysis::planning::plan;
use crate::analysis::{session, sources};
use crate::model::failure::Result;

/// Files with fewer rows, on average, are small.
const SMALL_ROWS: u64 = 1 << 13;

impl ExportStep {
    /// The session, with the views that the relation reads; it works in one partition. Its files are read with texts as
    /// views, which are compared and grouped quicker; results are written at once, so none of them stays.
    pub(super) async fn session(&self, chunk: &[Bundle], roots: &Roots) -> Result<SessionContext> {
        let context = session::of_one_partition(&self.step.context, self.step.query.wants_few());
        let mut exports = exports_of(chunk);
        if let (Some(alone), None) = (exports.next(), exports.next()) {
            context.add_optimizer_rule(Arc::new(OneExport { key: alone.key }));
        }
        let narrowed = self.narrowed(chunk);
        for table in &self.tables {
            match narrowed.get(table) {
                Some(files) => self.register_own(&context, table, files).await?,
                None => self.restrict(&context, table, chunk, roots).await?,
            }
        }
        for (query, statement) in &self.views {
            let plan = plan(&context, query, statement.clone()).await?;
            let view = Arc::new(ViewTable::new(plan, None));
            context.register_table(query.name.as_str(), view).map_err(|error| failed(query, &error))?;
        }
        Ok(context)
    }

    /// The files of these bundles, of the tables that have files for each bundle or export.
    pub(super) fn narrowed(&self, bundles: &[Bundle]) -> Narrowed {
        let of = |parts: Vec<(&PathBuf, u64)>| TableFiles {
            files: parts.iter().map(|(file, _)| (*file).clone()).collect(),
            rows: parts.iter().map(|(_, rows)| rows).sum(),
        };
        let files = |table: &String| match self.known.get(table) {
            Some(facts) => {
                let own = bundles.iter().filter_map(|bundle| facts.get(&bundle.key()));
                Some((table.clone(), of(own.map(|fact| (&fact.path, fact.rows)).collect())))
            }
            None if table == STAGED => {
                Some((table.clone(), of(exports_of(bundles).map(|export| (&export.file, export.rows)).collect())))
            }
            None => None,
        };
        self.tables.iter().filter_map(files).collect()
    }

    async fn register_own(&self, context: &SessionContext, name: &str, own: &TableFiles) -> Result<()> {
        let broken = |error: DataFusionError| engine_failure(name, &error);
        let table = self.step.context.table_provider(name).await.map_err(broken)?;
        let schema = with_text_views(&table.schema());
        if own.rows < SMALL_ROWS * own.files.len() as u64 {
            let table = Arc::new(SmallFiles { schema, files: own.files.clone() });
            return context.register_table(name, table).map(drop).map_err(broken);
        }
        let files: Vec<String> = own.files.iter().map(|file| sources::address(file)).collect();
        sources::register_files(context, name, &schema, &files)
    }

    /// Registers what a table has of these exports, or all of it if it does not tell exports apart.
    async fn restrict(&self, context: &SessionContext, name: &str, chunk: &[Bundle], roots: &Roots) -> Result<()> {
        let broken = |error: DataFusionError| engine_failure(name, &error);
        let home = &self.step.context;
        let table = home.table_provider(name).await.map_err(broken)?;
        let schema = table.schema();
        // Most exports have no row that anything is wrong with.
        let is_rowless = roots.digests.get(name).is_some_and(|digest| digest.has_nothing_of(chunk));
        let seen: Arc<dyn TableProvider> = if is_rowless {
            sources::in_memory(schema, Vec::new(), Vec::new()).map_err(broken)?
        } else if has_export_key(&schema) {
            let keys = exports_of(chunk).map(|export| lit(export.key)).collect();
            let own = home.table(name).await.and_then(|rows| rows.filter(col(EXPORT_KEY).in_list(keys, false)));
            let own = own.map_err(broken)?.collect().await.map_err(broken)?;
            // As rows, since their number decides how they are joined.
            sources::in_memory(schema, own, Vec::new()).map_err(broken)?
        } else {
            table
        };
        context.register_table(name, seen).map_err(broken)?;
        Ok(())
    }
}
