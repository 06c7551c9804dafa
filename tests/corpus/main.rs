//! Real plan documents: what Traceline must understand of them, and that none of them harms it.
//!
//! The corpus and the table of cases are shared material, read where they lie: see [`traceline_tests::places`].

mod brock;
mod cases;
mod fixes;
mod table;
mod whole;
