//! What is typed at the command prompt: any line runs a command or is a mistake with a sentence, and completions have a place in the
//! line.

use taskdeck::app::Overlay;
use taskdeck::app::key::KeyCode;
use taskdeck::runtime::input::Decoded;

use super::dashboard::Dashboard;
use super::text;

/// The most lines that are typed.
const MOST_LINES: usize = 8;

/// Takes lines. A line that ends with a tab is completed before it is run.
pub fn check(input: &[u8]) {
    let text = text(input);
    let mut dashboard = Dashboard::live();
    for line in text.lines().take(MOST_LINES) {
        dashboard.press(KeyCode::Esc);
        dashboard.press(KeyCode::Char(':'));
        let (line, completes) = line.strip_suffix('\t').map_or((line, false), |line| (line, true));
        dashboard.take(Decoded::Paste(line.to_owned()));
        check_prompt(&dashboard);
        if completes {
            dashboard.press(KeyCode::Tab);
            check_prompt(&dashboard);
        }
        dashboard.press(KeyCode::Enter);
        check_prompt(&dashboard);
        if dashboard.has_quit {
            return;
        }
    }
    dashboard.draw((100, 30));
}

fn check_prompt(dashboard: &Dashboard) {
    let Overlay::Command(prompt) = dashboard.app.overlay() else { return };
    let line = &prompt.line;
    assert!(line.text().is_char_boundary(line.cursor()));
    assert!(line.text().is_char_boundary(line.completions().start()) || line.completions().items.is_empty());
    assert!(prompt.mistake.as_ref().is_none_or(|mistake| !mistake.trim().is_empty()));
    for item in &line.completions().items {
        assert!(item.candidate.label.get(item.matched.clone()).is_some(), "{item:?}");
    }
}
