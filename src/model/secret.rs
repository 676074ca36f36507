//! What masks a secret, and the secrets that URLs carry. The screen and the commands mask alike.

/// What stands for a secret. It does not tell how long it is.
pub const MASK: &str = "••••••";

const SCHEME_END: &str = "://";

/// The text with what may let somebody in masked in every URL of it: the user information, and the query, where
/// signed URLs carry their key. None if there is nothing to mask.
pub fn mask_urls(text: &str) -> Option<String> {
    let mut masked = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some((before, after)) = rest.split_once(SCHEME_END) {
        masked.push_str(before);
        masked.push_str(SCHEME_END);
        let word = after.split(ends_url).next().unwrap_or_default();
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
                found = true;
            }
            _ => masked.push_str(address),
        }
        rest = after.get(word.len()..).unwrap_or_default();
    }
    masked.push_str(rest);
    found.then_some(masked)
}

const fn ends_url(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`')
}

/// Where the `@` is that ends the user information of a URL without its scheme.
fn userinfo_end(word: &str) -> Option<usize> {
    let authority = word.split(['/', '?', '#']).next().unwrap_or_default();
    // A password with a slash in it is not a well-formed URL, but no less of a secret.
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let looks_cut =
        authority.rsplit_once(':').is_some_and(|(_, port)| !is_port(port) && !port.ends_with(']'));
    match authority.rfind('@') {
        None if looks_cut => word.rfind('@'),
        at => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lets_somebody_in_is_masked() {
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
