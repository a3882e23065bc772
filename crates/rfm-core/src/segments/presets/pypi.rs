//! The segments of the Python package `rfm`, over quintiles.

use super::{Cells::Box, Data, Text, eleven};

pub(super) const TABLE: Data = Data {
    name: "pypi-rfm",
    description: "Python package rfm 1.0.9: 10 segments, every code has one",
    source: "PyPI rfm 1.0.9 (sonwanesuresh95), first match wins",
    bins: 5,
    fallback: super::SegmentModel::FALLBACK,
    rules: &[
        (&eleven::CHAMPIONS, Box([(4, 5), (4, 5), (4, 5)])),
        (&eleven::PROMISING, Box([(4, 5), (1, 2), (3, 5)])),
        (&LOYAL_ACCOUNTS, Box([(3, 5), (3, 5), (3, 5)])),
        (&eleven::POTENTIAL_LOYALIST, Box([(3, 5), (2, 3), (2, 4)])),
        (&NEW_ACTIVE_ACCOUNTS, Box([(5, 5), (1, 1), (1, 5)])),
        (&LOW_SPENDERS, Box([(3, 5), (1, 5), (1, 2)])),
        (&eleven::NEED_ATTENTION, Box([(2, 3), (1, 2), (4, 5)])),
        (&ABOUT_TO_SLEEP, Box([(2, 3), (1, 2), (1, 3)])),
        (&eleven::AT_RISK, Box([(1, 2), (1, 5), (3, 5)])),
        (&eleven::LOST, Box([(1, 2), (1, 5), (1, 2)])),
    ],
};

const LOYAL_ACCOUNTS: Text = Text {
    name: "Loyal Accounts",
    description: "Average or better on recency, frequency and spend",
    meaning: "They come back on their own and respond to attention",
    action: "Offer products of higher value, a loyalty programme, and ask for reviews",
};

const NEW_ACTIVE_ACCOUNTS: Text = Text {
    name: "New Active Accounts",
    description: "Bought most recently and only rarely, for little",
    meaning: "First impressions are being made",
    action: "Welcome and support them, and give a reason for the second order soon",
};

const LOW_SPENDERS: Text = Text {
    name: "Low Spenders",
    description: "Bought not long ago, for small sums",
    meaning: "Active customers with small baskets",
    action: "Raise the basket: bundles, free delivery from a sum on, related products",
};

const ABOUT_TO_SLEEP: Text = Text {
    name: "About to Sleep",
    description: "Below average on recency and frequency, without large sums",
    meaning: "They will be lost if nothing happens",
    action: "Share useful content and popular products, offer a modest renewal discount",
};
