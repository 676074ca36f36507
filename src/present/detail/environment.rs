//! Describes environment variables, of a definition or of a run action. Every value is a secret.

use crate::model::EnvironmentVariable;

use super::lines::Lines;

pub(super) fn describe<'a>(lines: &mut Lines<'a>, variables: &'a [EnvironmentVariable]) {
    for variable in variables {
        lines.secret(variable.name.as_str(), &variable.value);
    }
}
