//! The permissions of what a command makes, set once for the whole process: libraries make files, too.

use rustix::fs::Mode;
use rustix::process::umask;

/// From here on files are made with the mode of the job file, and folders with the right to enter in addition, whatever
/// whoever started the process had set.
pub fn make_files_with(mode: u32) {
    umask(Mode::from_raw_mode(withheld(mode)));
}

/// What new files and folders do not get. The owner keeps all rights: a run writes what it made.
const fn withheld(mode: u32) -> u32 {
    let folder = 0o700 | mode | ((mode & 0o444) >> 2);
    0o777 & !folder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_get_the_mode_and_no_more() {
        for (mode, file, folder) in [
            (0o640, 0o640, 0o750),
            (0o600, 0o600, 0o700),
            (0o644, 0o644, 0o755),
            (0o660, 0o660, 0o770),
            // Read-only is for what is published; the run itself has to write.
            (0o440, 0o640, 0o750),
        ] {
            let made = (0o666 & !withheld(mode), 0o777 & !withheld(mode));
            assert_eq!(made, (file, folder), "{mode:o}");
        }
    }
}
