//! Twelve encodings, marks, and what is malformed.

use std::io::Read;

use proptest::prelude::*;
use rfm_core::Limits;

use super::*;
use crate::{
    Dialect, InputName,
    records::{Flaw, Records},
};

fn name() -> InputName {
    InputName::new("a.csv")
}

fn decode(bytes: &[u8], given: Option<Encoding>) -> Result<String, Error> {
    let mut text = Vec::new();
    let mut transcoder = Transcoder::new(bytes, given, &name())?;
    transcoder.read_to_end(&mut text).unwrap();
    Ok(String::from_utf8(text).unwrap())
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn twelve_encodings_give_the_same_rows() {
    let ways = [
        ("utf-8", "Zoë,Köln\r\n"),
        ("utf-16le", "Zoë,Köln 😀\r\n"),
        ("utf-16be", "Zoë,Köln 😀\r\n"),
        ("windows-1252", "Zoë,€\r\n"),
        ("iso-8859-2", "Łódź,ő\r\n"),
        ("iso-8859-15", "Zoë,€\r\n"),
        ("windows-1251", "Иван,ж\r\n"),
        ("koi8-r", "Иван,ж\r\n"),
        ("shift_jis", "東京,ソ\r\n"),
        ("euc-jp", "東京,ソ\r\n"),
        ("gb18030", "北京,€\r\n"),
        ("big5", "台北,功\r\n"),
    ];
    for (label, row) in ways {
        let encoding = Encoding::from_label(label).unwrap();
        let text = format!("name,city\r\n{}", row.repeat(9_000));
        let bytes = match encoding {
            Encoding::Utf16Le => utf16(&text, false),
            Encoding::Utf16Be => utf16(&text, true),
            other => other.backing().encode(&text).0.into_owned(),
        };
        assert!(decode(&bytes, Some(encoding)).unwrap() == text, "{label}");
        let transcoder = Transcoder::new(&bytes[..], Some(encoding), &name()).unwrap();
        let mut records = Records::new(transcoder, Dialect::default(), Limits::default());
        let mut count = 0;
        while let Some(record) = records.next_record().unwrap() {
            assert_eq!((record.len(), record.flaw()), (2, None), "{label}");
            count += 1;
        }
        assert_eq!(count, 9_001, "{label}");
    }
}

#[test]
fn labels_are_those_of_the_standard_and_unusable_ones_are_refused() {
    assert_eq!(Encoding::from_label(" UTF8 ").unwrap(), Encoding::Utf8);
    assert_eq!(Encoding::from_label("utf-16").unwrap(), Encoding::Utf16Le);
    assert_eq!(Encoding::from_label("iso-8859-1").unwrap(), Encoding::Windows1252);
    for label in ["", "utf-32", "utf-7", "hz-gb-2312", "replacement", "x-user-defined", "klingon"] {
        let error = Encoding::from_label(label).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::UnknownEncoding { .. }), "{label}");
        assert!(error.position().is_none());
    }
}

#[test]
fn a_mark_decides_and_is_taken_off_also_before_a_quote() {
    let text = "\"id\",\"größe\"\n";
    let marked = format!("\u{FEFF}{text}");
    for (bytes, encoding) in [
        (marked.clone().into_bytes(), Encoding::Utf8),
        (utf16(&marked, false), Encoding::Utf16Le),
        (utf16(&marked, true), Encoding::Utf16Be),
    ] {
        for given in [None, Some(encoding)] {
            let transcoder = Transcoder::new(&bytes[..], given, &name()).unwrap();
            assert_eq!((transcoder.encoding(), transcoder.is_marked()), (encoding, true));
            assert_eq!(decode(&bytes, given).unwrap(), text);
            let mut records = Records::new(transcoder, Dialect::default(), Limits::default());
            let record = records.next_record().unwrap().unwrap();
            assert_eq!((record.field_str(0), record.flaw()), (Some("id"), None));
        }
    }
}

#[test]
fn only_the_first_mark_is_one() {
    assert_eq!(decode("\u{FEFF}\u{FEFF}a".as_bytes(), None).unwrap(), "\u{FEFF}a");
    assert_eq!(decode(&utf16("\u{FEFF}\u{FEFF}a", false), None).unwrap(), "\u{FEFF}a");
}

#[test]
fn a_mark_against_what_was_given_is_an_error() {
    let error = decode(&utf16("\u{FEFF}a", true), Some(Encoding::Utf16Le)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.csv: the text is marked as UTF-16BE, but UTF-16LE was given; leave the encoding out, or convert the file"
    );
    assert!(decode("\u{FEFF}a".as_bytes(), Some(Encoding::Windows1252)).is_err());
}

#[test]
fn utf_32_is_refused_by_name() {
    for bytes in [&[0xFF, 0xFE, 0, 0, b'a', 0, 0, 0][..], &[0, 0, 0xFE, 0xFF, 0, 0, 0, b'a']] {
        let error = decode(bytes, None).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::UnsupportedEncoding { .. }));
        assert!(error.to_string().contains("UTF-32"), "{error}");
    }
}

#[test]
fn short_texts_are_no_marks() {
    for text in ["", "a", "ab", "abc", "\u{FEFF}"] {
        assert_eq!(decode(text.as_bytes(), None).unwrap(), text.trim_start_matches('\u{FEFF}'));
    }
}

#[test]
fn malformed_text_names_line_and_column_after_the_records_before_it() {
    // A lone surrogate in the third column of line 3, and half a character at the end.
    let mut lone = utf16("a,b,c\r\n1,2,3\r\n4,5,", false);
    lone.extend([0x00, 0xD8, b'x', 0]);
    let mut half = utf16("a,b,c\r\n1,2,3\r\n4,5,6", false);
    half.push(b'7');
    let shift_jis = b"a,b,c\r\n1,2,3\r\n4,5,\x81\n".to_vec();
    let euc_jp = b"a,b,c\r\n1,2,3\r\n4,\"5\xFFx".to_vec();
    for (bytes, label, column) in
        [(lone, "utf-16le", 3), (half, "utf-16le", 3), (shift_jis, "shift_jis", 3), (euc_jp, "euc-jp", 2)]
    {
        let encoding = Encoding::from_label(label).unwrap();
        let transcoder = Transcoder::new(&bytes[..], Some(encoding), &name()).unwrap();
        let mut records = Records::new(transcoder, Dialect::default(), Limits::default());
        for _ in 0..2 {
            assert_eq!(records.next_record().unwrap().unwrap().len(), 3);
        }
        let error = records.next_record().unwrap_err().into_error(&name());
        assert_eq!(
            error.to_string(),
            format!("a.csv, line 3, column {column}: expected {encoding} text, found bytes that are none")
        );
        assert!(!error.is_io());
    }
}

#[test]
fn malformed_text_stays_an_error() {
    let mut transcoder = Transcoder::new(&[b'a', 0, 0x00, 0xDC][..], Some(Encoding::Utf16Le), &name()).unwrap();
    let mut out = [0; 8];
    assert_eq!(transcoder.read(&mut out).unwrap(), 1);
    assert!(transcoder.read(&mut out).is_err());
    assert!(transcoder.read(&mut out).is_err());
}

#[test]
fn utf_16_without_a_mark_is_noticed() {
    let bytes = utf16("a,b\r\n", false);
    let mut records = Records::new(&bytes[..], Dialect::default(), Limits::default());
    assert_eq!(records.next_record().unwrap().unwrap().flaw(), Some(Flaw::Nul { line: 1, column: 1 }));
}

proptest! {
    #[test]
    fn any_text_survives_utf_16_whatever_is_read_at_once(text in any::<String>(), big in any::<bool>(), chunk in 1usize..9) {
        let encoding = if big { Encoding::Utf16Be } else { Encoding::Utf16Le };
        let bytes = utf16(&text, big);
        // A text may begin with a mark, or with what looks like one of UTF-32.
        prop_assume!(!text.starts_with(['\u{FEFF}', '\0', '\u{FFFE}']) && !bytes.starts_with(&[0xEF, 0xBB]));
        let mut transcoder = Transcoder::new(&bytes[..], Some(encoding), &name()).unwrap();
        let (mut all, mut part) = (Vec::new(), vec![0; chunk]);
        loop {
            match transcoder.read(&mut part).unwrap() {
                0 => break,
                n => all.extend_from_slice(&part[..n]),
            }
        }
        prop_assert_eq!(String::from_utf8(all).unwrap(), text);
    }

    #[test]
    fn any_bytes_in_any_encoding_end_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), label in 0usize..6) {
        let encoding = Encoding::from_label(["utf-16", "shift_jis", "gb18030", "iso-2022-jp", "big5", "utf-8"][label]).unwrap();
        if let Ok(mut transcoder) = Transcoder::new(&bytes[..], Some(encoding), &name()) {
            let mut out = Vec::new();
            let result = transcoder.read_to_end(&mut out);
            if encoding != Encoding::Utf8 {
                prop_assert!(String::from_utf8(out).is_ok());
                prop_assert!(result.is_ok() || transcoder.read(&mut [0; 4]).is_err());
            }
        }
    }
}
