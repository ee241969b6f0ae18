//! The names of the settled picture: its own relations before the common ones.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{MemorySchemaProvider, SchemaProvider, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::prelude::SessionContext;

use crate::analysis::pictures::SCHEMA;

#[derive(Debug)]
struct Settled {
    own: MemorySchemaProvider,
    common: Arc<dyn SchemaProvider>,
}

#[async_trait]
impl SchemaProvider for Settled {
    fn table_names(&self) -> Vec<String> {
        self.own.table_names()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        match self.own.table(name).await? {
            Some(table) => Ok(Some(table)),
            None => self.common.table(name).await,
        }
    }

    fn register_table(&self, name: String, table: Arc<dyn TableProvider>) -> Result<Option<Arc<dyn TableProvider>>> {
        self.own.register_table(name, table)
    }

    fn deregister_table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        self.own.deregister_table(name)
    }

    fn table_exist(&self, name: &str) -> bool {
        self.own.table_exist(name)
    }
}

/// A session that shares everything with `today` and in which names mean relations of the settled picture.
pub fn open(today: &SessionContext) -> Result<SessionContext> {
    let state = today.state();
    let options = &state.config_options().catalog;
    let (catalog, common) = (options.default_catalog.clone(), options.default_schema.clone());
    let missing = || DataFusionError::Internal(format!("there is no schema {common}"));
    let names = today.catalog(&catalog).ok_or_else(missing)?;
    let common = names.schema(&common).ok_or_else(missing)?;
    names.register_schema(SCHEMA, Arc::new(Settled { own: MemorySchemaProvider::new(), common }))?;
    // The catalog is there, and a new one would take its place.
    let config = today
        .copied_config()
        .with_default_catalog_and_schema(catalog, SCHEMA)
        .with_create_default_catalog_and_schema(false);
    let state = SessionStateBuilder::new_from_existing(state).with_config(config).build();
    Ok(SessionContext::new_with_state(state))
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::AsArray as _;
    use datafusion::arrow::datatypes::Int64Type;
    use datafusion::prelude::SessionConfig;

    use super::*;

    async fn number(context: &SessionContext, sql: &str) -> i64 {
        let rows = context.sql(sql).await.unwrap().collect().await.unwrap();
        rows[0].column(0).as_primitive::<Int64Type>().value(0)
    }

    #[tokio::test]
    async fn names_mean_the_settled_relation_and_else_the_common_one() {
        let today = SessionContext::new_with_config(SessionConfig::new());
        let settled = open(&today).unwrap();
        let of = async |number: i64| {
            let frame = today.sql(&format!("select {number} as number")).await.unwrap();
            frame.into_view()
        };
        today.register_table("common", of(1).await).unwrap();
        today.register_table("moving", of(2).await).unwrap();
        today.register_table("settled.moving", of(3).await).unwrap();
        assert_eq!(number(&settled, "select number from common").await, 1);
        assert_eq!(number(&settled, "select number from moving").await, 3);
        assert_eq!(number(&settled, "select number from settled.moving").await, 3);
        assert_eq!(number(&settled, "select number from public.moving").await, 2);
        assert_eq!(number(&today, "select number from moving").await, 2);
        assert_eq!(number(&today, "select number from settled.moving").await, 3);
        today.deregister_table("settled.moving").unwrap();
        assert!(!settled.table_exist("settled.moving").unwrap());
    }
}
