//! What a value of a scenario must be beyond its type: said where it stands, in the words of the one who writes it.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};

use crate::sim::machine::{Callbacks, REASON_LIMIT};
use crate::sim::validation::{ANNOTATION_LIMIT, has_scheme};

/// How long a timeout may be: what the wire holds in milliseconds, and then some.
const MOST_MINUTES: u32 = 60 * 24 * 365;

/// A list that something can be drawn from.
pub(super) fn some<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    let list = Vec::<T>::deserialize(from)?;
    demand(list, |list| !list.is_empty(), "there must be at least one")
}

/// Reasons that the server takes, and takes whole.
pub(super) fn reasons<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let fits = |reason: &String| (1..REASON_LIMIT).contains(&reason.len()) && !reason.contains('\0');
    demand(some(from)?, |list| list.iter().all(fits), "each must have 1 to 1,023 bytes and no NUL")
}

pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    demand(String::deserialize(from)?, |text| !text.is_empty(), "it must not be empty")
}

pub(super) fn rootfs<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let wanted = "it must be a URL with a scheme, like \"preloaded:cflinuxfs4\"";
    demand(String::deserialize(from)?, |url| has_scheme(url.as_bytes()), wanted)
}

pub(super) fn annotation<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    // Half of what the server takes: guids may grow in it.
    let fits = |text: &String| text.len() <= ANNOTATION_LIMIT / 2;
    demand(String::deserialize(from)?, fits, "it must not be longer than 5,120 bytes")
}

pub(super) fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    demand(usize::deserialize(from)?, |percent| *percent <= 100, "it must be between 0 and 100")
}

pub(super) fn weight<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    demand(
        u32::deserialize(from)?,
        |weight| *weight > 0,
        "a kind that is never drawn is none: it must be above 0",
    )
}

pub(super) fn minutes<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let wanted = "it must be between 1 and a year's 525,600";
    demand(u32::deserialize(from)?, |minutes| (1..=MOST_MINUTES).contains(minutes), wanted)
}

pub(super) fn rate<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let wanted = "it must be a number of turns a second, 0 to 100,000";
    demand(f64::deserialize(from)?, |rate| (0.0..=100_000.0).contains(rate), wanted)
}

pub(super) fn callbacks<'de, D: Deserializer<'de>>(from: D) -> Result<Callbacks, D::Error> {
    match String::deserialize(from)?.as_str() {
        "answered" => Ok(Callbacks::Answered),
        "unanswered" => Ok(Callbacks::Unanswered),
        _ => Err(Error::custom("it must be \"answered\" or \"unanswered\"")),
    }
}

fn demand<T, E: Error>(value: T, holds: impl FnOnce(&T) -> bool, wanted: &str) -> Result<T, E> {
    if holds(&value) { Ok(value) } else { Err(E::custom(wanted)) }
}
