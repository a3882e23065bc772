use super::*;
use std::time::Instant;
#[test]
#[ignore]
fn timing() {
    let data = std::fs::read(std::env::var("CSV").unwrap()).unwrap();
    eprintln!("bytes {}", data.len());
    for round in 0..4 {
        let t = Instant::now();
        let mut r = Records::new(&data[..], Dialect::default(), Limits::default());
        let (mut n, mut f) = (0u64, 0u64);
        while let Some(rec) = r.next_record().unwrap() {
            n += 1;
            f += rec.len() as u64;
        }
        let s = t.elapsed().as_secs_f64();
        eprintln!(
            "{round} all: {n} records {f} fields {:.3} s {:.2} GB/s {:.1} ns/rec",
            s,
            data.len() as f64 / s / 1e9,
            s * 1e9 / n as f64
        );
        let t = Instant::now();
        let mut r = Records::new(&data[..], Dialect::default(), Limits::default());

        let mut n = 0u64;
        while let Some(rec) = r.next_record().unwrap() {
            for i in [0usize, 1, 2, 3, 4, 5, 6] {
                n += rec.field_str(i).map_or(0, str::len) as u64;
            }
        }
        let s = t.elapsed().as_secs_f64();
        eprintln!("{round} 7 field_str: {n} {:.3} s {:.2} GB/s", s, data.len() as f64 / s / 1e9);
        let t = Instant::now();
        let mut r = Records::new(&data[..], Dialect::try_new(b',', None).unwrap(), Limits::default());
        let mut n = 0u64;
        while let Some(rec) = r.next_record().unwrap() {
            n += rec.len() as u64;
        }
        let s = t.elapsed().as_secs_f64();
        eprintln!("{round} no quoting: {n} {:.3} s {:.2} GB/s", s, data.len() as f64 / s / 1e9);
        let t = Instant::now();
        let mut core = csv_core::Reader::new();
        let (mut at, mut n) = (0, 0u64);
        let mut out = [0u8; 4096];
        let mut ends = [0usize; 64];
        loop {
            let (res, i, _, _) = core.read_record(&data[at..], &mut out, &mut ends);
            at += i;
            match res {
                csv_core::ReadRecordResult::Record => n += 1,
                csv_core::ReadRecordResult::End => break,
                _ => {}
            }
        }
        let s = t.elapsed().as_secs_f64();
        eprintln!("{round} csv-core: {n} {:.3} s {:.2} GB/s", s, data.len() as f64 / s / 1e9);
    }
    let path = std::env::var("CSV").unwrap();
    for p in [path.clone(), path + ".gz"] {
        if !std::path::Path::new(&p).exists() {
            continue;
        }
        let t = Instant::now();
        let name = crate::InputName::new(&p);
        let input = crate::input::Input::open(&name).unwrap();
        let t8 = crate::encoding::Transcoder::new(input, None, &name).unwrap();
        let mut r = Records::new(t8, Dialect::default(), Limits::default());
        let mut n = 0u64;
        while let Some(_) = r.next_record().unwrap() {
            n += 1;
        }
        let s = t.elapsed().as_secs_f64();
        eprintln!(
            "file with digest: {n} {:.3} s {:.2} GB/s {:?}",
            s,
            data.len() as f64 / s / 1e9,
            r.get_ref().get_ref().fingerprint().unwrap().hex()
        );
    }
}
