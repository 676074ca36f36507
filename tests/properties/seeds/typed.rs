//! What a terminal sends, and what is typed.

use super::{Seeds, lines};

pub(crate) fn terminal() -> Seeds {
    let words = "\x1b \x1b[ \x1bO \x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\ \x1b]52;c;RGVs\x07 \
        \x1bP>|XTerm(379)\x1b\\ \x1b[200~ \x1b[201~ \x1b[<0;10;20M \x1b[M␣!! \x1b[1;5C \
        \x1b[27;5;100~ \x1b[?62;1c A ~ \\ \x07 \x7f é 日";
    let sent = [
        "jjk\r/state:pending\r\x1b[A\x1b[B\x1b[6;5~q",
        "\x1b[200~a paste \x1b[20 of two\nlines\x1b[201~\r",
        "\x1b\x1b[A\x1bOM\x1by\x1b[121u",
        "\x1b]10;rgb:ffff/ffff/ffff\x07\x1b[?2026;2$y\x1b[24;80Rj",
        "\x1b[<64;3;2M\x1b[<0;10;20M\x1b[<0;10;20m",
    ];
    Seeds::new(lines(&sent), words).after(&[0])
}

pub(crate) fn keys() -> Seeds {
    let words = "\r \x1b \t : / j k J V a C y D R b B f p s ? ␣ g G \x04 \x15 \x1b[A \x1b[B \
        \x1b[<0;10;5M \x1b[<64;20;8M \x1b[200~ \x1b[201~ :groups␣app\r :sort␣age\r \
        /domain:cf-tasks\r \x7f \x1b[5~ \x1b[1;2B";
    let sent = [
        "jjj\r\t\x1b",
        "jVjV/domain:cf-tasks|batch\raC",
        "Cy\r:quit\r",
        "ba\rsBr\rj\r",
        "f\rj\r\x1bp\r",
        ":sort age desc\r:columns\rjj \r",
        "?jj\x1b\x1b[<0;10;5M\x1b[<0;10;5M",
        ":theme\rjjj\r:domain cf-tasks\r/\x15reason:~137\r",
    ];
    Seeds::new(lines(&sent), words).after(&[2, 100, 30])
}

pub(crate) fn command_line() -> Seeds {
    let words = "sort domain groups columns save theme target filter view-failed new clone copy mark \
        quit age desc \t \n ␣ ! \" cf-tasks /tmp/x.csv";
    let typed = [
        "sort age desc\ndo\t\nso\t",
        "groups app\napps\nview-failed\nto",
        " domain  cf-tasks \nfilter state:pending",
        "refresh now\nx\n\t\ncol\t",
    ];
    Seeds::new(lines(&typed), words)
}

pub(crate) fn key_name() -> Seeds {
    let names = [
        "b",
        "^",
        "^^",
        "Ctrl-b",
        "Ctrl-Alt-b",
        "Alt-Enter",
        "Space",
        "Shift-Tab",
        "PgDn",
        "↑",
        "Ctrl-Space",
        "F5",
        "é",
    ];
    Seeds::new(lines(&names), "Ctrl- Alt- ^ Shift- Up Del İ ß")
}
