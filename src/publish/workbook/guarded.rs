//! The writer of workbooks panics where it cannot write: on a full disk, say. That is a failure to write like any other.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rust_xlsxwriter::XlsxError;

use crate::model::failure::{Failure, Result};
use crate::publish::workbook::cells::Written;

/// What is in the words of the writer when it panics because of the disk: its own, or those of an error of the system.
const UNWRITABLE: [&str; 2] = ["Couldn't write", "Os { code:"];

/// Makes the workbook at `path` by `write`, and says what stopped it.
pub(super) fn guarded(path: &Path, write: impl FnOnce() -> Written<()>) -> Result<()> {
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(written) => written.map_err(|error| match error {
            XlsxError::IoError(_) | XlsxError::ZipError(_) | XlsxError::TempFileError(_, _) => unwritable(path, &error),
            error => unmakeable(path, &error.to_string()),
        }),
        Err(panic) => Err(match message_of(&*panic) {
            message if UNWRITABLE.iter().any(|words| message.contains(words)) => unwritable(path, &message),
            message => unmakeable(path, message),
        }),
    }
}

fn unwritable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::io("cannot write", path, error).hint("check the free space and the permissions of its folder")
}

fn unmakeable(path: &Path, why: &str) -> Failure {
    Failure::defect(format!("cannot make {}: {why}", path.display()))
}

fn message_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("the writer stopped")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::failure::Blame;

    #[test]
    fn a_writer_that_panics_because_of_the_disk_is_a_failure_to_write() {
        let path = Path::new("out/dealerlens.xlsx");
        let full = std::io::Error::from_raw_os_error(28);
        for words in ["Couldn't write to xml file", "called `Result::unwrap()` on an `Err` value"] {
            let failure = guarded(path, || panic!("{words}: {full:?}")).unwrap_err();
            assert_eq!(failure.blame, Blame::Io);
            assert!(failure.message.starts_with(&format!("cannot write out/dealerlens.xlsx: {words}")), "{failure}");
        }
        assert_eq!(guarded(path, || panic!("other")).unwrap_err().blame, Blame::Defect);
        assert_eq!(guarded(path, || Ok(())), Ok(()));
    }
}
