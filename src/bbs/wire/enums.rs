//! Enumerations of the definition: numbers on the wire, names in `model`.
//!
//! Unknown numbers, of newer servers, must survive: they become their decimal digits and back. 0 (unset) becomes the
//! empty string.

/// Number for a name that is neither known nor decimal digits. No server knows it, so the server rejects the request
/// instead of the field silently getting lost.
const UNKNOWN: i32 = -1;

/// Names of an enumeration, starting with number 1.
pub(super) struct EnumNames(&'static [&'static str]);

/// `ImageLayer.Type`.
pub(super) const LAYER_TYPE: EnumNames = EnumNames(&["SHARED", "EXCLUSIVE"]);
/// `ImageLayer.MediaType`.
pub(super) const MEDIA_TYPE: EnumNames = EnumNames(&["TGZ", "TAR", "ZIP"]);
/// `ImageLayer.DigestAlgorithm`.
pub(super) const DIGEST_ALGORITHM: EnumNames = EnumNames(&["SHA256", "SHA512"]);
/// `MetricTagValue.DynamicValue`.
pub(super) const DYNAMIC_TAG: EnumNames = EnumNames(&["INDEX", "INSTANCE_GUID"]);

impl EnumNames {
    pub(super) fn name(&self, number: i32) -> String {
        if number == 0 {
            return String::new();
        }
        let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        match index.and_then(|index| self.0.get(index)) {
            Some(name) => (*name).to_owned(),
            None => number.to_string(),
        }
    }

    pub(super) fn number(&self, name: &str) -> i32 {
        if name.is_empty() {
            return 0;
        }
        match self.0.iter().position(|known| *known == name) {
            Some(index) => i32::try_from(index + 1).unwrap_or(UNKNOWN),
            None => name.parse().unwrap_or(UNKNOWN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{image_layer, metric_tag_value};
    use super::*;

    #[test]
    fn names_match_the_numbers_of_the_schema() {
        for (names, number, name) in [
            (&LAYER_TYPE, image_layer::Type::Exclusive as i32, "EXCLUSIVE"),
            (&MEDIA_TYPE, image_layer::MediaType::Zip as i32, "ZIP"),
            (&DIGEST_ALGORITHM, image_layer::DigestAlgorithm::Sha512 as i32, "SHA512"),
            (&DYNAMIC_TAG, metric_tag_value::DynamicValue::InstanceGuid as i32, "INSTANCE_GUID"),
        ] {
            assert_eq!(names.name(number), name);
            assert_eq!(names.number(name), number);
        }
    }

    #[test]
    fn unknown_numbers_round_trip_and_unknown_names_are_sent_as_invalid() {
        for number in [i32::MIN, -1, 0, 1, 2, 3, 99, i32::MAX] {
            assert_eq!(LAYER_TYPE.number(&LAYER_TYPE.name(number)), number);
        }
        assert_eq!(LAYER_TYPE.number("SHRAED"), UNKNOWN);
    }
}
