use super::*;

fn resolve(header: &[&str], choice: ColumnChoice) -> Result<ColumnRoles, RoleError> {
    ColumnRoles::resolve(header, &choice)
}

/// The columns of the roles that a level has, in the order of the roles.
fn columns(roles: &ColumnRoles) -> Vec<Option<usize>> {
    Role::ALL.into_iter().filter(|role| role.is_at(roles.level())).map(|role| roles.column(role)).collect()
}

fn customers() -> ColumnChoice {
    ColumnChoice::default().at_level(Level::Customers)
}

#[test]
fn headers_of_known_exports_are_understood() {
    let retail = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"];
    let roles = resolve(&retail, ColumnChoice::default()).unwrap();
    assert_eq!(columns(&roles), [Some(6), Some(0), Some(4), None, Some(3), Some(5), None, None, None]);
    assert!(roles.is_product());

    let sample = ["ORDERNUMBER", "QUANTITYORDERED", "PRICEEACH", "SALES", "ORDERDATE", "CUSTOMERNAME", "PHONE"];
    let roles = resolve(&sample, ColumnChoice::default()).unwrap();
    assert_eq!(columns(&roles), [Some(5), Some(0), Some(4), Some(3), Some(1), Some(2), None, None, None]);
    assert!(!roles.is_product(), "the total of the line is there");

    let german = ["Kundennummer", "Bestelldatum", "Umsatz"];
    let roles = resolve(&german, ColumnChoice::default()).unwrap();
    assert_eq!(columns(&roles), [Some(0), None, Some(1), Some(2), None, None, None, None, None]);
}

#[test]
fn a_better_name_wins_over_a_worse_one_and_equally_good_ones_are_ambiguous() {
    let candidates = |header: &[&str]| match resolve(header, ColumnChoice::default()) {
        Err(RoleError::Ambiguous { candidates, .. }) => candidates,
        other => panic!("{other:?}"),
    };
    assert_eq!(candidates(&["client", "date", "amount", "total"]), ["amount", "total"]);
    assert_eq!(
        candidates(&["customer name", "e-mail", "email", "date", "total"]),
        ["customer name", "e-mail", "email"]
    );
    let roles = resolve(&["client", "customer_id", "date", "total"], ColumnChoice::default()).unwrap();
    assert_eq!(roles.column(Role::Customer), Some(1));
    assert_eq!(roles.reason(Role::Customer), Some(RoleReason::Preferred { over: 0 }));
    assert_eq!(roles.reason(Role::Date), Some(RoleReason::Synonym));
}

#[test]
fn a_named_quantity_keeps_a_known_amount_out() {
    let header = ["client", "date", "total", "n", "price"];
    let roles = resolve(&header, ColumnChoice::default().with(Role::Quantity, "n")).unwrap();
    assert_eq!((roles.column(Role::Amount), roles.column(Role::Quantity)), (None, Some(3)));
    assert_eq!(roles.reason(Role::Quantity), Some(RoleReason::Named));
    assert_eq!(roles.reason(Role::Price), Some(RoleReason::Synonym));
}

#[test]
fn messages_list_the_header_and_what_to_do() {
    let message = |header: &[&str], choice| resolve(header, choice).unwrap_err().to_string();
    assert_eq!(
        message(&["client", "when", "total"], ColumnChoice::default()),
        "no column for the date; the header has `client`, `when`, `total`; name it with --date"
    );
    assert_eq!(
        message(&["client", "date", "total"], ColumnChoice::default().with(Role::Customer, "Cleint")),
        "no column `Cleint` for the customer; the header has `client`, `date`, `total`; did you mean `client`?"
    );
    assert_eq!(
        message(&["order_date", "invoice date", "client", "total"], ColumnChoice::default()),
        "2 columns may be the date: `order_date`, `invoice date`; choose one with --date"
    );
    assert_eq!(
        message(&["client", "date", "price"], ColumnChoice::default()),
        "no column for the amount; the header has `client`, `date`, `price`; name it with --amount, or name --quantity and --price"
    );
}

#[test]
fn no_synonym_belongs_to_two_roles() {
    for level in Level::ALL {
        let mut all: Vec<&str> = Role::ALL.iter().flat_map(|role| role.synonyms(level).concat()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|name| normalised(name) == *name), "synonyms are written normalised");
        assert!(Role::ALL.iter().all(|role| role.is_at(level) || role.synonyms(level).is_empty()));
    }
}

#[test]
fn tables_of_customers_are_understood() {
    // Customer, date, amount, currency, attribute, recency, frequency, first order.
    let of_r = ["customer_id", "revenue", "most_recent_visit", "number_of_orders", "recency_days"];
    let roles = resolve(&of_r, customers()).unwrap();
    assert_eq!(columns(&roles), [Some(0), Some(2), Some(1), None, None, None, Some(3), None]);

    let result = crate::Segmentation::COLUMNS.into_iter().chain(["first_order"]).collect::<Vec<_>>();
    let roles = resolve(&result, customers()).unwrap();
    assert_eq!(columns(&roles), [Some(0), Some(1), Some(4), None, None, None, Some(3), Some(10)]);
    assert_eq!(roles.level(), Level::Customers);

    let shop = ["Customer ID", "Email", "Total Spent", "Total Orders", "Days since last order", "Price", "Quantity"];
    let roles = resolve(&shop, customers()).unwrap();
    assert_eq!(columns(&roles), [Some(0), None, Some(2), None, None, Some(4), Some(3), None]);
    assert!(!roles.is_product());
}

#[test]
fn whichever_of_date_and_recency_is_named_is_read() {
    let header = ["client", "last_order", "recency", "orders", "total"];
    let of = |choice| resolve(&header, choice).map(|roles| (roles.column(Role::Date), roles.column(Role::Recency)));
    assert_eq!(of(customers()), Ok((Some(1), None)));
    assert_eq!(of(customers().with(Role::Recency, "recency")), Ok((None, Some(2))));
    assert_eq!(of(customers().without(Role::Date)), Ok((None, Some(2))));
    let both = of(customers().with(Role::Recency, "recency").with(Role::Date, "last_order"));
    assert_eq!(both, Err(RoleError::DateAndRecency));
    assert_eq!(
        RoleError::DateAndRecency.to_string(),
        "both --date and --recency-column say when the last order was; name one of them"
    );
}

#[test]
fn messages_on_tables_of_customers_say_what_to_name() {
    let message = |header: &[&str], choice| resolve(header, choice).unwrap_err().to_string();
    assert_eq!(
        message(&["client", "orders", "total"], customers()),
        "no column for the date; the header has `client`, `orders`, `total`; \
         name that of the last order with --date, or the days since it with --recency-column"
    );
    assert_eq!(
        message(&["client", "date", "total"], customers()),
        "no column for the frequency; the header has `client`, `date`, `total`; \
         name that of the number of orders with --frequency-column"
    );
    // Of repeated orders only, and their mean: another program's meaning of the same words.
    assert_eq!(
        message(&["client", "frequency", "recency", "T", "monetary_value"], customers()),
        "no column for the amount; the header has `client`, `frequency`, `recency`, `T`, `monetary_value`; \
         name that of the total with --amount"
    );
    assert_eq!(
        message(&["client", "date", "total", "orders", "visits"], customers()),
        "2 columns may be the frequency: `orders`, `visits`; choose one with --frequency-column"
    );
}

#[test]
fn roles_of_the_other_level_are_refused_when_they_are_named() {
    let message = |choice| resolve(&["client", "date", "total", "orders", "n"], choice).unwrap_err().to_string();
    assert_eq!(
        message(customers().with(Role::Quantity, "n")),
        "the quantity is a column of order lines; read them with --level lines"
    );
    assert_eq!(
        message(ColumnChoice::default().with(Role::FirstOrder, "date")),
        "the first order is a column of tables of customers; read one with --level customers"
    );
}
