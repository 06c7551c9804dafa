//! `traceline.toml` and the client's settings: how documents are read, which files, and which rules speak.
//!
//! The nearest file above a document, within its workspace folder, is in force for it, alone: nothing of those further up
//! is mixed in.

mod problem;
mod levels;
mod validate;
pub(crate) mod client;
mod keys;
mod file;
mod baseline;
mod reviews;
mod configs;

pub(crate) use baseline::{BaselineFile, NAME as BASELINE, encode as encode_baseline, is_baseline};
pub(crate) use configs::{Configs, Told};
pub(crate) use file::{ConfigFile, NAMES, is_config};
pub(crate) use keys::{parse, schema};
pub(crate) use problem::Problem;
pub(crate) use reviews::{LARGEST as LARGEST_LOCK, is_lock};
