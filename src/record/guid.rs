//! Guids on disk: 16 bytes if they are UUIDs in the usual form, otherwise texts.

use rusqlite::Result;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};

use crate::model::TaskGuid;

/// A guid as it is stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredGuid<'a>(pub(super) &'a TaskGuid);

impl ToSql for StoredGuid<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(match uuid_bytes(self.0.as_str()) {
            Some(bytes) => ToSqlOutput::from(bytes.to_vec()),
            None => ToSqlOutput::from(self.0.as_str()),
        })
    }
}

/// Returns a guid as it is stored.
pub(super) fn stored(guid: &str) -> Value {
    match uuid_bytes(guid) {
        Some(bytes) => Value::Blob(bytes.to_vec()),
        None => Value::Text(guid.to_owned()),
    }
}

/// A guid as it was stored.
#[derive(Debug)]
pub(super) struct ReadGuid(pub(super) TaskGuid);

impl FromSql for ReadGuid {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Blob(bytes) => {
                let number = <[u8; 16]>::try_from(bytes).map(u128::from_be_bytes);
                let number = number.map_err(|_| FromSqlError::InvalidType)?;
                Ok(Self(uuid_text(number).into()))
            }
            ValueRef::Text(_) => Ok(Self(value.as_str()?.into())),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// Returns the bytes of a UUID in lower case with hyphens; none for any other text.
fn uuid_bytes(text: &str) -> Option<[u8; 16]> {
    let digits: String = text.split('-').collect();
    let number = u128::from_str_radix(&digits, 16).ok()?;
    (uuid_text(number) == text).then(|| number.to_be_bytes())
}

pub(super) fn uuid_text(number: u128) -> String {
    let group = |shift: u32, digits: u32| (number >> shift) & ((1 << (4 * digits)) - 1);
    let (low, mid, high) = (group(96, 8), group(80, 4), group(64, 4));
    format!("{low:08x}-{mid:04x}-{high:04x}-{:04x}-{:012x}", group(48, 4), group(0, 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_uuid_in_the_usual_form_is_stored_as_bytes() {
        let uuid = "00112233-4455-6677-8899-aabbccddeeff";
        assert_eq!(uuid_bytes(uuid).map(u128::from_be_bytes).map(uuid_text).as_deref(), Some(uuid));
        let others =
            ["", "-", "guid", &uuid.to_uppercase(), &uuid.replace('-', ""), &format!("{uuid}0"), "+0112233"];
        for other in others {
            assert_eq!(uuid_bytes(other), None, "{other}");
        }
    }
}
