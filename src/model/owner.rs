//! Whose a task is: the app, space and organization that Cloud Controller names in a task's definition.
//!
//! Names are tenants' text, as received: not sanitized for the terminal. `bbs::wire` reads them; nothing here decodes.

use std::fmt;
use std::sync::Arc;

/// The domain of Cloud Controller's app tasks.
const APP_TASKS: &str = "cf-tasks";
/// The domain of Cloud Controller's staging tasks.
const STAGING: &str = "cf-app-staging";

/// An app, space or organization. Either text may be empty: older Cloud Controllers send no names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entity {
    /// The guid in Cloud Controller.
    pub guid: String,
    /// The name when the task was created. Renaming an app does not rename its tasks.
    pub name: String,
}

impl Entity {
    const UNKNOWN: &'static Self = &Self { guid: String::new(), name: String::new() };

    /// Returns the name or, if there is none, the guid.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.guid } else { &self.name }
    }

    /// Returns its identity: the guid or, if there is none, the name. Names are not unique.
    pub fn id(&self) -> &str {
        if self.guid.is_empty() { &self.name } else { &self.guid }
    }

    /// Returns whether neither name nor guid is known.
    pub const fn is_unknown(&self) -> bool {
        self.guid.is_empty() && self.name.is_empty()
    }
}

/// The app, space and organization of a task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ownership {
    /// The app.
    pub app: Entity,
    /// The app's space.
    pub space: Entity,
    /// The space's organization.
    pub org: Entity,
}

/// The owner of a task, if its definition names one. Cheap to clone: the tasks of an app share it.
#[derive(Clone, Default)]
pub struct Owner(Option<Arc<Ownership>>);

impl Owner {
    /// The owner of a task that names none.
    pub const NONE: &'static Self = &Self(None);

    /// Creates an owner. If nothing of it is known, that is the same as none.
    pub fn new(ownership: Ownership) -> Self {
        let Ownership { app, space, org } = &ownership;
        let is_known = [app, space, org].iter().any(|entity| !entity.is_unknown());
        Self(is_known.then(|| Arc::new(ownership)))
    }

    /// Returns the app, space and organization, unless nothing is known of them.
    pub fn get(&self) -> Option<&Ownership> {
        self.0.as_deref()
    }

    /// Returns whether nothing is known of the owner.
    pub const fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the app.
    pub fn app(&self) -> &Entity {
        self.get().map_or(Entity::UNKNOWN, |ownership| &ownership.app)
    }

    /// Returns the space.
    pub fn space(&self) -> &Entity {
        self.get().map_or(Entity::UNKNOWN, |ownership| &ownership.space)
    }

    /// Returns the organization.
    pub fn org(&self) -> &Entity {
        self.get().map_or(Entity::UNKNOWN, |ownership| &ownership.org)
    }
}

/// Most comparisons are between tasks that share their owner, so the texts are compared last.
impl PartialEq for Owner {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other) || one == other,
            (None, None) => true,
            _ => false,
        }
    }
}

impl Eq for Owner {}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What kind of work a task is. Cloud Controller has a domain for each of its two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TaskKind {
    /// Builds an app's droplet.
    Staging,
    /// Runs a task of an app: `cf run-task`.
    Task,
    /// Belongs to another client.
    Other,
}

impl TaskKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Staging, Self::Task, Self::Other];

    /// Returns the kind of the tasks of a domain.
    pub fn of_domain(domain: &str) -> Self {
        match domain {
            STAGING => Self::Staging,
            APP_TASKS => Self::Task,
            _ => Self::Other,
        }
    }

    /// Returns the name of the kind.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Task => "task",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for TaskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_of_which_nothing_is_known_is_none() {
        assert_eq!(Owner::new(Ownership::default()), *Owner::NONE);
        assert!(Owner::NONE.app().is_unknown());
        assert_eq!(Owner::NONE.org().label(), "");
    }

    #[test]
    fn an_entity_without_a_name_is_called_by_its_guid() {
        let app = Entity { guid: "app-guid".to_owned(), name: String::new() };
        assert_eq!(app.label(), "app-guid");
        assert_eq!(Entity { name: "web".to_owned(), ..app }.label(), "web");
    }

    #[test]
    fn owners_are_equal_by_their_texts() {
        let owner = |name: &str| {
            let app = Entity { guid: "app-guid".to_owned(), name: name.to_owned() };
            Owner::new(Ownership { app, ..Ownership::default() })
        };
        assert_eq!(owner("web"), owner("web"));
        assert_ne!(owner("web"), owner("api"));
        assert_ne!(owner("web"), Owner::default());
    }
}
