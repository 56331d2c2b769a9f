//! What the five seed articles state, asked of the shipped data.
