//! Validates the values of a scenario beyond their types, while they are parsed, so that errors have a line.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};

use crate::bbs::validation::{ANNOTATION_LIMIT, has_scheme};
use crate::sim::machine::{Callbacks, REASON_LIMIT};

/// With a number behind it a prefix stays below the 255 bytes that a guid may have.
const MAX_GUID_PREFIX: usize = 200;
/// Maximum number of apps: more than any foundation has.
const MAX_APPS: usize = 100_000;
/// Maximum timeout: one year in minutes.
const MAX_MINUTES: u32 = 60 * 24 * 365;

/// Maximum run of a task: one day in seconds.
const MAX_RUN_SECONDS: u32 = 60 * 60 * 24;

/// A list with at least one element.
pub(super) fn non_empty_list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    let list = Vec::<T>::deserialize(from)?;
    require(list, |list| !list.is_empty(), "the list must not be empty")
}

/// Non-empty reasons that the server keeps unchanged.
pub(super) fn reasons<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let fits = |reason: &String| (1..REASON_LIMIT).contains(&reason.len()) && !reason.contains('\0');
    require(non_empty_list(from)?, |list| list.iter().all(fits), "each must have 1 to 1,023 bytes and no NUL")
}

pub(super) fn non_empty<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    require(String::deserialize(from)?, |text| !text.is_empty(), "it must not be empty")
}

pub(super) fn guid_prefix<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let fits = |prefix: &String| prefix.len() <= MAX_GUID_PREFIX && prefix.chars().all(is_allowed);
    let message = "it must consist of at most 200 letters, digits, `-` and `_`";
    require(String::deserialize(from)?, fits, message).map(Some)
}

pub(super) fn rootfs<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let message = "it must be a URL with a scheme, like \"preloaded:cflinuxfs4\"";
    require(String::deserialize(from)?, |url| has_scheme(url.as_bytes()), message)
}

pub(super) fn annotation<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    // Half of the server's limit: placeholders may make the text longer.
    let fits = |text: &String| text.len() <= ANNOTATION_LIMIT / 2;
    require(String::deserialize(from)?, fits, "it must not be longer than 5,120 bytes")
}

pub(super) fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    require(usize::deserialize(from)?, |percent| *percent <= 100, "it must be between 0 and 100")
}

pub(super) fn weight<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    require(u32::deserialize(from)?, |weight| *weight > 0, "it must be above 0")
}

pub(super) fn minutes<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let message = "it must be between 1 and 525,600 (one year)";
    require(u32::deserialize(from)?, |minutes| (1..=MAX_MINUTES).contains(minutes), message).map(Some)
}

pub(super) fn run_seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let message = "it must be between 1 and 86,400 (one day)";
    require(u32::deserialize(from)?, |seconds| (1..=MAX_RUN_SECONDS).contains(seconds), message).map(Some)
}

pub(super) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    require(
        usize::deserialize(from)?,
        |count| (1..=MAX_APPS).contains(count),
        "it must be between 1 and 100,000",
    )
}

pub(super) fn rate<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let message = "it must be between 0 and 100,000 operations a second";
    require(f64::deserialize(from)?, |rate| (0.0..=100_000.0).contains(rate), message)
}

pub(super) fn callbacks<'de, D: Deserializer<'de>>(from: D) -> Result<Callbacks, D::Error> {
    match String::deserialize(from)?.as_str() {
        "answered" => Ok(Callbacks::Answered),
        "unanswered" => Ok(Callbacks::Unanswered),
        _ => Err(Error::custom("it must be \"answered\" or \"unanswered\"")),
    }
}

fn require<T, E: Error>(value: T, is_valid: impl FnOnce(&T) -> bool, message: &str) -> Result<T, E> {
    if is_valid(&value) { Ok(value) } else { Err(E::custom(message)) }
}
