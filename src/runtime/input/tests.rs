//! Decodes keys and replies as terminals send them, whole and split.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::app::MouseAction;

/// Decodes pieces that are read shortly after each other, and then waits until nothing is left.
fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Decoded> {
    let (mut decoder, mut results) = (Decoder::default(), Vec::new());
    let mut now = Instant::now();
    for piece in pieces {
        decoder.feed(piece, now, &mut results);
        now += ESCAPE_TIMEOUT / 2;
    }
    decoder.expire(now + PASTE_TIMEOUT, &mut results);
    results
}

fn keys(bytes: &str) -> Vec<Key> {
    let key = |results| match results {
        Decoded::Key(key) => key,
        other => panic!("no key: {other:?}"),
    };
    decode([bytes.as_bytes()]).into_iter().map(key).collect()
}

fn alt(c: char) -> Key {
    Key { alt: true, ..Key::char(c) }
}

#[test]
fn keys_are_decoded() {
    let plain = Key::plain;
    let table = [
        ("q", Key::char('q')),
        ("D", Key::char('D')),
        (" ", Key::char(' ')),
        ("é", Key::char('é')),
        ("日", Key::char('日')),
        ("\r", plain(KeyCode::Enter)),
        ("\n", Key::ctrl('j')),
        ("\t", plain(KeyCode::Tab)),
        ("\x7f", plain(KeyCode::Backspace)),
        ("\x08", Key::ctrl('h')),
        ("\x03", Key::ctrl('c')),
        ("\x1a", Key::ctrl('z')),
        ("\0", Key::ctrl(' ')),
        ("\x1c", Key::ctrl('\\')),
        ("\x1b", plain(KeyCode::Esc)),
        ("\x1by", alt('y')),
        ("\x1bé", alt('é')),
        ("\x1b\\", alt('\\')),
        ("\x1b\r", Key { alt: true, ..plain(KeyCode::Enter) }),
        ("\x1b[A", plain(KeyCode::Up)),
        ("\x1bOB", plain(KeyCode::Down)),
        ("\x1bOM", plain(KeyCode::Enter)),
        ("\x1b[H", plain(KeyCode::Home)),
        ("\x1b[1~", plain(KeyCode::Home)),
        ("\x1b[4~", plain(KeyCode::End)),
        ("\x1b[3~", plain(KeyCode::Delete)),
        ("\x1b[5~", plain(KeyCode::PageUp)),
        ("\x1b[6;5~", Key { ctrl: true, ..plain(KeyCode::PageDown) }),
        ("\x1b[Z", plain(KeyCode::BackTab)),
        ("\x1b[1;5C", Key { ctrl: true, ..plain(KeyCode::Right) }),
        ("\x1b[1;3D", Key { alt: true, ..plain(KeyCode::Left) }),
        ("\x1b[27;5;100~", Key::ctrl('d')),
        ("\x1b[100;5u", Key::ctrl('d')),
        ("\x1b[121u", Key::char('y')),
        ("\x1b[27u", plain(KeyCode::Esc)),
        ("\x1b[1;1:2A", plain(KeyCode::Up)),
        ("\x1b[1;2A", plain(KeyCode::ShiftUp)),
        ("\x1b[1;2B", plain(KeyCode::ShiftDown)),
        ("\x1b[1;6B", Key { ctrl: true, ..plain(KeyCode::ShiftDown) }),
    ];
    for (bytes, key) in table {
        assert_eq!(keys(bytes), [key], "{bytes:?}");
    }
    assert_eq!(keys("\x1b\x1b[A"), [plain(KeyCode::Esc), plain(KeyCode::Up)]);
}

#[test]
fn a_lone_introducer_is_a_key() {
    for c in ['[', 'O', ']', 'P', 'X', '^', '_'] {
        assert_eq!(keys(&format!("\x1b{c}")), [alt(c)], "Alt-{c}");
    }
    // It becomes a key after its timeout, even if more bytes follow.
    let (mut decoder, mut results, now) = (Decoder::default(), Vec::new(), Instant::now());
    decoder.feed(b"\x1b]", now, &mut results);
    assert_eq!(results, []);
    decoder.feed(b"j", decoder.deadline().unwrap(), &mut results);
    assert_eq!(results, [Decoded::Key(alt(']')), Decoded::Key(Key::char('j'))]);
}

/// Replies of terminals. Many contain bytes that are bound keys.
const REPLIES: [&str; 26] = [
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "\x1b]4;1;rgb:cccc/0000/0000\x07",
    "\x1b]52;c;RGVsZXRlIERlc2lyZQ==\x07",
    "\x1b]52;p;\x1b\\",
    "\x1bP>|XTerm(379)\x1b\\",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1bP!|00000000\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b^message\x1b\\",
    "\x1bXsome text: /qCDy\x1b\\",
    "\x1b[?62;1;2;4;6;9;15;22c",
    "\x1b[>41;379;0c",
    "\x1b[=1c",
    "\x1b[24;80R",
    "\x1b[?24;80R",
    "\x1b[?2026;2$y",
    "\x1b[4;1$y",
    "\x1b[0n",
    "\x1b[8;24;80t",
    "\x1b[?0u",
    "\x1b[I",
    // Reports of the mouse that the dashboard does not use: releases, other buttons, motion, modifiers, and nonsense.
    "\x1b[<0;10;20m",
    "\x1b[<2;10;20M",
    "\x1b[<35;10;20M",
];

#[test]
fn mouse_reports_are_decoded_however_they_are_split() {
    for (bytes, action, column, line) in [
        ("\x1b[<0;1;1M", MouseAction::Click, 0, 0),
        ("\x1b[<0;10;20M", MouseAction::Click, 9, 19),
        ("\x1b[<64;300;2M", MouseAction::WheelUp, 299, 1),
        ("\x1b[<65;7;65535M", MouseAction::WheelDown, 6, 65534),
    ] {
        let report = Decoded::Mouse(MouseReport { action, column, line });
        for at in 0..bytes.len() {
            let (head, tail) = bytes.as_bytes().split_at(at);
            let results = decode([head, tail, b"j".as_slice()]);
            assert_eq!(results, [report.clone(), Decoded::Key(Key::char('j'))], "{bytes:?} at {at}");
        }
        assert_eq!(decode(bytes.as_bytes().chunks(1)), [report], "{bytes:?}");
    }
}

#[test]
fn nonsense_of_a_mouse_is_ignored() {
    for bytes in [
        "\x1b[<0;0;1M",
        "\x1b[<0;1;0M",
        "\x1b[<0;1M",
        "\x1b[<0;1;1;1M",
        "\x1b[<0;70000;1M",
        "\x1b[<;;M",
        "\x1b[<M",
        "\x1b[<-1;1;1M",
        "\x1b[<+0;1;1M",
        "\x1b[<0:1;1;1M",
        "\x1b[<4;1;1M",
        "\x1b[<66;1;1M",
        "\x1b[<128;1;1M",
        "\x1b[0;1;1M",
        "\x1b[<0;1;1N",
    ] {
        assert_eq!(decode([bytes.as_bytes(), b"j"]), [Decoded::Key(Key::char('j'))], "{bytes:?}");
    }
}

#[test]
fn a_reply_is_never_a_key_however_it_is_split() {
    let others = ["\x1b[M !!", "\x1b[[A", "\x1bOP", "\x1b[15~", "\x1b[1;1:3A", "\x1b[57441;1u"];
    for reply in REPLIES.iter().chain(&others) {
        for at in 0..reply.len() {
            let (head, tail) = reply.as_bytes().split_at(at);
            let after: &[u8] = b"j";
            assert_eq!(decode([head, tail, after]), [Decoded::Key(Key::char('j'))], "{reply:?} at {at}");
        }
        let bytes: Vec<_> = reply.as_bytes().chunks(1).collect();
        assert_eq!(decode(bytes), [], "{reply:?}");
    }
    assert_eq!(decode([b"\x9d11;rgb:1e1e/1e1e/2e2e\x9cj".as_slice()]), [Decoded::Key(Key::char('j'))]);
    assert_eq!(decode([b"\x9b?62;1c".as_slice(), b"j"]), [Decoded::Key(Key::char('j'))]);
}

#[test]
fn an_unterminated_control_string_times_out() {
    let (mut decoder, mut results, now) = (Decoder::default(), Vec::new(), Instant::now());
    decoder.feed(b"\x1b]52;c;RGVs", now, &mut results);
    decoder.feed(b"ZXRl", now + SEQUENCE_TIMEOUT * 9 / 10, &mut results);
    decoder.feed(b"D", now + SEQUENCE_TIMEOUT * 18 / 10, &mut results);
    assert_eq!(results, [], "the timeout starts at the last byte");
    decoder.feed(b"j", now + SEQUENCE_TIMEOUT * 28 / 10, &mut results);
    assert_eq!(results, [Decoded::Key(Key::char('j'))]);

    let mut long = b"\x1b]52;c;".to_vec();
    long.resize(MAX_STRING_LENGTH + 100, b'A');
    let results = decode([long.as_slice(), b"\x07"]);
    assert!((50..200).contains(&results.len()), "dropped up to the limit: {}", results.len());
}

#[test]
fn a_paste_is_one_text_whatever_it_contains() {
    let text = "Cy\x1b]0;x\x07\x1b[20 \x03é";
    let bytes = format!("\x1b[200~{text}\x1b[201~q");
    for at in 0..bytes.len() {
        let (head, tail) = bytes.as_bytes().split_at(at);
        let expected = [Decoded::Paste(text.to_owned()), Decoded::Key(Key::char('q'))];
        assert_eq!(decode([head, tail]), expected, "at {at}");
    }
    assert_eq!(decode([b"\x1b[200~cut off".as_slice()]), [Decoded::Paste("cut off".to_owned())]);
    let long = format!("\x1b[200~{}\x1b[201~", "D".repeat(10_000_000));
    let results = decode([long.as_bytes()]);
    assert!(matches!(results.as_slice(), [Decoded::Paste(text)] if text.len() < 100_000));
}

#[test]
fn invalid_utf8_is_dropped() {
    assert_eq!(
        decode([b"\xff\xc3(\xe6\x97j".as_slice()]),
        [Decoded::Key(Key::char('(')), Decoded::Key(Key::char('j'))]
    );
}

/// Bytes that are sent in one piece, and their key. `alone` means that they are a key only after a timeout.
#[derive(Debug, Clone)]
struct Sent {
    bytes: Vec<u8>,
    key: Option<Key>,
    alone: bool,
}

fn pressed() -> impl Strategy<Value = Sent> {
    let sent = |bytes: &str, key, alone| Sent { bytes: bytes.into(), key: Some(key), alone };
    prop_oneof![
        any::<char>().prop_filter("no control", |c| !c.is_control()).prop_map(move |c| sent(
            &c.to_string(),
            Key::char(c),
            false
        )),
        select(vec!['a', 'b', 'q', '\\']).prop_map(move |c| sent(&format!("\x1b{c}"), alt(c), false)),
        select(vec![']', 'P', 'X', '^', '_', '[', 'O']).prop_map(move |c| sent(
            &format!("\x1b{c}"),
            alt(c),
            true
        )),
        Just(sent("\x1b", Key::plain(KeyCode::Esc), true)),
        Just(sent("\x1b[B", Key::plain(KeyCode::Down), false)),
        Just(sent("\x03", Key::ctrl('c'), false)),
        Just(sent("\x07", Key::ctrl('g'), false)),
    ]
}

fn reply() -> impl Strategy<Value = Sent> {
    let body = proptest::collection::vec(any::<u8>().prop_filter("no end", |b| *b != BEL), 1..60);
    let string = (select(b"]PX^_".to_vec()), body, any::<bool>());
    let string = string.prop_filter_map("an ST inside", |(introducer, body, bell)| {
        let ends = body.windows(2).any(|pair| pair == b"\x1b\\") || body.last() == Some(&ESC);
        let end: &[u8] = if bell { b"\x07" } else { b"\x1b\\" };
        (!ends).then(|| [&[ESC, introducer], body.as_slice(), end].concat())
    });
    let sequence = ("[?>=][0-9;]{0,20}", "[$]?", "[cnuyR]").prop_map(|(a, b, c)| format!("\x1b[{a}{b}{c}"));
    prop_oneof![
        string.boxed(),
        sequence.prop_map(String::into_bytes).boxed(),
        select(REPLIES.to_vec()).prop_map(|reply| reply.as_bytes().to_vec()).boxed(),
    ]
    .prop_map(|bytes| Sent { bytes, key: None, alone: false })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn replies_add_no_keys_and_no_key_is_lost(
        sent in proptest::collection::vec(prop_oneof![pressed(), reply()], 0..20),
        splits in proptest::collection::vec(any::<Index>(), 0..20),
    ) {
        let (mut decoder, mut results, mut now) = (Decoder::default(), Vec::new(), Instant::now());
        let total: usize = sent.iter().map(|sent| sent.bytes.len()).sum();
        let splits: Vec<usize> = splits.iter().map(|at| at.index(total.max(1))).collect();
        let mut sum = 0;
        for sent in &sent {
            for byte in &sent.bytes {
                if splits.contains(&sum) {
                    now += ESCAPE_TIMEOUT / 2;
                }
                sum += 1;
                decoder.feed(&[*byte], now, &mut results);
            }
            if sent.alone {
                now += INTRODUCER_TIMEOUT;
                decoder.expire(now, &mut results);
            }
        }
        let expected: Vec<_> = sent.iter().filter_map(|sent| sent.key).map(Decoded::Key).collect();
        prop_assert_eq!(results, expected);
    }
}
