//! What goes wrong, as it is told: what and where, what would help, and the exit code.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::place::Place;

const SKIP: &str = "help: correct the line, or leave such lines out with --on-bad-row skip";
const INSPECT: &str = "help: see what was detected with `rfm inspect`";
const KEEP: &str =
    "help: see what was detected with `rfm inspect`; keep more lines with --keep, --from, --until or --as-of";

fn place(orders: &str) -> Place {
    Place::new().with("o.csv", orders)
}

#[test]
fn missing_column() {
    place("who,date,amount\na,2024-01-01,3\n").fails(
        "segment o.csv",
        1,
        &[
            "error: o.csv, line 1: no column for the customer; the header has `who`, `date`, `amount`; \
             name it with --customer",
            INSPECT,
        ],
    );
}

#[test]
fn misspelt_column() {
    Place::new().fails(
        "segment orders.csv --customer custmer",
        1,
        &[
            "error: orders.csv, line 1: no column `custmer` for the customer; the header has `customer`, `order`, `date`, \
             `amount`; did you mean `customer`?",
            INSPECT,
        ],
    );
}

#[test]
fn two_columns_for_a_role() {
    place("customer_id,user_id,date,amount\n1,2,2024-01-01,3\n").fails(
        "segment o.csv",
        1,
        &[
            "error: o.csv, line 1: 2 columns may be the customer: `customer_id`, `user_id`; choose one with --customer",
            INSPECT,
        ],
    );
}

#[test]
fn ambiguous_date() {
    let place = place("customer,date,amount\na,01/02/2024,3\nb,03/04/2024,4\n");
    place.fails(
        "segment o.csv",
        1,
        &["error: o.csv, column 2 `date`: every date can be read as d/m/y and as m/d/y; say which with --date-format"],
    );
    assert!(place.prints("segment o.csv --date-format d/m/y").starts_with("2 customers as of 2024-04-04 "));
    assert!(place.prints("segment o.csv --date-format m/d/y").starts_with("2 customers as of 2024-03-05 "));
}

#[test]
fn bad_amount() {
    let place = place("customer,date,amount\na,2024-01-01,3.5\nb,2024-01-02,n/a\n");
    let error = "error: o.csv, line 3, column 3 `amount`: expected a number with a decimal point, \
                 found 3 characters: letters and punctuation";
    place.fails("segment o.csv", 1, &[error, SKIP]);
    place.fails("segment o.csv --show-values", 1, &[&format!("{error} (`n/a`)"), SKIP]);
}

#[test]
fn bad_rows_beyond_the_limit() {
    let place = place("customer,date,amount\na,2024-01-01,3.5\nb,2024-01-02,n/a\nc,2024-13-02,1.5\nd,2024-01-01,1.5\n");
    place.fails(
        "segment o.csv --on-bad-row skip --max-bad-rows 1",
        1,
        &[
            "error: more than 1 bad rows; the next one is o.csv, line 4, column 2 `date`: expected a date as yyyy-mm-dd, \
             found 10 characters: digits and punctuation",
            "help: see all of them with `rfm inspect`, or allow more with --max-bad-rows",
        ],
    );
    assert!(
        place.prints("segment o.csv --on-bad-row skip --max-bad-rows 2").contains("\n4 lines read: 2 used (5.00), 2")
    );
}

#[test]
fn nothing_to_read() {
    let place = place("").with("header.csv", "customer,date,amount\n");
    place.fails("segment o.csv", 1, &["error: o.csv: is empty; expected a header and rows"]);
    place.fails("segment header.csv", 1, &["error: header.csv: no row; expected at least one below the header"]);
    place.fails("segment orders.cvs", 1, &["error: orders.cvs: no such file", "help: did you mean `orders.csv`?"]);
    place.fails(
        "segment .",
        1,
        &[
            "error: ./header.csv: this is not a Parquet file: it does not begin with PAR1",
            "help: directories are read as Parquet; name the files of other formats one by one",
        ],
    );
}

#[test]
fn no_usable_line() {
    place("customer,date,amount\n,2024-01-01,3\nb,2024-01-02,-4\n").fails(
        "segment o.csv",
        1,
        &["error: o.csv: no usable line; 2 lines read, all rejected: 1 missing customer, 1 amount not positive", KEEP],
    );
}

#[test]
fn dates_after_the_as_of_day() {
    let place = Place::new();
    place.fails(
        "segment orders.csv --as-of 2024-01-01",
        1,
        &["error: orders.csv: no usable line; 4 lines read, all rejected: 4 after as-of", KEEP],
    );
    let out = place.prints("segment orders.csv --as-of 2024-02-10");
    assert!(out.starts_with("2 customers as of 2024-02-10 (as given), segments `table-11`\n"), "{out}");
    assert!(out.contains("\n4 lines read: 2 used (12.50), 2 rejected (119.99)\n  2 after as-of (119.99)\n"), "{out}");
}

#[test]
fn too_large_an_amount() {
    place("customer,date,amount\na,2024-01-01,92233720368547758.08\n").fails(
        "segment o.csv",
        1,
        &["error: o.csv, line 2, column 3 `amount`: is too large: the limit is 9223372036854775807 minor units", SKIP],
    );
}

#[test]
fn more_decimals_than_asked_for() {
    Place::new().fails(
        "segment orders.csv --scale 1",
        1,
        &[
            "error: the amounts have 2 decimals, more than the 1 that were asked for",
            "help: keep more with --scale, or round the input with --round",
        ],
    );
}

#[test]
fn text_in_another_encoding() {
    let place = Place::new().with("o.csv", b"customer,date,amount\nM\xfcller,2024-01-01,3\n");
    place.fails(
        "segment o.csv",
        1,
        &[
            "error: o.csv, line 2, column 1 `customer`: expected UTF-8 text, found bytes that are none at \
             byte 2 of the field; name the encoding with --encoding",
            "help: it may be windows-1252; `rfm inspect` with --encoding shows what becomes of it",
        ],
    );
    assert!(place.prints("segment o.csv --encoding latin1 --output - --quiet").contains("\nMüller,"));
}

#[test]
fn unknown_preset() {
    Place::new().fails(
        "segment orders.csv --segments tabel-11",
        2,
        &[
            "error: no segments `tabel-11`; there are `table-11`, `table-11-older`, `quartile`, `r-readme`, `r-testsuite`, \
             `pymc`, `pypi-rfm`, `putler`, `customer-360`, `retail-groups`, `platinum-tiers`, `cluster-audience-kit`; did you mean `table-11`?",
            "help: see them with `rfm rules list`; a file of rules ends in .toml, a table of codes in .csv",
        ],
    );
}

#[test]
fn rule_file_with_a_typo() {
    let rules = "name = \"mine\"\n\n[[segment]]\nname = \"Best\"\nrecensy = 5\n";
    let place = Place::new().with("rules.toml", rules);
    let error = "error: rules.toml, line 5, column 1: unknown key `recensy`; expected one of `name`, `recency`, `frequency`, \
                 `monetary`, `codes`, `when`, `description`, `meaning`, `action`; did you mean `recency`?";
    place.fails("segment orders.csv --segments rules.toml", 2, &[error]);
    place.fails("rules check rules.toml", 2, &[error]);
    place.fails(
        "segment orders.csv --segments rule.toml",
        2,
        &["error: cannot read `rule.toml`: No such file or directory (os error 2)", "help: did you mean `rules.toml`?"],
    );
}

#[test]
fn settings_that_do_not_agree() {
    let place = Place::new();
    place.fails(
        "segment orders.csv --scoring quartile --segments table-11",
        2,
        &[
            "error: segments `table-11` are written for 5 bins, but the scoring has 4; use other segments, \
             or scoring with those bins",
            "help: see the bins of the built-in rules with `rfm rules list`",
        ],
    );
    place.fails(
        "segment orders.csv --from 2024-02-01 --until 2024-01-01",
        2,
        &["error: the window from 2024-02-01 until 2024-01-01 has no day"],
    );
    place.fails(
        "segment orders.csv --max-bad-rows 3",
        2,
        &[
            "error: --max-bad-rows says nothing while the first bad row is an error",
            "help: add --on-bad-row skip, or leave the limit out",
        ],
    );
    place.fails(
        "segment orders.csv --format json",
        2,
        &[
            "error: --format says nothing without a place to write to",
            "help: name a directory with --out, or a file (- for standard output) with --output",
        ],
    );
    place.fails(
        "segment orders.csv --json --output -",
        2,
        &["error: --json and --output - both want standard output", "help: write the customers to a file"],
    );
    place.fails("segment orders.csv --delimiter ; --quote ;", 2, &["error: delimiter and quote must differ"]);
    place.fails("segment orders.csv --extra lines,lines", 2, &["error: column `lines` is asked for twice"]);
    place.fails(
        "segment orders.csv --tie-order first-order --scoring-recency random-ties:5:1",
        2,
        &[
            "error: --tie-order says nothing where equal customers share a score or are ordered at random",
            "help: leave it out, or take a method that tells them apart, such as --scoring ntile",
        ],
    );
    place.fails(
        "segment orders.csv --extra weighted_score",
        2,
        &[
            "error: column `weighted_score` needs weights of the scores, which this result does not have",
            "help: add --weights, such as --weights 100,10,1",
        ],
    );
}

#[test]
fn arguments_that_mean_nothing() {
    let place = Place::new();
    place.fails("segment", 2, &["error: no input; name a file, or - for standard input"]);
    let error = |arguments: &str| {
        let outcome = place.rfm(arguments);
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""));
        outcome.err.lines().next().unwrap().to_owned()
    };
    assert_eq!(
        error("segment orders.csv --scoring quintle"),
        "error: invalid value 'quintle' for '--scoring <NAME|N>': no scoring `quintle`; expected quartile, quintile, decile, \
         a number of bins from 2 to 100, cuts 30,90, or another method: quantile, quantile-left, rfm-r, percent-rank, \
         cume-dist, cume-dist-worst-first, rank-min-cut, proc-rank, p0-quartile, natural-breaks, tiles-current, tiles-next, qcut-drop, \
         ntile, ntile-best-first, rank-first-qcut, percentiles:20,50,80, random-ties:BINS:SEED; did you mean `quintile`?"
    );
    assert_eq!(
        error("segment orders.csv --date-format iso8601"),
        "error: invalid value 'iso8601' for '--date-format <NAME>': no date format `iso8601`; there are `yyyy-mm-dd`, \
         `d/m/y`, `m/d/y`, `yyyymmdd`, `d-mon-y`, `mon-d-y`, `yy-mm-dd`"
    );
    assert_eq!(
        error("segment orders.csv --encoding windows-1522"),
        "error: invalid value 'windows-1522' for '--encoding <LABEL>': no encoding is called `windows-1522`; use a name such as \
         utf-8, utf-16le, windows-1252 or shift_jis; did you mean `windows-1252`?"
    );
    assert_eq!(
        error("segment orders.csv --extra first_oder"),
        "error: invalid value 'first_oder' for '--extra <COLUMNS>': no extra column `first_oder`; there are `first_order`, \
         `tenure_days`, `mean_order`, `median_order`, `largest_order`, `lines`, `active_days`, `returns`, `returned`, \
         `return_rate`, `weighted_score`, `reason`, `next_step`; did you mean `first_order`?"
    );
    assert_eq!(
        error("segment orders.csv --bins-recency 90,30"),
        "error: invalid value '90,30' for '--bins-recency <CUTS>': cut points must ascend: 30 stands behind 90"
    );
    assert_eq!(error("segment orders.csv --as-off 2024-01-01"), "error: unexpected argument '--as-off' found");
    assert_eq!(
        error("segment orders.csv --out a --output b"),
        "error: the argument '--out <DIR>' cannot be used with '--output <FILE>'"
    );
}

#[test]
fn the_same_file_twice() {
    Place::new().fails(
        "segment orders.csv ./orders.csv",
        1,
        &["error: ./orders.csv: is the same file as `orders.csv`, which was given too; its rows would count twice"],
    );
}

#[test]
fn limits() {
    let field = format!("customer,date,amount\n{},2024-01-01,3\n", "x".repeat(2 << 20));
    place(&field).fails(
        "segment o.csv",
        4,
        &["error: o.csv, line 2, column 1 `customer`: a field that begins here has more bytes than the limit (1048576)"],
    );
}

#[test]
fn a_memory_limit() {
    let outcome = Place::new().rfm("segment orders.csv --memory-limit 10");
    assert_eq!((outcome.code, outcome.out.as_str()), (4, ""));
    assert!(outcome.err.starts_with("error: 3 customers and their orders need "), "{}", outcome.err);
    assert!(outcome.err.ends_with("\nhelp: allow more with --memory-limit\n"), "{}", outcome.err);
}

#[test]
fn several_currencies() {
    let place = place("customer,date,amount,currency\na,2024-01-01,3.5,EUR\nb,2024-01-01,3.5,USD\n");
    let outcome = place.rfm("segment o.csv");
    assert_eq!(outcome.code, 1);
    assert_eq!(
        outcome.err,
        "error: o.csv, column 4 `currency`: the rows are in 2 currencies, whose amounts do not add up: EUR (1), USD (1); \
         give the rows of one, or --any-currency if the amounts are converted\n"
    );
    assert!(place.prints("segment o.csv --any-currency -q").contains("\nTotal "));
}

#[test]
fn outputs_that_cannot_be_written() {
    let place = Place::new().with("file", "old");
    let into_file = "error: cannot write into `file`: it is a file, not a directory";
    let help = "help: choose another directory, or move the file away";
    place.fails("segment orders.csv --out file --quiet", 3, &[into_file, help]);
    place.fails("segment orders.csv --out file/result --quiet", 3, &[into_file, help]);
    let below = place.rfm("segment orders.csv --output file/customers.csv --quiet");
    assert_eq!((below.code, below.out.as_str()), (3, ""));
    assert!(below.err.ends_with("`file/customers.csv`: Not a directory (os error 20)\n"), "{}", below.err);
    place.fails(
        "segment orders.csv --output . --format csv --quiet",
        3,
        &["error: cannot write `.`: it is a directory", "help: name a file in it"],
    );
    assert_eq!((place.read("file").as_str(), place.names(".")), ("old", vec!["file".into(), "orders.csv".into()]));
}

#[test]
fn a_directory_without_permission() {
    let place = Place::new();
    let locked = place.path("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, Permissions::from_mode(0o555)).unwrap();
    if fs::write(locked.join("probe"), "").is_ok() {
        println!("SKIPPED: this user may write everywhere (root)");
        return;
    }
    place.fails(
        "segment orders.csv --output locked/customers.csv --quiet",
        3,
        &[
            "error: cannot create a temporary file beside `locked/customers.csv`: Permission denied (os error 13)",
            "help: write where you may create and replace files",
        ],
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk() {
    let place = Place::new();
    place.fails(
        "segment orders.csv --output /dev/full --quiet",
        3,
        &[
            "error: cannot write `/dev/full`: No space left on device (os error 28)",
            "help: free some space, or write to another file system",
        ],
    );
    for arguments in
        ["segment orders.csv", "segment orders.csv --output - -q", "segment orders.csv --json -q", "rules list"]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = place.command(arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments}");
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            "error: cannot write to standard output: No space left on device (os error 28)\n\
             help: free some space, or write to another file system\n"
        );
    }
}

#[test]
fn messages_cannot_drive_the_terminal() {
    place("\u{1b}[31mcustomer,date\n1,2024-01-01\n").fails(
        "segment o.csv",
        1,
        &[
            "error: o.csv, line 1: no column for the customer; the header has `\\u{1b}[31mcustomer`, `date`; \
             name it with --customer",
            INSPECT,
        ],
    );
}

#[test]
fn a_help_does_not_contradict_the_message() {
    let fails = |text: &[u8], lines: &[&str]| Place::new().with("o.csv", text).fails("segment o.csv", 1, lines);
    fails(
        b"customer,date,amount\na,2024-01-01,\"1,234\"\n",
        &[
            "error: o.csv, line 2, column 3 `amount`: `,` before three digits may be a decimal or a thousands separator; \
           say which with --decimal point or --decimal comma",
        ],
    );
    fails(
        b"customer,date,amount\na,2024-01-01,1.0000000001\n",
        &[
            "error: o.csv, line 2, column 3 `amount`: has 10 decimals, more than the 9 that are kept; round with --round",
        ],
    );
    fails(
        b"customer,date,amount\na\0b,2024-01-01,1.5\n",
        &["error: o.csv, line 2, column 1 `customer`: found a NUL byte, which no text has; if the file is UTF-16, \
           say so with --encoding utf-16le"],
    );
    fails(
        b"customer,\"da\"te,amount\na,2024-01-01,1.5\n",
        &[
            "error: o.csv, line 1, column 2: expected a delimiter or the line's end after a closing quote, found more text; \
             quotes inside a quoted field must be doubled",
            "help: correct the line in the file first",
        ],
    );
    fails(
        b"customer,customer,date,amount\na,b,2024-01-01,1.5\n",
        &[
            "error: o.csv, line 1: 2 columns may be the customer: `customer`, `customer`; `customer` stands more than once, \
             so rename the others",
            "help: rename one of the columns called `customer`",
        ],
    );
}

#[test]
fn an_unclosed_quote_is_a_fault_of_the_data() {
    let lines = "a,2024-01-01,1.5\n".repeat(2_000);
    place(&format!("customer,date,amount\n\"a,2024-01-01,1.5\n{lines}")).fails(
        "segment o.csv",
        1,
        &["error: o.csv, line 2, column 1 `customer`: a quoted field that opens here has more lines than the limit; \
           if the file has no quoting, read it with --quote none (1000)"],
    );
    let header = format!("customer,date,amount,{}\na,2024-01-01,1.5,x\n", "x".repeat(300_000));
    place(&header).fails(
        "segment o.csv",
        1,
        &["error: o.csv, line 1: no header ends within the bytes that are looked at for one (262144)"],
    );
}
