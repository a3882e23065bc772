//! Putler's map of recency and the mean of frequency and spend. Its ranges are written for scores from 0 to 5 and overlap; over
//! scores from 1 to 5, with the first match winning, four of its segments are for nobody.

use super::{Cells::When, Data, Text, eleven};

pub(super) const TABLE: Data = Data {
    name: "putler",
    description: "Putler: 11 segments by recency and (frequency + monetary)/2; 4 of them unreachable, 76 of 125 codes overlap",
    source: "Putler, RFM analysis for successful customer segmentation; scores from 0 to 5 there, first match wins here",
    bins: 5,
    fallback: super::SegmentModel::FALLBACK,
    rules: &[
        (&eleven::CHAMPIONS, When("4 <= r <= 5 and 4 <= (f + m)/2 <= 5")),
        (&LOYAL, When("2 <= r <= 5 and 3 <= (f + m)/2 <= 5")),
        (&eleven::POTENTIAL_LOYALIST, When("3 <= r <= 5 and 1 <= (f + m)/2 <= 3")),
        (&RECENT, When("4 <= r <= 5 and 0 <= (f + m)/2 <= 1")),
        (&eleven::PROMISING, When("3 <= r <= 4 and 0 <= (f + m)/2 <= 1")),
        (&NEEDING_ATTENTION, When("2 <= r <= 3 and 2 <= (f + m)/2 <= 3")),
        (&eleven::ABOUT_TO_SLEEP, When("2 <= r <= 3 and 0 <= (f + m)/2 <= 2")),
        (&eleven::AT_RISK, When("0 <= r <= 2 and 2 <= (f + m)/2 <= 5")),
        (&CANT_LOSE_THEM, When("0 <= r <= 1 and 4 <= (f + m)/2 <= 5")),
        (&HIBERNATING, When("1 <= r <= 2 and 1 <= (f + m)/2 <= 2")),
        (&eleven::LOST, When("0 <= r <= 2 and 0 <= (f + m)/2 <= 2")),
    ],
};

const LOYAL: Text = Text {
    name: "Loyal Customers",
    description: "Buy or spend more than average, most of them not long ago",
    meaning: "They come back on their own and respond to attention",
    action: "Offer products of higher value, a loyalty programme, and ask for reviews",
};

const RECENT: Text = Text {
    name: "Recent Customers",
    description: "Bought most recently, but rarely and for little",
    meaning: "First impressions are being made",
    action: "Welcome and support them, and give a reason for the second order soon",
};

const NEEDING_ATTENTION: Text = Text {
    name: "Customers Needing Attention",
    description: "Around average on recency, frequency and spend",
    meaning: "Good customers whose interest begins to fade",
    action: "Make limited offers based on what they bought, and reactivate them before they cool down",
};

const CANT_LOSE_THEM: Text = Text {
    name: "Can't Lose Them",
    description: "Bought often or spent the most, but have not come back for the longest time",
    meaning: "Former top customers; each one is worth an effort of its own",
    action: "Win them back by a call or a personal offer, and find out why they left",
};

const HIBERNATING: Text = Text {
    name: "Hibernating",
    description: "Last bought long ago, rarely and for little",
    meaning: "Little interest was ever there",
    action: "Offer other relevant products or a special discount, at low cost",
};
