//! Sorts rows by a number and then by a text, fast when many texts share a prefix, as the guids of batch systems do
//! (`load-000123`).
//!
//! Skips the common prefix and compares the next eight bytes as one number. Rows that are still equal are sorted again
//! by what follows. Comparing whole texts would fetch both from memory for every comparison.

/// Up to this many rows are sorted by comparing their texts.
const FEW: usize = 12;
/// The depth in steps of eight bytes from which texts are compared directly. It bounds the recursion; only crafted
/// texts share more.
const MAX_DEPTH: u32 = 16;

/// Sorts rows by `number`, then by `text`.
pub(super) fn sort<'a, T: Copy>(rows: &mut [T], number: impl Fn(T) -> u64, text: impl Fn(T) -> &'a str) {
    let skip = common_prefix(rows.iter().map(|row| text(*row)));
    let key = |row| u128::from(number(row)) << 64 | u128::from(next_eight(text(row), skip));
    sort_by_key(rows, key, |alike| settle(alike, &text, skip + 8, 0));
}

/// Sorts rows whose texts are equal in their first `from` bytes.
fn settle<'a, T: Copy>(rows: &mut [T], text: &impl Fn(T) -> &'a str, from: usize, depth: u32) {
    if rows.len() < FEW || depth == MAX_DEPTH {
        return rows.sort_unstable_by_key(|row| text(*row));
    }
    let rest = |row: &T| text(*row).as_bytes().get(from..).unwrap_or_default();
    let skip = from + common_prefix(rows.iter().map(rest));
    sort_by_key(rows, |row| next_eight(text(row), skip), |alike| settle(alike, text, skip + 8, depth + 1));
}

/// Sorts rows by `key`, computed once for each, and passes runs of equal keys to `settle`.
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

/// Returns the length of the common prefix in bytes.
fn common_prefix<B: AsRef<[u8]>>(mut texts: impl Iterator<Item = B>) -> usize {
    let Some(first) = texts.next() else { return 0 };
    let first = first.as_ref();
    texts.fold(first.len(), |all, text| {
        let both = first.iter().zip(text.as_ref()).take(all);
        both.take_while(|(one, other)| one == other).count()
    })
}

/// Returns eight bytes of a text as a number that sorts the same. Past its end a text counts as zeros, so texts that
/// differ in trailing zeros are equal here; `settle` compares them further.
fn next_eight(text: &str, from: usize) -> u64 {
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
        fn sorts_by_number_and_whole_text(
            rows in prop::collection::vec((0..3_u64, text()), 0..120),
            many in prop::sample::select(&[1, 40][..]),
        ) {
            // Many copies make runs of equal texts.
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
    fn the_common_prefix_is_counted_in_bytes() {
        assert_eq!(common_prefix(["load-01", "load-02", "load-"].iter()), 5);
        assert_eq!(common_prefix(["ä", "ö"].iter()), 1, "half a character");
        assert_eq!(common_prefix(["", "a"].iter()), 0);
        assert_eq!(common_prefix(std::iter::empty::<&str>()), 0);
    }
}
