//! What the monkey has done.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    pub(crate) runs: u64,
    pub(crate) starts: u64,
    pub(crate) keys: u64,
    pub(crate) pastes: u64,
    pub(crate) mouse: u64,
    pub(crate) sizes: u64,
    pub(crate) events: u64,
    pub(crate) troubles: u64,
    pub(crate) updates: u64,
    pub(crate) frames: u64,
    pub(crate) confirmed: u64,
    pub(crate) writes: u64,
    /// How often each pane, dialog and prompt was drawn.
    pub(crate) places: BTreeMap<&'static str, u64>,
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.runs += other.runs;
        self.starts += other.starts;
        self.keys += other.keys;
        self.pastes += other.pastes;
        self.mouse += other.mouse;
        self.sizes += other.sizes;
        self.events += other.events;
        self.troubles += other.troubles;
        self.updates += other.updates;
        self.frames += other.frames;
        self.confirmed += other.confirmed;
        self.writes += other.writes;
        for (place, frames) in other.places {
            *self.places.entry(place).or_default() += frames;
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            runs,
            starts,
            keys,
            pastes,
            mouse,
            sizes,
            events,
            troubles,
            updates,
            frames,
            confirmed,
            writes,
            ..
        } = self;
        write!(
            f,
            "{runs} runs, {starts} restarts, {keys} keys, {pastes} pastes, {mouse} mouse reports, {sizes} sizes, {events} events, \
             {troubles} troubles, {updates} updates, {frames} frames, {confirmed} questions confirmed, {writes} writes"
        )
    }
}
