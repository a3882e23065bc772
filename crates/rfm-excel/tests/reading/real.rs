//! Files that other programs wrote, against the values that other tools read from them.

use std::path::Path;

use rfm_core::{CleaningPolicy, Customers, Role};
use rfm_excel::{DateSystem, ExcelOptions, ExcelSource, ReadOptions, Sheets, Workbook};
use rfm_input::{InputName, StoredFile};
use rfm_testkit::golden::CustomerValues;
use rfm_testkit::shared;

fn open(path: &Path) -> Result<Workbook, rfm_excel::Error> {
    Workbook::open(&StoredFile::open(&InputName::new(path))?, rfm_core::Limits::default())
}

fn are_golden(customers: &Customers, golden: &Path) {
    let mut golden = CustomerValues::read(golden).unwrap();
    golden.sort_by(|left, right| left.customer_id.cmp(&right.customer_id));
    assert_eq!(customers.len(), golden.len());
    for (customer, golden) in customers.iter().zip(&golden) {
        let id = &golden.customer_id;
        assert_eq!(customer.customer_id(), id);
        assert_eq!(customer.last_order().to_string(), golden.last_order.to_string(), "{id}");
        assert_eq!((customer.orders(), customer.lines()), (golden.frequency, golden.lines), "{id}");
        let total = customer.total();
        assert_eq!(Some(total.minor()), golden.monetary.at_scale(total.scale().decimals()), "{id}");
    }
}

#[test]
fn both_sheets_of_online_retail_have_the_golden_customers() {
    let Some(shared) = shared("both_sheets_of_online_retail_have_the_golden_customers") else { return };
    let mut source = ExcelSource::open([shared.join("data/online_retail_II.xlsx")], ExcelOptions::default()).unwrap();
    let customers = crate::customers(&mut source, CleaningPolicy::online_retail()).unwrap();
    are_golden(&customers, &shared.join("golden/online_retail_II/rfm_values.csv"));
    let account = customers.account();
    assert_eq!((account.read().lines(), account.used().lines()), (1_067_371, 805_549));
    let rows: Vec<(Option<&str>, u64)> =
        source.reports().iter().map(|report| (report.sheet(), report.rows())).collect();
    assert_eq!(rows, [(Some("Year 2009-2010"), 525_461), (Some("Year 2010-2011"), 541_910)]);
    assert_eq!(source.intake().rounded(), 0);
}

#[test]
fn a_workbook_that_excel_saved_has_its_rows() {
    let Some(shared) = shared("a_workbook_that_excel_saved_has_its_rows") else { return };
    let path = shared.join("data/messy/online-retail-excerpts/Sammy-E__online_retail_II.xlsx");
    let mut source = ExcelSource::open([path], ExcelOptions::default()).unwrap();
    let customers = crate::customers(&mut source, CleaningPolicy::keep_all()).unwrap();
    let rows: Vec<u64> = source.reports().iter().map(rfm_excel::InputReport::rows).collect();
    assert_eq!((rows, customers.account().read().lines()), (vec![14_269, 20_497], 34_766));
    assert!(customers.iter().all(|customer| customer.customer_id().len() == 5), "numbers of five digits");
}

#[cfg(feature = "legacy")]
#[test]
fn xls_and_ods_have_the_golden_customers() {
    let Some(shared) = shared("xls_and_ods_have_the_golden_customers") else { return };
    for ending in ["xls", "ods"] {
        let path = shared.join(format!("data/rfm_data_orders.{ending}"));
        let mut source = ExcelSource::open([path], ExcelOptions::default()).unwrap();
        let customers = crate::customers(&mut source, CleaningPolicy::default()).unwrap();
        are_golden(&customers, &shared.join("golden/rfm_data_orders/rfm_values.csv"));
        assert_eq!(source.reports()[0].rows(), 4_906);
    }
}

#[test]
fn the_same_workbook_twice_is_refused() {
    let Some(shared) = shared("the_same_workbook_twice_is_refused") else { return };
    let path = shared.join("data/online_retail_II.xlsx");
    let error = ExcelSource::open([&path, &path], ExcelOptions::default()).unwrap_err();
    assert!(error.to_string().contains("is the same file as"), "{error}");
}

#[test]
fn small_workbooks_are_read_as_their_programs_show_them() {
    let Some(shared) = shared("small_workbooks_are_read_as_their_programs_show_them") else { return };
    let messy = shared.join("data/messy");
    let first = |path: &str, sheet: usize| {
        let mut book = open(&messy.join(path)).unwrap();
        let mut texts = Vec::new();
        book.for_each_row(sheet, |row| {
            let cells = row.cells().map(|(column, cell)| format!("{column}:{cell}")).collect::<Vec<_>>().join(" ");
            texts.push(format!("{} {cells}", row.number()));
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        (book.date_system(), texts)
    };
    let errors = ["#DIV/0!", "#NAME?", "#VALUE!", "#REF!", "#N/A", "#NUM!", "#NULL!"];
    let mut found = first("calamine/errors.xlsx", 0).1;
    found.sort();
    let mut expected: Vec<String> = errors.iter().map(|error| (*error).to_owned()).collect();
    expected.sort();
    let mut codes: Vec<String> = found.iter().map(|row| row.split(':').nth(1).unwrap_or_default().to_owned()).collect();
    codes.sort();
    assert_eq!(codes, expected);
    let (system, rows) = first("calamine/date_1904.xlsx", 0);
    assert_eq!((system, rows[0].as_str()), (DateSystem::From1904, "1 0:2021-01-01 1:15"));
    assert_eq!(first("tabulator/merged-cells.xlsx", 0).1, ["1 0:data"]);
    assert_eq!(first("calamine/inlineStr_cdata.xlsx", 0).1.len(), 2);
}

#[test]
fn protected_and_damaged_workbooks_are_refused_in_words() {
    let Some(shared) = shared("protected_and_damaged_workbooks_are_refused_in_words") else { return };
    let of = |path: &str| {
        let error = open(&shared.join("data/messy").join(path)).unwrap_err().to_string();
        error.split_once(path).unwrap().1.to_owned()
    };
    let protected = ": is protected by a password; save a copy without one";
    assert_eq!(of("calamine/pass_protected.xlsx"), protected);
    if cfg!(feature = "legacy") {
        assert_eq!(of("calamine/pass_protected.ods"), protected);
        assert_eq!(of("messytables/encrypted_no_password.xls"), protected);
        assert_eq!(
            of("calamine/OOM_alloc3.xls"),
            ": is damaged, the container of its parts is broken or ends too early; open the workbook in a spreadsheet program and save \
             it again"
        );
    } else {
        assert_eq!(
            of("messytables/simple.ods"),
            ": this is an .ods file, which is read only if the feature `legacy` is built in; save the workbook as .xlsx"
        );
    }
}

#[test]
fn columns_can_be_named() {
    let Some(shared) = shared("columns_can_be_named") else { return };
    let read = ReadOptions::default().column(Role::Customer, "Country");
    let options = ExcelOptions::from(read).sheet("1");
    let path = shared.join("data/messy/online-retail-excerpts/Sammy-E__online_retail_II.xlsx");
    let mut source = ExcelSource::open([path], options).unwrap();
    let customers = crate::customers(&mut source, CleaningPolicy::keep_all()).unwrap();
    assert_eq!(customers.len(), 9, "countries of the first sheet");
}
