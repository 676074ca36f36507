//! What the header says of the recording.

use super::scenes::{live, mixed, noon};
use super::*;
use crate::app::Msg;
use crate::model::recording::RecorderNews;

/// Returns the first line of the screen after news of the recorder.
fn header(news: Option<RecorderNews>, size: (u16, u16)) -> String {
    let (mut app, _) = live(mixed());
    if let Some(news) = news {
        app.update(Msg::Recorder(news), noon());
    }
    let shown = frame(&app, &mut UiState::new(Colours::None), noon(), size);
    text(&shown).lines().next().unwrap().to_owned()
}

#[test]
fn the_header_says_whether_what_happens_is_recorded() {
    let path = || "/var/recording.db".to_owned();
    let fails = RecorderNews::Fails { path: path(), why: "the disk is full".to_owned() };
    for size in [(80, 24), (160, 48)] {
        assert!(!header(None, size).contains("REC"));
        for (news, words) in [
            (RecorderNews::Works, "live  REC"),
            (RecorderNews::Waits { path: path() }, "live  REC waits"),
            (fails.clone(), "live  NOT RECORDING"),
        ] {
            let header = header(Some(news), size);
            assert!(header.contains(words), "{header}");
        }
    }
}
