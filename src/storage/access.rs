//! Where the server is and who may use it.

use std::collections::BTreeMap;
use std::fmt;

use object_store::ClientOptions;
use object_store::RetryConfig;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};

use crate::storage::location::Location;

/// The settings of a storage server: those of the job file, and the usual `AWS_...` variables of the environment, secrets
/// among them. It never shows the variables' values.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    pub endpoint: Option<String>,
    pub region: Option<String>,
    pub variables: BTreeMap<String, String>,
}

/// A night should not wait for hours for a server that is down.
const RETRIES: usize = 4;
const RETRY_SECONDS: u64 = 60;

impl Access {
    /// A client for one bucket; the job file goes before the environment.
    pub(super) fn client(&self, location: &Location) -> object_store::Result<AmazonS3> {
        let retry = RetryConfig {
            max_retries: RETRIES,
            retry_timeout: std::time::Duration::from_secs(RETRY_SECONDS),
            ..RetryConfig::default()
        };
        let known = |name: &str| name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>().ok();
        let variables = self.variables.iter().filter_map(|(name, value)| Some((known(name)?, value)));
        let mut builder = variables
            .fold(AmazonS3Builder::new(), |builder, (key, value)| builder.with_config(key, value))
            .with_client_options(ClientOptions::new().with_allow_http(self.is_plain_http()))
            .with_retry(retry)
            .with_bucket_name(&location.bucket);
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(region) = &self.region {
            builder = builder.with_region(region);
        }
        builder.build()
    }

    /// Only an endpoint that says `http://` is spoken to without TLS.
    fn is_plain_http(&self) -> bool {
        let named = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
        let endpoint = self.endpoint.as_ref().or_else(|| named.iter().find_map(|name| self.variables.get(*name)));
        endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"))
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.variables.keys().collect();
        formatter
            .debug_struct("Access")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("variables", &names)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let variables = BTreeMap::from([("AWS_SECRET_ACCESS_KEY".to_owned(), "hunter2".to_owned())]);
        let shown = format!("{:?}", Access { variables, ..Access::default() });
        assert!(shown.contains("AWS_SECRET_ACCESS_KEY") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn tls_is_given_up_only_where_the_endpoint_says_so() {
        let endpoint = |url: &str| Access { endpoint: Some(url.to_owned()), ..Access::default() };
        assert!(endpoint("http://127.0.0.1:9000").is_plain_http());
        assert!(!endpoint("https://s3.example.com").is_plain_http());
        assert!(!Access::default().is_plain_http());
    }
}
