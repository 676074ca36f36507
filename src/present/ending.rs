//! Describes how an ended task left the BBS.

use crate::model::End;

/// Returns one word, for the state column.
pub const fn word(end: End) -> &'static str {
    match end {
        End::CalledBack => "callback",
        End::DeletedByUs => "deleted",
        End::DeletedByOther => "removed",
        End::Expired => "expired",
        End::Vanished => "vanished",
    }
}

/// Returns a phrase, for the event pane.
pub const fn event(end: End) -> &'static str {
    match end {
        End::CalledBack => "removed by its callback",
        End::DeletedByUs => "deleted by you",
        End::DeletedByOther => "deleted by someone else",
        End::Expired => "expired unresolved",
        End::Vanished => "vanished",
    }
}

/// Returns a sentence without a period, for the detail and for help.
pub const fn sentence(end: End) -> &'static str {
    match end {
        End::CalledBack => "the BBS called its completion callback and deleted it",
        End::DeletedByUs => "you deleted it, from this dashboard",
        End::DeletedByOther => "another client resolved and deleted it",
        End::Expired => "nobody resolved it in time, so the BBS deleted it",
        End::Vanished => "the BBS no longer has it; how it ended was not seen",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_end_has_a_word_of_its_own_that_fits_the_column_of_states() {
        let words: HashSet<_> = End::ALL.map(word).into();
        assert_eq!(words.len(), End::ALL.len());
        assert!(words.iter().all(|word| word.len() <= "Completed".len()), "{words:?}");
        assert!(End::ALL.map(event).iter().all(|text| text.len() <= 24));
    }
}
