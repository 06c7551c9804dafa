//! How often Traceline is right: cases with what must be said, and the log of blind rounds, from which its figures are made.

pub mod case;
pub mod checked;
pub mod drawn;
pub mod figures;
pub mod log;
pub mod mirror;
pub mod sheet;
