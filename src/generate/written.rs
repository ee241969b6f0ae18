//! What making a world comes to.

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Files in the folder and in its folder of sales.
    pub files: u64,
    /// Lines of sales in the monthly exports, without headers and without the export that comes twice.
    pub lines: u64,
    /// Bad rows in all sources, and one for the export that comes twice; restated lines are no defect.
    pub defects: u64,
}
