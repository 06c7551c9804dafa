//! Code actions: what can be done at a place, each offered with its kind and made when it is asked for.

mod offer;
pub(crate) mod define;
mod fix;
mod insert;
mod life;
mod organize;
mod renumber;
mod review;
mod toggle;
mod trace;
mod actions;

pub use actions::{actions, perform};
pub use offer::{Deed, Kind, Offer, Place, Style};
