//! Reads the owner of a task from its encoded definition, without decoding the rest: this runs for every task of a list.
//!
//! Must not fail: bytes that cannot be read name no owner. Sources are, in this order, what Cloud Controller puts into
//! `metric_tags`, `network.properties`, `certificate_properties` and, in its own domains only, `log_guid`.

use prost::encoding::WireType;

use super::fields::texts;

/// Longer names and guids are ignored. Cloud Controller's have at most 255 characters.
const MAX_BYTES: usize = 4096;

/// The first bytes of an entry's key and value, and of a tag's static text: field number and wire type.
const KEY: u8 = 1 << 3 | WireType::LengthDelimited as u8;
const VALUE: u8 = 2 << 3 | WireType::LengthDelimited as u8;
const STATIC: u8 = KEY;

/// Field numbers of `TaskDefinition` in `proto/`.
mod definition {
    pub(super) const LOG_GUID: u32 = 9;
    pub(super) const NETWORK: u32 = 19;
    pub(super) const CERTIFICATE_PROPERTIES: u32 = 22;
    pub(super) const METRIC_TAGS: u32 = 27;
}

/// The keys of the guids in `network.properties`.
const PROPERTIES: [(&[u8], Part); 3] =
    [(b"app_id", Part::AppGuid), (b"space_id", Part::SpaceGuid), (b"org_id", Part::OrgGuid)];

/// The prefixes of the guids in `certificate_properties.organizational_unit`.
const UNITS: [(&[u8], Part); 3] =
    [(b"app:", Part::AppGuid), (b"space:", Part::SpaceGuid), (b"organization:", Part::OrgGuid)];

/// A text of an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    AppGuid,
    AppName,
    SpaceGuid,
    SpaceName,
    OrgGuid,
    OrgName,
}

impl Part {
    /// Returns what the value of a key in `metric_tags` is.
    const fn of_tag(key: &[u8]) -> Option<Self> {
        match key {
            b"app_id" => Some(Self::AppGuid),
            b"app_name" => Some(Self::AppName),
            b"space_id" => Some(Self::SpaceGuid),
            b"space_name" => Some(Self::SpaceName),
            b"organization_id" => Some(Self::OrgGuid),
            b"organization_name" => Some(Self::OrgName),
            _ => None,
        }
    }
}

/// The texts of an owner as they are in a definition, each empty if it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct RawOwner<'a> {
    pub(super) app: RawEntity<'a>,
    pub(super) space: RawEntity<'a>,
    pub(super) org: RawEntity<'a>,
}

/// The texts of an app, space or organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct RawEntity<'a> {
    pub(super) guid: &'a [u8],
    pub(super) name: &'a [u8],
}

impl<'a> RawOwner<'a> {
    /// Reads the owner from an encoded `TaskDefinition`. `is_cloud_controllers` says that the task is in a domain of
    /// Cloud Controller, where `log_guid` is the app's guid.
    pub(super) fn read(definition: &'a [u8], is_cloud_controllers: bool) -> Self {
        let mut owner = Self::default();
        let (mut log_guid, mut network, mut certificate): (&[u8], &[u8], &[u8]) = Default::default();
        for (number, value) in texts(definition) {
            match number {
                definition::METRIC_TAGS => owner.read_tag(value),
                definition::LOG_GUID => log_guid = value,
                definition::NETWORK => network = value,
                definition::CERTIFICATE_PROPERTIES => certificate = value,
                _ => {}
            }
        }
        if owner.lacks_a_guid() {
            owner.read_properties(network);
            owner.read_units(certificate);
        }
        if is_cloud_controllers {
            owner.set_missing(Part::AppGuid, log_guid);
        }
        owner
    }

    /// Returns whether there is no text.
    pub(super) fn is_empty(&self) -> bool {
        self.parts().iter().all(|text| text.is_empty())
    }

    /// Returns the texts of app, space and organization, each guid before its name.
    pub(super) const fn parts(&self) -> [&'a [u8]; 6] {
        let Self { app, space, org } = self;
        [app.guid, app.name, space.guid, space.name, org.guid, org.name]
    }

    /// Reads an entry of `metric_tags`. Of entries with the same key the last one counts.
    fn read_tag(&mut self, entry: &'a [u8]) {
        let (key, value) = key_and_value(entry);
        let Some(part) = Part::of_tag(key) else { return };
        // A dynamic tag has no static text.
        let text = match value {
            [STATIC, length @ 0..0x80, text @ ..] if text.len() == usize::from(*length) => Some(text),
            _ => texts(value).filter(|(number, _)| *number == 1).last().map(|(_, text)| text),
        };
        *self.part(part) = text.map(bounded).unwrap_or_default();
    }

    fn read_properties(&mut self, network: &'a [u8]) {
        for (_, entry) in texts(network).filter(|(number, _)| *number == 1) {
            let (key, value) = key_and_value(entry);
            if let Some((_, part)) = PROPERTIES.iter().find(|(property, _)| *property == key) {
                self.set_missing(*part, value);
            }
        }
    }

    fn read_units(&mut self, certificate: &'a [u8]) {
        for (_, unit) in texts(certificate).filter(|(number, _)| *number == 1) {
            let part = UNITS.iter().find_map(|(prefix, part)| Some((*part, unit.strip_prefix(*prefix)?)));
            if let Some((part, guid)) = part {
                self.set_missing(part, guid);
            }
        }
    }

    fn set_missing(&mut self, part: Part, text: &'a [u8]) {
        let held = self.part(part);
        if held.is_empty() {
            *held = bounded(text);
        }
    }

    const fn lacks_a_guid(&self) -> bool {
        self.app.guid.is_empty() || self.space.guid.is_empty() || self.org.guid.is_empty()
    }

    const fn part(&mut self, part: Part) -> &mut &'a [u8] {
        match part {
            Part::AppGuid => &mut self.app.guid,
            Part::AppName => &mut self.app.name,
            Part::SpaceGuid => &mut self.space.guid,
            Part::SpaceName => &mut self.space.name,
            Part::OrgGuid => &mut self.org.guid,
            Part::OrgName => &mut self.org.name,
        }
    }
}

const fn bounded(text: &[u8]) -> &[u8] {
    if text.len() <= MAX_BYTES { text } else { &[] }
}

/// Returns the key and the value of a map's entry.
fn key_and_value(entry: &[u8]) -> (&[u8], &[u8]) {
    if let Some(both) = short_entry(entry) {
        return both;
    }
    let (mut key, mut value): (&[u8], &[u8]) = Default::default();
    for (number, bytes) in texts(entry) {
        match number {
            1 => key = bytes,
            2 => value = bytes,
            _ => {}
        }
    }
    (key, value)
}

/// Returns the key and the value of an entry that has both, in this order, and is short. Nearly all are.
#[inline]
fn short_entry(entry: &[u8]) -> Option<(&[u8], &[u8])> {
    let [KEY, length @ 0..0x80, rest @ ..] = entry else { return None };
    let (key, rest) = rest.split_at_checked(usize::from(*length))?;
    let [VALUE, length @ 0..0x80, value @ ..] = rest else { return None };
    (value.len() == usize::from(*length)).then_some((key, value))
}

#[cfg(test)]
#[path = "owner_tests.rs"]
mod tests;
