//! What a storage server's refusals mean for the run.

use object_store::Error;

use crate::model::failure::{Blame, Failure};
use crate::model::shown;
use crate::storage::secrets::Secrets;

const CREDENTIALS: &str =
    "credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from the machine's role";
const SERVER: &str =
    "storage.endpoint and storage.region of the job file, or AWS_ENDPOINT_URL and AWS_REGION, say where the server is";

/// Longest answer of a server that is shown; some repeat all that they were asked.
const LONGEST: usize = 300;

/// `doing` is a phrase such as "cannot read"; `address` is what it was done to. Secrets are taken out of what the server says.
pub fn failed(doing: &str, address: &str, error: &Error, secrets: &Secrets) -> Failure {
    let cause = secrets.removed_from(&root(error));
    let is_absent = matches!(error, Error::NotFound { .. }) || element(&cause, "Code") == Some("NoSuchBucket");
    if is_absent {
        return Failure::missing_input(format!("{doing} {address}: there is no such object or bucket"));
    }
    let said = shown::cut(&shown::line(element(&cause, "Message").unwrap_or(&cause)), LONGEST);
    let failure = Failure::new(Blame::Io, format!("{doing} {address}: {said}"));
    match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => failure.hint(CREDENTIALS),
        Error::Precondition { .. } | Error::AlreadyExists { .. } => {
            Failure::new(Blame::Locked, format!("{address} was changed by another run meanwhile"))
                .hint("try again later")
        }
        // A listing that is refused has no kind of its own.
        _ if ["status code: 401", "status code: 403"].iter().any(|refused| cause.contains(refused)) => {
            failure.hint(CREDENTIALS)
        }
        _ => failure.hint(SERVER),
    }
}

/// The innermost cause; the outer ones repeat each other.
fn root(error: &Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// What an element of the server's answer holds.
fn element<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = answer.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}
