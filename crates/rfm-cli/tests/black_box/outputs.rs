//! Outputs that would destroy something, and readers that leave.

use std::io::Read;
use std::process::Stdio;

use crate::place::{ORDERS, Place};

#[test]
fn an_output_is_no_input() {
    let place =
        Place::new().with("rules.toml", "[[segment]]\nname = \"A\"\n").with("set.toml", "[segment]\nkeep = \"all\"\n");
    let help = "help: choose another name for the output";
    place.fails("segment orders.csv --output orders.csv", 2, &["error: output `orders.csv` is also an input", help]);
    place.fails(
        "segment orders.csv --rejects ./orders.csv",
        2,
        &["error: output `./orders.csv` is the same file as input `orders.csv`", help],
    );
    place.fails(
        "segment orders.csv --segments rules.toml --output rules.toml --format csv",
        2,
        &["error: output `rules.toml` is also an input", help],
    );
    place.fails(
        "segment orders.csv --config set.toml --output set.toml --format csv",
        2,
        &["error: output `set.toml` is also an input", help],
    );
    std::os::unix::fs::symlink("orders.csv", place.path("link.csv")).unwrap();
    place.fails(
        "segment orders.csv --output link.csv",
        2,
        &["error: output `link.csv` is the same file as input `orders.csv`", help],
    );
    assert_eq!(place.read("orders.csv"), ORDERS);
}

#[test]
fn outputs_are_not_one_another() {
    let place = Place::new();
    place.fails(
        "segment orders.csv --out r --rejects r/customers.csv",
        2,
        &["error: two outputs go to `r/customers.csv`", "help: give each output a name of its own"],
    );
    assert_eq!(place.names("."), ["orders.csv"]);
}

#[test]
fn a_closed_pipe_is_quiet() {
    let place = Place::new();
    let many: String = (0..20_000).map(|row| format!("customer-{row},{row},2024-01-01,5\n")).collect();
    let place = place.with("many.csv", format!("customer,order,date,amount\n{many}"));
    for arguments in
        ["segment many.csv --output - -q", "segment many.csv -q", "segment many.csv --json -q", "rules list", "--help"]
    {
        let mut command = place.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{arguments}");
    }
}
