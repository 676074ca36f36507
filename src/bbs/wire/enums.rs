//! Enumerations of the definition: a number on the wire, its name in `model`.
//!
//! A number without a name must survive (the server may be newer), so it reads as its digits, and digits are
//! written as that number. Unset reads as the empty text.

/// What a name that is neither ours nor a number is written as: a number that no server knows, so that the
/// server refuses it, instead of a field that silently goes missing.
const UNKNOWN: i32 = -1;

/// An enumeration: its names, from number 1 on.
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
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        match place.and_then(|place| self.0.get(place)) {
            Some(name) => (*name).to_owned(),
            None => number.to_string(),
        }
    }

    pub(super) fn number(&self, name: &str) -> i32 {
        if name.is_empty() {
            return 0;
        }
        match self.0.iter().position(|known| *known == name) {
            Some(place) => i32::try_from(place + 1).unwrap_or(UNKNOWN),
            None => name.parse().unwrap_or(UNKNOWN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{image_layer, metric_tag_value};
    use super::*;

    #[test]
    fn names_stand_at_the_numbers_of_the_schema() {
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
    fn every_number_survives_and_a_wrong_name_is_not_lost() {
        for number in [i32::MIN, -1, 0, 1, 2, 3, 99, i32::MAX] {
            assert_eq!(LAYER_TYPE.number(&LAYER_TYPE.name(number)), number);
        }
        assert_eq!(LAYER_TYPE.number("SHRAED"), UNKNOWN);
    }
}
