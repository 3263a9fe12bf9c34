//! What entries of more than one module of LuatOS are made of.

use crate::table::common::argument;
use crate::table::entry::*;

pub const TOPIC_FILTERS: Argument = argument(
    "topic",
    "str | dict[str, int]",
    text(
        "a topic filter, or a dict of topic filters, each with its QoS",
        "Topic 过滤器，或字典：Topic 过滤器和对应的 QoS",
    ),
);
