//! Helpers for tests with many real connections.
