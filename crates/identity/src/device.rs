//! What a session runs on, in two words, so that its owner recognises it. Nothing else of what the browser says
//! about itself is kept: whole, it tells people apart.

/// Kinds of device, by what the browser's own words hold; the first that fits. Text `device-<kind>`.
const KINDS: [(&str, &str); 8] = [
    ("ipad", "ipad"),
    ("iphone", "iphone"),
    ("openharmony", "harmony"),
    ("android", "android"),
    ("windows", "windows"),
    ("macintosh", "mac"),
    ("cros", "chromebook"),
    ("linux", "linux"),
];

/// Programs, in the order in which they must be looked for: most name others too. Text `browser-<program>`.
const PROGRAMS: [(&str, &str); 6] = [
    ("micromessenger", "wechat"),
    ("edg", "edge"),
    ("firefox", "firefox"),
    ("fxios", "firefox"),
    ("chrome", "chrome"),
    ("safari", "safari"),
];

/// Kind and program by the header `User-Agent`, such as `iphone wechat`; `other` for what is not known.
#[must_use]
pub fn device_words(user_agent: &str) -> String {
    let said: String = user_agent.chars().take(512).collect::<String>().to_ascii_lowercase();
    let of = |words: &[(&str, &'static str)]| {
        words.iter().find(|(sign, _)| said.contains(sign)).map_or("other", |&(_, word)| word)
    };
    format!("{} {}", of(&KINDS), of(&PROGRAMS))
}

/// The two words of [`device_words`], as text keys of what is known; `other` for anything else.
#[must_use]
pub fn known_device(words: &str) -> (&'static str, &'static str) {
    let (kind, program) = words.split_once(' ').unwrap_or(("other", "other"));
    let of = |known: &[(&str, &'static str)], wanted: &str| {
        known.iter().map(|&(_, word)| word).find(|word| *word == wanted).unwrap_or("other")
    };
    (of(&KINDS, kind), of(&PROGRAMS, program))
}

#[cfg(test)]
mod tests {
    use super::{device_words, known_device};

    #[test]
    fn browsers_are_told_apart_by_two_words() {
        let cases = [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Mobile/15E148 MicroMessenger/8.0.42",
                "iphone wechat",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
                "android chrome",
            ),
            ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120.0 Safari/537.36 Edg/120.0", "windows edge"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17.0 Safari/605.1.15", "mac safari"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "linux firefox"),
            ("curl/8", "other other"),
            ("", "other other"),
        ];
        for (said, words) in cases {
            assert_eq!(device_words(said), words, "{said}");
            let (kind, program) = known_device(words);
            assert_eq!(format!("{kind} {program}"), words);
        }
        assert_eq!(known_device("<b> evil"), ("other", "other"));
    }
}
