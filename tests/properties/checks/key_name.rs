//! Names of keys in the configuration: what help shows of a key is a name of it.

use taskdeck::app::parse_key;

use super::text;

/// Takes a name.
pub fn check(input: &[u8]) {
    let name = text(input);
    match parse_key(&name) {
        Ok(key) => assert_eq!(parse_key(&key.label()), Ok(key), "{name:?}"),
        Err(bad) => assert!(bad.to_string().contains(&*name)),
    }
}
