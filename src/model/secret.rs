//! Masks secrets, including credentials in URLs. Screen and commands must use the same mask.

use std::borrow::Cow;

/// Replacement for a secret; does not reveal its length.
pub const MASK: &str = "••••••";

const SCHEME_END: &str = "://";

/// Masks the credentials in all URLs of a text: the user information and the query, which contains the signature of a
/// signed URL. Returns `None` if there is nothing to mask.
pub fn mask_urls(text: &str) -> Option<String> {
    if !text.contains(SCHEME_END) {
        return None;
    }
    let mut masked = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some((before, after)) = rest.split_once(SCHEME_END) {
        masked.push_str(before);
        masked.push_str(SCHEME_END);
        let word = after.split(is_url_end).next().unwrap_or_default();
        let userinfo = userinfo_end(word).unwrap_or(0);
        let (_, address) = word.split_at_checked(userinfo).unwrap_or_default();
        if userinfo > 0 {
            masked.push_str(MASK);
            found = true;
        }
        match address.split_once('?') {
            Some((path, query)) if !query.is_empty() => {
                masked.push_str(path);
                masked.push('?');
                masked.push_str(MASK);
                // What ends a sentence is not part of the URL.
                masked.extend(query.chars().next_back().filter(|c| matches!(c, ':' | '.' | ',' | ';')));
                found = true;
            }
            _ => masked.push_str(address),
        }
        rest = after.get(word.len()..).unwrap_or_default();
    }
    masked.push_str(rest);
    found.then_some(masked)
}

/// Returns the text with the credentials in its URLs masked.
pub fn masked(text: &str) -> Cow<'_, str> {
    mask_urls(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Returns the host of a URL, without credentials and port; empty if the text is no URL.
pub fn host(url: &str) -> &str {
    let Some((_, after)) = url.split_once(SCHEME_END) else { return "" };
    let word = after.split(is_url_end).next().unwrap_or_default();
    let (_, address) = word.split_at_checked(userinfo_end(word).unwrap_or(0)).unwrap_or_default();
    let authority = address.trim_start_matches('@').split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

const fn is_url_end(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`')
}

/// Returns the position of the `@` after the user information, in a URL without its scheme.
fn userinfo_end(word: &str) -> Option<usize> {
    let authority = word.split(['/', '?', '#']).next().unwrap_or_default();
    // A password with an unescaped slash makes the URL invalid, but must still be masked.
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let has_slash_in_password =
        authority.rsplit_once(':').is_some_and(|(_, port)| !is_port(port) && !port.ends_with(']'));
    match authority.rfind('@') {
        None if has_slash_in_password => word.rfind('@'),
        at => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_comes_without_credentials_and_port() {
        let cases = [
            ("https://cc.internal:9023/internal/v4/tasks/1/completed", "cc.internal"),
            ("https://user:pw@cc.internal:9023/done", "cc.internal"),
            ("https://user:pa/ss@cc.internal/done", "cc.internal"),
            ("https://u:p?w@cc.internal?start=true", "cc.internal"),
            ("https://[::1]:8443/done", "[::1]"),
            ("https://[::1]/done", "[::1]"),
            ("http://localhost", "localhost"),
            ("user:pw@host/path", ""),
            ("", ""),
        ];
        for (url, expected) in cases {
            assert_eq!(host(url), expected, "{url}");
        }
    }

    #[test]
    fn masks_credentials_in_urls() {
        let cases = [
            ("https://user:pw@host/path", Some("https://••••••@host/path")),
            ("https://token@host", Some("https://••••••@host")),
            (
                "mysql://u:p@ss@db:3306/x and http://a:b@c",
                Some("mysql://••••••@db:3306/x and http://••••••@c"),
            ),
            ("https://user:pa/ss@host/x", Some("https://••••••@host/x")),
            ("https://u:p?w@host/x", Some("https://••••••@host/x")),
            ("get 'https://u:p@blobs/x?sig=abc' now", Some("get 'https://••••••@blobs/x?••••••' now")),
            ("GET https://blobs/x?sig=a: 404", Some("GET https://blobs/x?••••••: 404")),
            ("https://blobs/x?next=http://u:p@h", Some("https://blobs/x?••••••")),
            ("https://host:8443/@scope/pkg", None),
            ("https://[::1]:8443/a@b", None),
            ("https://[::1]/a@b", None),
            ("https://blobs/x?", None),
            ("preloaded:cflinuxfs4", None),
            ("mail me@example.com", None),
            ("", None),
        ];
        for (text, masked) in cases {
            assert_eq!(mask_urls(text).as_deref(), masked, "{text}");
        }
    }
}
