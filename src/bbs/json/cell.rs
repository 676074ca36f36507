//! A cell's presence.

use super::object::object;
use super::writer::{Secrets, Writer};
use crate::bbs::wire;

/// Writes the presence.
pub fn cell(out: &mut Vec<u8>, of: &wire::CellPresence) {
    Writer::on(out, Secrets::Shown, |out| presence(out, of));
}

fn presence(out: &mut Writer, of: &wire::CellPresence) {
    object(out, |cell| {
        cell.text("cell_id", &of.cell_id);
        cell.text("rep_address", &of.rep_address);
        cell.text("zone", &of.zone);
        if let Some(of) = &of.capacity {
            cell.object("capacity", |capacity| {
                capacity.number("memory_mb", of.memory_mb);
                capacity.number("disk_mb", of.disk_mb);
                capacity.number("containers", of.containers);
            });
        }
        cell.each_if_any("rootfs_provider_list", &of.rootfs_providers, provider);
        cell.texts_if_any("placement_tags", &of.placement_tags);
        cell.texts_if_any("optional_placement_tags", &of.optional_placement_tags);
        cell.text("rep_url", &of.rep_url);
        if of.annotations.is_empty() {
            cell.null("annotations");
        } else {
            cell.object("annotations", |annotations| {
                annotations.entries(&of.annotations, |entry| &entry.key, |out, entry| out.text(&entry.value));
            });
        }
    });
}

fn provider(out: &mut Writer, of: &wire::Provider) {
    object(out, |provider| {
        provider.text("name", &of.name);
        provider.texts_if_any("properties", &of.properties);
    });
}
