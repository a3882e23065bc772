//! The two sets of ten segments in the material of R's package rfm (Hebballi, version 0.3.0), with their defects: the first
//! matching rule wins, some codes are nobody's, and some segments of the second set can never be assigned.

use super::{Cells::Box, Data, Text, eleven};

/// Ten codes stay unnamed, 551 among them: a recent, frequent customer of small spend.
pub(super) const README: Data = Data {
    name: "r-readme",
    description: "R rfm 0.3.0, README and manual: 10 segments, 10 of 125 codes are unnamed",
    source: "R package rfm 0.3.0 (Aravind Hebbali), README, vignette and manual page of rfm_segment",
    bins: 5,
    fallback: super::SegmentModel::FALLBACK,
    rules: &[
        (&eleven::CHAMPIONS, Box([(5, 5), (5, 5), (5, 5)])),
        (&eleven::POTENTIAL_LOYALIST, Box([(3, 5), (3, 5), (2, 5)])),
        (&LOYAL_CUSTOMERS, Box([(2, 4), (2, 4), (2, 4)])),
        (&eleven::PROMISING, Box([(3, 4), (1, 3), (3, 5)])),
        (&eleven::NEW_CUSTOMERS, Box([(4, 5), (1, 3), (1, 5)])),
        (&CANT_LOSE_THEM, Box([(1, 2), (3, 4), (4, 5)])),
        (&eleven::AT_RISK, Box([(1, 2), (2, 5), (4, 5)])),
        (&eleven::NEED_ATTENTION, Box([(1, 3), (3, 5), (3, 5)])),
        (&eleven::ABOUT_TO_SLEEP, Box([(2, 3), (1, 3), (1, 4)])),
        (&eleven::LOST, Box([(1, 1), (1, 5), (1, 5)])),
    ],
};

/// New Customers, Promising and Can't Lose Them never apply, and 36 codes stay unnamed.
pub(super) const TEST_SUITE: Data = Data {
    name: "r-testsuite",
    description: "R rfm 0.3.0, tests and older vignette: 10 segments, 3 of them unreachable, 36 of 125 codes are unnamed",
    source: "R package rfm 0.3.0 (Aravind Hebbali), test suite and older vignette",
    bins: 5,
    fallback: super::SegmentModel::FALLBACK,
    rules: &[
        (&eleven::CHAMPIONS, Box([(4, 5), (4, 5), (4, 5)])),
        (&LOYAL_CUSTOMERS, Box([(2, 5), (3, 5), (3, 5)])),
        (&eleven::POTENTIAL_LOYALIST, Box([(3, 5), (1, 3), (1, 3)])),
        (&eleven::NEW_CUSTOMERS, Box([(4, 5), (1, 1), (1, 1)])),
        (&eleven::PROMISING, Box([(3, 4), (1, 1), (1, 1)])),
        (&eleven::NEED_ATTENTION, Box([(2, 3), (2, 3), (2, 3)])),
        (&eleven::ABOUT_TO_SLEEP, Box([(2, 3), (1, 2), (1, 2)])),
        (&eleven::AT_RISK, Box([(1, 2), (2, 5), (2, 5)])),
        (&CANT_LOSE_THEM, Box([(1, 1), (4, 5), (4, 5)])),
        (&eleven::LOST, Box([(1, 2), (1, 2), (1, 2)])),
    ],
};

const LOYAL_CUSTOMERS: Text = Text {
    name: "Loyal Customers",
    description: "Buy regularly and respond to promotions",
    meaning: "They come back on their own and respond to attention",
    action: "Offer products of higher value, a loyalty programme, and ask for reviews",
};

const CANT_LOSE_THEM: Text = Text {
    name: "Can't Lose Them",
    description: "Spent much and bought often, but have not come back for a long time",
    meaning: "Former top customers; each one is worth an effort of its own",
    action: "Win them back by a call or a personal offer, talk to them, do not lose them to competition",
};
