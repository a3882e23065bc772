//! The code map of the SQL project Customer 360, over quartiles, with its slips: 343 stands in two lists, and the branch of At Risk
//! repeats that of Need Attention, so that nobody is ever At Risk.

use super::{Cells::Codes, Data, Text, eleven};

const ATTENTION: &str = "244 234 243 233 224 214 213 134 144 143 133";

pub(super) const TABLE: Data = Data {
    name: "customer-360",
    description: "Customer 360 (T-SQL): 9 segments, At Risk is unreachable, 4 of 64 codes are Other",
    source: "kina2711/customer_360, CASE expression over codes of quartiles, first match wins",
    bins: 4,
    fallback: "Other",
    rules: &[
        (&eleven::CHAMPIONS, Codes("444 443 434 344")),
        (&LOYAL, Codes("442 441 432 431 433 343 342 341")),
        (&eleven::POTENTIAL_LOYALIST, Codes("424 423 324 323 413 414 343 334")),
        (&eleven::PROMISING, Codes("333 332 331 313")),
        (&eleven::NEW_CUSTOMERS, Codes("422 421 412 411 311 321 312 322")),
        (&PRICE_SENSITIVE, Codes("131 132 141 142 231 232 241 242")),
        (&eleven::NEED_ATTENTION, Codes(ATTENTION)),
        (&eleven::AT_RISK, Codes(ATTENTION)),
        (&eleven::LOST, Codes("111 112 113 114 121 122 123 221 211 222")),
    ],
};

const LOYAL: Text = Text {
    name: "Loyal",
    description: "Buy often and not long ago, whatever they spend",
    meaning: "They come back on their own and respond to attention",
    action: "Raise the basket: bundles, related products, a loyalty programme",
};

const PRICE_SENSITIVE: Text = Text {
    name: "Price Sensitive",
    description: "Bought often, for small sums, and not lately",
    meaning: "They come for offers",
    action: "Tell them of sales and bundles, and nothing else",
};
