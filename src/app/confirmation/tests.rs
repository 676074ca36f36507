//! When answers count, and which keys give them.

use super::*;

const SHOWN: Duration = Duration::from_secs(7);

fn shown() -> Confirmation {
    let mut question = Confirmation::default();
    question.shown(SHOWN);
    question
}

#[test]
fn ignores_keys_before_the_question_is_on_the_screen() {
    let mut question = Confirmation::default();
    assert_eq!(question.press(Key::char('y'), SHOWN * 2), None);
    assert!(question.too_soon());
    question.shown(SHOWN);
    assert_eq!(question.press(Key::char('y'), SHOWN / 2), None, "read earlier, taken from a queue later");
    assert!(question.too_soon());
}

#[test]
fn ignores_every_key_that_comes_too_soon() {
    let keys = [KeyCode::Char('y'), KeyCode::Char('n'), KeyCode::Esc, KeyCode::Enter, KeyCode::Tab];
    for code in keys {
        let mut question = shown();
        let read_at = SHOWN + ANSWER_AFTER * 99 / 100;
        assert_eq!(question.press(Key::plain(code), read_at), None, "{code:?}");
        assert!(question.too_soon() && question.form == Form::default(), "{code:?}");
    }
}

#[test]
fn later_keys_answer() {
    let at = SHOWN + ANSWER_AFTER;
    let mut question = shown();
    question.shown(at);
    assert_eq!(question.press(Key::char('x'), at), None);
    assert!(!question.too_soon(), "a key that is no answer, but not too soon");
    assert_eq!(question.press(Key::char('y'), at), Some(Answer::Yes), "later frames change nothing");
    assert_eq!(question.press(Key::plain(KeyCode::Esc), at), Some(Answer::No));
    assert_eq!(question.press(Key::plain(KeyCode::Enter), at), Some(Answer::No));
    question.press(Key::plain(KeyCode::Tab), at);
    assert_eq!(question.press(Key::plain(KeyCode::Enter), at), Some(Answer::Yes));
}

fn typing() -> Confirmation {
    let mut question = Confirmation::by_typing("the target's name", "prod");
    question.shown(SHOWN);
    question
}

fn type_keys(question: &mut Confirmation, keys: &str) -> Option<Answer> {
    let code = |c| if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
    let at = SHOWN + ANSWER_AFTER;
    keys.chars().find_map(|c| question.press(Key::plain(code(c)), at))
}

#[test]
fn only_the_whole_word_is_a_yes() {
    assert_eq!(type_keys(&mut typing(), "prod\n"), Some(Answer::Yes));
    assert_eq!(
        type_keys(&mut typing(), "\n"),
        Some(Answer::No),
        "Enter alone does nothing, as for yes and no"
    );
    for wrong in ["y\n", "pro\n", "prodd\n", "PROD\n", "prod "] {
        let mut question = typing();
        assert_eq!(type_keys(&mut question, wrong), None, "{wrong}");
        let Form::Typed(typed) = question.form() else { panic!("still typed") };
        assert_eq!(typed.is_wrong(), wrong.ends_with('\n'), "{wrong}");
    }
}

#[test]
fn a_wrong_word_can_be_mended() {
    let mut question = typing();
    assert_eq!(type_keys(&mut question, "prid\n"), None);
    let at = SHOWN + ANSWER_AFTER;
    for _ in 0..2 {
        question.press(Key::plain(KeyCode::Backspace), at);
    }
    assert!(matches!(question.form(), Form::Typed(typed) if !typed.is_wrong() && typed.text() == "pr"));
    assert_eq!(type_keys(&mut question, "od\n"), Some(Answer::Yes));
    assert_eq!(question.press(Key::plain(KeyCode::Esc), at), Some(Answer::No));
}

#[test]
fn a_letter_with_a_modifier_is_not_typed() {
    let mut question = typing();
    let at = SHOWN + ANSWER_AFTER;
    question.press(Key { alt: true, ..Key::char('p') }, at);
    assert_eq!(type_keys(&mut question, "rod\n"), None);
}

#[test]
fn what_is_typed_too_soon_is_not_part_of_the_word() {
    let mut question = typing();
    question.press(Key::char('p'), SHOWN);
    assert!(question.too_soon());
    assert_eq!(type_keys(&mut question, "rod\n"), None);
}
