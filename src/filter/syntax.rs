//! The forms of a term, for help and documentation.

/// A way to write a term.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// How it is written, with placeholders in capitals.
    pub form: &'static str,
    /// What it matches.
    pub help: &'static str,
    /// A term of this form.
    pub example: &'static str,
}

/// Every form, simple ones first.
pub const FORMS: &[Form] = &[
    form("WORD", "the word anywhere: guid, domain, state, cell, app, space, org, reasons, result", "staging"),
    form(
        "\"A PHRASE\"",
        "the phrase anywhere; in quotes, all characters stand for themselves",
        "\"no room\"",
    ),
    form("FIELD:VALUE", "the field alone: names as a whole, texts in part", "state:pending"),
    form("FIELD:\"\"", "an empty field", "result:\"\""),
    form("!TERM", "tasks that the term does not match", "!cell:cell-01"),
    form("A|B", "either value", "state:pending|running"),
    form("PART*PART", "anything in place of the star", "domain:cf-*"),
    form("FIELD:~REGEX", "a regular expression", "reason:~exit.status.1\\d+"),
    form("FIELD:<VALUE", "numbers and durations, with < > <= >=", "age:>10m"),
];

const fn form(form: &'static str, help: &'static str, example: &'static str) -> Form {
    Form { form, help, example }
}

/// Returns the forms as a Markdown table.
pub fn markdown() -> String {
    let head = "| term | matches | example |\n| --- | --- | --- |\n".to_owned();
    let escaped = |text: &str| text.replace('|', "\\|");
    let row =
        |form: &Form| format!("| `{}` | {} | `{}` |\n", escaped(form.form), form.help, escaped(form.example));
    std::iter::once(head).chain(FORMS.iter().map(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;

    #[test]
    fn every_example_parses() {
        for form in FORMS {
            assert!(Filter::parse(form.example).is_ok(), "{}", form.example);
        }
        assert!(markdown().contains("| `A\\|B` | either value | `state:pending\\|running` |"));
    }
}
