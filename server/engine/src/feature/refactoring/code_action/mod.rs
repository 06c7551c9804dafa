//! Code actions: what can be done at a place, each offered with its kind and made when it is asked for.

mod offer;
mod shape;
pub(crate) mod define;
mod fix;
mod insert;
mod organize;
mod renumber;
mod review;
mod toggle;
mod trace;
mod actions;

pub use actions::{actions, perform};
pub use offer::{Deed, Kind, Offer, Place, Style};
pub(crate) use shape::shaped;
