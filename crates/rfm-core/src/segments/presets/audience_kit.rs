//! The eight segments of ClusterAudienceKit: whether each score is at least 4.

use super::{Cells::Box, Data, Text, eleven};

/// Its own scores run the other way, so that its Champions are the worst customers; here the rules stand over scores of which 5 is
/// the best, as its text means them.
pub(super) const TABLE: Data = Data {
    name: "cluster-audience-kit",
    description: "ClusterAudienceKit 7.5: 8 segments by three scores of at least 4, every code has one",
    source: "ClusterAudienceKit 7.5.2; its scores have 1 as the best, against its own description",
    bins: 5,
    fallback: super::SegmentModel::FALLBACK,
    rules: &[
        (&eleven::CHAMPIONS, Box([HIGH, HIGH, HIGH])),
        (&LOYAL, Box([HIGH, HIGH, LOW])),
        (&POTENTIAL_LOYALISTS, Box([HIGH, LOW, HIGH])),
        (&AT_RISK, Box([HIGH, LOW, LOW])),
        (&VIP, Box([LOW, HIGH, HIGH])),
        (&NEED_ATTENTION, Box([LOW, HIGH, LOW])),
        (&PROMISING, Box([LOW, LOW, HIGH])),
        (&LOST, Box([LOW, LOW, LOW])),
    ],
};

const HIGH: (u8, u8) = (4, 5);
const LOW: (u8, u8) = (1, 3);

const LOYAL: Text = Text {
    name: "Loyal",
    description: "Buy recently and often, for smaller sums",
    meaning: "They come back on their own",
    action: "Raise the basket: bundles, related products, a loyalty programme",
};

const POTENTIAL_LOYALISTS: Text = Text {
    name: "Potential Loyalists",
    description: "Bought recently and for much, but rarely",
    meaning: "One or two good experiences away from becoming loyal",
    action: "Offer membership, and make the next order easy",
};

const AT_RISK: Text = Text {
    name: "At Risk",
    description: "Bought recently, but rarely and for little",
    meaning: "By the label about to leave; by the scores rather new",
    action: "Welcome and support them, and give a reason for the second order soon",
};

const VIP: Text = Text {
    name: "VIP",
    description: "Bought often and for much, but not lately",
    meaning: "Former top customers; each one is worth an effort of its own",
    action: "Win them back by a call or a personal offer",
};

const NEED_ATTENTION: Text = Text {
    name: "Need Attention",
    description: "Bought often, for smaller sums, and not lately",
    meaning: "Regulars whose interest fades",
    action: "Make limited offers based on what they bought",
};

const PROMISING: Text = Text {
    name: "Promising",
    description: "Spent much, but rarely and not lately",
    meaning: "Able to spend, not in the habit",
    action: "Keep the brand in mind, and advise rather than discount",
};

const LOST: Text = Text {
    name: "Lost",
    description: "Below the best two scores on recency, frequency and spend",
    meaning: "Little is left to be won",
    action: "Try once to revive their interest, otherwise leave them out of campaigns",
};
