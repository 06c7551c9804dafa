//! The matrix as JSON, by its schema.

use crate::report::json::print;
use std::io::{self, Write};
use traceline_engine::export::matrix::Matrix;

pub(super) fn write(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    print(out, &matrix.report())
}
