"""The files that the peers are timed on: names and types of their columns, decimals of their money, the day that recency
counts back from. One place for all contenders, so that all of them do the same job."""

import dataclasses
import pathlib


@dataclasses.dataclass(frozen=True)
class Shop:
    # Names of the five columns that the job needs.
    order: str
    date: str
    customer: str
    quantity: str
    price: str
    # All columns of a CSV file, in order.
    columns: tuple
    # The decimals of a price.
    places: int
    as_of: str
    # What the file has to be told to rfm beside it: customer ids as a column of floats prints them, 13085.0.
    rfm: str
    float_ids: bool


SHOPS = {
    "online-retail": Shop(
        order="Invoice",
        date="InvoiceDate",
        customer="Customer ID",
        quantity="Quantity",
        price="Price",
        columns=("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"),
        places=3,
        as_of="2011-12-10",
        rfm="--as-of 2011-12-10 --keep online-retail --ids integer",
        float_ids=True,
    ),
    # What generate-orders writes.
    "generated": Shop(
        order="order_id",
        date="order_date",
        customer="customer_id",
        quantity="quantity",
        price="unit_price",
        columns=("order_id", "order_date", "customer_id", "sku", "description", "quantity", "unit_price", "country"),
        places=2,
        as_of="2026-01-01",
        rfm="--as-of 2026-01-01 --keep online-retail",
        float_ids=False,
    ),
}


def name_for(path):
    """Files of the generator are told by their names: large-10m.csv, orders-1m.csv."""
    return "generated" if pathlib.Path(path).name.startswith(("large", "orders")) else "online-retail"


def add_arguments(parser):
    """The arguments that every peer has."""
    parser.add_argument("input", help=".csv or .parquet")
    parser.add_argument("--shop", choices=SHOPS, help="default: by the name of the file")
    parser.add_argument("--segments", required=True, help="CSV table code,segment")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="directory for customers.csv")


def parse(parser):
    """The arguments and the shop, with the directory made."""
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    return args, SHOPS[args.shop or name_for(args.input)]
