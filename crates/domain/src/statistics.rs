//! placeholder replaced by the statistics author
