//! Which part a failure belongs to: its reason, cell, app and domain get numbers, and lose them with their last failure.

use super::place::{Dimension, OTHER_EVERYWHERE, PerDimension, Place, Value};
use super::spread::Number;
use super::tally::Tally;
use super::{Clusters, PartCounts, ReasonCounts, Seen};
use crate::model::{CellId, Domain, Owner};

/// Reasons beyond the limit.
const OTHER_REASON: Number = 1;

impl Clusters {
    /// Returns the part that failures with this pattern at this place belong to.
    pub(super) fn part_at(&mut self, pattern: &str, place: Place<'_>) -> Number {
        let reason = self.reason_number(pattern);
        let values = self.value_numbers(place);
        if let Some(part) = self.part_of.get(&(reason, values)) {
            return *part;
        }
        if self.parts.len() < self.limits.parts {
            return self.new_part(reason, values);
        }
        for of in Dimension::ALL {
            self.names.get_mut(of).release_unused(*values.get(of));
        }
        match self.part_of.get(&(reason, OTHER_EVERYWHERE)) {
            Some(part) => *part,
            None => self.new_part(reason, OTHER_EVERYWHERE),
        }
    }

    fn new_part(&mut self, reason: Number, values: PerDimension<Number>) -> Number {
        self.last_number += 1;
        let part = self.last_number;
        for of in Dimension::ALL {
            self.names.get_mut(of).hold(*values.get(of));
        }
        self.part_of.insert((reason, values), part);
        let counts = PartCounts { reason, values, seen: Seen::default(), tally: Tally::default() };
        self.parts.insert(part, counts);
        part
    }

    fn reason_number(&mut self, pattern: &str) -> Number {
        if let Some(reason) = self.patterns.get(pattern) {
            return *reason;
        }
        if self.patterns.len() >= self.limits.reasons {
            self.reasons.entry(OTHER_REASON).or_default();
            return OTHER_REASON;
        }
        self.last_number += 1;
        let counts = ReasonCounts { pattern: Some(pattern.into()), ..ReasonCounts::default() };
        self.patterns.insert(pattern.into(), self.last_number);
        self.reasons.insert(self.last_number, counts);
        self.last_number
    }

    fn value_numbers(&mut self, Place { cell, owner, domain }: Place<'_>) -> PerDimension<Number> {
        let (most, next) = (self.limits.values, &mut self.last_number);
        let named = |id: &str| Value::Name(id.into());
        let (cell, domain) = (cell.map_or("", CellId::as_str), Domain::as_str(domain));
        let app = app_id(owner);
        PerDimension {
            cell: self.names.cell.number(cell, most, next, || named(cell)),
            app: self
                .names
                .app
                .number(app, most, next, || Value::App { id: app.into(), owner: owner.clone() }),
            domain: self.names.domain.number(domain, most, next, || named(domain)),
        }
    }

    /// Notes that a failure of a part is no longer kept. What has none left is removed.
    pub(super) fn release(&mut self, part: Number) {
        let Some(counts) = self.parts.get_mut(&part) else { return };
        counts.seen.kept -= 1;
        let (is_gone, reason) = (counts.seen.kept == 0, counts.reason);
        if is_gone {
            self.remove_part(part);
        }
        if let Some(counts) = self.reasons.get_mut(&reason) {
            counts.seen.kept -= 1;
            if counts.seen.kept == 0
                && let Some(ReasonCounts { pattern: Some(pattern), .. }) = self.reasons.remove(&reason)
            {
                self.patterns.remove(&pattern);
            }
        }
    }

    fn remove_part(&mut self, part: Number) {
        let Some(counts) = self.parts.remove(&part) else { return };
        self.part_of.remove(&(counts.reason, counts.values));
        for dimension in Dimension::ALL {
            self.names.get_mut(dimension).release(*counts.values.get(dimension));
        }
    }
}

/// Returns the identity of an owner's app: names are not unique.
fn app_id(owner: &Owner) -> &str {
    let app = owner.app();
    if app.guid.is_empty() { &app.name } else { &app.guid }
}
