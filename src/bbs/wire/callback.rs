//! Whether a definition names a completion callback, without decoding it.

use super::fields::texts;

/// `completion_callback_url` of `TaskDefinition` in `proto/`.
const CALLBACK: u32 = 12;

/// Whether the definition in these bytes has a callback. Bytes that cannot be read have none.
pub(super) fn names_callback(definition: &[u8]) -> bool {
    texts(definition).find(|(number, _)| *number == CALLBACK).is_some_and(|(_, url)| !url.is_empty())
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::super::TaskDefinition;
    use super::*;

    #[test]
    fn a_callback_is_found_wherever_it_stands() {
        let without = TaskDefinition {
            root_fs: "preloaded:cflinuxfs4".into(),
            memory_mb: 128,
            annotation: "completion_callback_url".into(),
            ..TaskDefinition::default()
        };
        let with =
            TaskDefinition { completion_callback_url: "https://cc.internal/done".into(), ..without.clone() };
        assert!(!names_callback(&without.encode_to_vec()));
        assert!(names_callback(&with.encode_to_vec()));
        assert!(!names_callback(b""));
        assert!(!names_callback(&[0xff; 20]));
        let mut in_front = Vec::new();
        prost::encoding::string::encode(CALLBACK, &"https://cc".to_owned(), &mut in_front);
        assert!(names_callback(&[in_front, without.encode_to_vec()].concat()));
    }
}
