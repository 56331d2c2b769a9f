//! An empty library: this package contains only integration tests (`it/`) and measurements (`bench/`).
