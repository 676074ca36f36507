//! Paths into the JSON form, such as `action.run.args[2]`, and where in a text the value of a path is.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;

/// A step of a path into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bbs) enum PathSegment {
    Key(String),
    Index(usize),
}

/// A path into a JSON value. The empty path is the value itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JsonPath {
    /// Innermost segment first, because a parser learns them in this order on its way out.
    segments: Vec<PathSegment>,
}

impl JsonPath {
    /// Adds the next outer segment.
    pub(super) fn within(mut self, segment: PathSegment) -> Self {
        self.segments.push(segment);
        self
    }

    /// Returns the path of a field of the object at this path.
    pub(in crate::bbs) fn key(&self, key: &str) -> Self {
        self.inside(PathSegment::Key(key.to_owned()))
    }

    /// Returns the path of an element of the array at this path.
    pub(in crate::bbs) fn index(&self, at: usize) -> Self {
        self.inside(PathSegment::Index(at))
    }

    fn inside(&self, segment: PathSegment) -> Self {
        let segments = std::iter::once(segment).chain(self.segments.iter().cloned()).collect();
        Self { segments }
    }

    /// Returns whether the path is that of the whole value.
    pub(super) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Returns the segments, the outermost first.
    pub(super) fn segments(&self) -> impl DoubleEndedIterator<Item = &PathSegment> {
        self.segments.iter().rev()
    }

    /// Returns the line and column of the value in `text`, counted from 1, or `None` if the path is empty or leads nowhere.
    pub(super) fn position(&self, text: &str) -> Option<(usize, usize)> {
        let mut value: &RawValue = serde_json::from_str(text).ok()?;
        for segment in self.segments() {
            value = step(value, segment)?;
        }
        let before = value.get().as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        let before = text.get(..before).filter(|_| !self.is_empty())?;
        let line = before.rsplit('\n').next().unwrap_or_default();
        Some((before.matches('\n').count() + 1, line.chars().count() + 1))
    }

    /// Returns the line of the value in `text` or, if the text has no such value, of the nearest one around it.
    pub(super) fn nearest_line(&self, text: &str) -> Option<usize> {
        let mut path = self.clone();
        while !path.is_empty() {
            if let Some((line, _)) = path.position(text) {
                return Some(line);
            }
            path.segments.remove(0);
        }
        None
    }
}

fn step<'a>(value: &'a RawValue, segment: &PathSegment) -> Option<&'a RawValue> {
    match segment {
        PathSegment::Key(key) => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(value.get()).ok()?;
            let any_case =
                || fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| *value);
            fields.get(key).copied().or_else(any_case)
        }
        PathSegment::Index(at) => {
            let elements: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
            elements.get(*at).copied()
        }
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.segments().enumerate() {
            match segment {
                PathSegment::Key(key) if at == 0 => f.write_str(key)?,
                PathSegment::Key(key) => write!(f, ".{key}")?,
                PathSegment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
