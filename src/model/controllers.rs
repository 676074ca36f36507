//! Controllers that own a domain of tasks and reconcile it.
//!
//! Source: "What Cloud Controller puts into a task": it cancels what Diego holds in `cf-tasks` and it does not know.
//! Staging has no such sync.

use super::Domain;

/// Domains in which a controller cancels the tasks that it does not know, and that controller.
const RECONCILED: &[(&str, &str)] = &[("cf-tasks", "Cloud Controller")];

/// Returns the controller that cancels tasks of others in this domain, if there is one.
pub fn controller_that_cancels(domain: &Domain) -> Option<&'static str> {
    RECONCILED.iter().find(|(name, _)| *name == domain.as_str()).map(|(_, controller)| *controller)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_app_tasks_are_reconciled() {
        assert_eq!(controller_that_cancels(&"cf-tasks".into()), Some("Cloud Controller"));
        for domain in ["cf-app-staging", "CF-TASKS", "cf-tasks ", "operator", ""] {
            assert_eq!(controller_that_cancels(&domain.into()), None, "{domain}");
        }
    }
}
