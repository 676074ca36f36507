//! Sorting by a number and then a text where many texts begin alike, as the guids of batch systems do
//! (`load-000123`). What all of them begin with is skipped, and eight bytes are compared at once; those that are still
//! alike are sorted again among themselves by what follows. To compare whole texts would fetch each from where it is,
//! for every comparison.
//!
//! Pure: `number` and `text` say what a row is sorted by.

/// So few are compared text by text.
const FEW: usize = 12;
/// After so many times eight bytes texts are compared as they are: none is longer but by ill will.
const DEEP: u32 = 16;

/// Brings rows into the order of their numbers, and of their texts where these are equal.
pub(super) fn sort<'a, T: Copy>(rows: &mut [T], number: impl Fn(T) -> u64, text: impl Fn(T) -> &'a str) {
    let skip = common(rows.iter().map(|row| text(*row)));
    let key = |row| u128::from(number(row)) << 64 | u128::from(eight(text(row), skip));
    sort_by_key(rows, key, |alike| settle(alike, &text, skip + 8, 0));
}

/// Sorts rows whose texts are alike up to `from`.
fn settle<'a, T: Copy>(rows: &mut [T], text: &impl Fn(T) -> &'a str, from: usize, depth: u32) {
    if rows.len() < FEW || depth == DEEP {
        return rows.sort_unstable_by_key(|row| text(*row));
    }
    let rest = |row: &T| text(*row).as_bytes().get(from..).unwrap_or_default();
    let skip = from + common(rows.iter().map(rest));
    sort_by_key(rows, |row| eight(text(row), skip), |alike| settle(alike, text, skip + 8, depth + 1));
}

/// Sorts rows by keys that are made once, and gives those with one key to `settle`.
fn sort_by_key<T: Copy, K: Ord + Copy>(rows: &mut [T], key: impl Fn(T) -> K, settle: impl Fn(&mut [T])) {
    let mut keyed: Vec<_> = rows.iter().map(|row| (key(*row), *row)).collect();
    keyed.sort_unstable_by_key(|(key, _)| *key);
    let mut rest = rows;
    for alike in keyed.chunk_by(|(one, _), (other, _)| one == other) {
        let (run, after) = rest.split_at_mut(alike.len());
        for (row, (_, sorted)) in run.iter_mut().zip(alike) {
            *row = *sorted;
        }
        if run.len() > 1 {
            settle(run);
        }
        rest = after;
    }
}

/// How many bytes all of them begin with.
fn common<B: AsRef<[u8]>>(mut texts: impl Iterator<Item = B>) -> usize {
    let Some(first) = texts.next() else { return 0 };
    let first = first.as_ref();
    texts.fold(first.len(), |all, text| {
        let both = first.iter().zip(text.as_ref()).take(all);
        both.take_while(|(one, other)| one == other).count()
    })
}

/// Eight bytes of a text from here, as a number in their order; the end of the text is smaller than any byte, but as
/// small as a zero.
fn eight(text: &str, from: usize) -> u64 {
    let mut bytes = [0; 8];
    for (byte, of) in bytes.iter_mut().zip(text.as_bytes().get(from..).unwrap_or_default()) {
        *byte = *of;
    }
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["(load|loaf|batch-job)-0{0,30}[0-9]{1,4}", "[ab\0]{0,20}", "a{0,300}", "[äb]{0,9}",]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_order_is_that_of_numbers_and_whole_texts(
            rows in prop::collection::vec((0..3_u64, text()), 0..120),
            many in prop::sample::select(&[1, 40][..]),
        ) {
            // With many copies, runs that stay alike to their ends.
            let rows: Vec<_> = rows.iter().cycle().take(rows.len() * many).collect();
            let mut sorted: Vec<_> = (0..rows.len()).collect();
            sort(&mut sorted, |row| rows[row].0, |row| &rows[row].1);
            let texts: Vec<_> = sorted.into_iter().map(|row| rows[row]).collect();
            let mut expected = rows;
            expected.sort();
            prop_assert_eq!(texts, expected);
        }
    }

    #[test]
    fn what_all_begin_with_is_counted_in_bytes() {
        assert_eq!(common(["load-01", "load-02", "load-"].iter()), 5);
        assert_eq!(common(["ä", "ö"].iter()), 1, "half a character");
        assert_eq!(common(["", "a"].iter()), 0);
        assert_eq!(common(std::iter::empty::<&str>()), 0);
    }
}
