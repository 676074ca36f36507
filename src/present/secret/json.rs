//! Secrets in a line of JSON as `cfdot` prints it: masked by their keys, and the rest of the line as it was.

use std::borrow::Cow;

use memchr::memchr;

use super::{MASK, mask_urls};

/// The keys whose values are secret: of an environment's variable, of a mounted file, of an image, of a volume.
const SECRET_KEYS: &[&str] = &["value", "content", "image_password", "mount_config", "device_config"];

/// Appends the line (or lines) to `out`, with secrets and what URLs carry masked. Empty values hide nothing.
pub fn mask_json(line: &[u8], out: &mut Vec<u8>) {
    let mut rest = line;
    let mut key: &[u8] = b"";
    while let Some((before, string, after)) = split_string(rest) {
        out.extend_from_slice(before);
        if after.first() == Some(&b':') {
            key = string;
            out.extend_from_slice(string);
        } else {
            out.extend_from_slice(&masked(key, string));
        }
        rest = after;
    }
    out.extend_from_slice(rest);
}

/// What stands before the first string, the string with its quotes, and what follows it.
fn split_string(json: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let start = memchr(b'"', json)?;
    let (before, from) = json.split_at_checked(start)?;
    let mut escaped = false;
    let inside = from.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    })?;
    let (string, after) = from.split_at_checked(inside + 2)?;
    Some((before, string, after))
}

fn masked<'a>(key: &[u8], string: &'a [u8]) -> Cow<'a, [u8]> {
    let is_secret = |name: &&str| {
        key.strip_prefix(b"\"").and_then(|key| key.strip_suffix(b"\"")) == Some(name.as_bytes())
    };
    if string == b"\"\"" {
        return Cow::Borrowed(string);
    }
    if SECRET_KEYS.iter().any(|name| is_secret(&name)) {
        return Cow::Owned(quoted(MASK));
    }
    // Most strings hold no URL, and need not be read.
    if !string.windows(3).any(|part| part == b"://") {
        return Cow::Borrowed(string);
    }
    match serde_json::from_slice::<String>(string) {
        Ok(text) => mask_urls(&text).map_or(Cow::Borrowed(string), |masked| Cow::Owned(quoted(&masked))),
        // What cannot be read cannot be told free of secrets.
        Err(_) => Cow::Owned(quoted(MASK)),
    }
}

fn quoted(text: &str) -> Vec<u8> {
    serde_json::Value::from(text).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mask(line: &str) -> String {
        let mut out = Vec::new();
        mask_json(line.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn secrets_are_masked_by_their_keys_and_urls_wherever_they_are() {
        let line = r#"{"env":[{"name":"A","value":"s\"e:c"},{"name":"B","value":""}],"args":["x","http://u:p@h/?a=\u0026"],"n":1,"image_password":"p","content":null}"#;
        let masked = r#"{"env":[{"name":"A","value":"••••••"},{"name":"B","value":""}],"args":["x","http://••••••@h/?••••••"],"n":1,"image_password":"••••••","content":null}"#;
        assert_eq!(mask(line), masked);
        assert_eq!(mask("{}\n{\"value\":\"x\\\\\"}\n"), "{}\n{\"value\":\"••••••\"}\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_line_without_secrets_stays_as_it_is(texts in prop::collection::vec(any::<String>(), 0..5)) {
            prop_assume!(!texts.iter().any(|text| text.contains("://")));
            let line = serde_json::json!({ "args": texts, "value": "", "deeper": { "text": texts } }).to_string();
            prop_assert_eq!(mask(&line), line);
        }

        #[test]
        fn any_text_is_masked_whole(name in any::<String>(), secret in "[^:/]{1,9}") {
            let line = serde_json::json!([{ "name": name, "value": secret }]).to_string();
            let read: serde_json::Value = serde_json::from_str(&mask(&line)).unwrap();
            prop_assert_eq!(&read[0]["value"], MASK);
        }

        #[test]
        fn any_bytes_are_taken(bytes in any::<Vec<u8>>()) {
            mask_json(&bytes, &mut Vec::new());
        }
    }
}
