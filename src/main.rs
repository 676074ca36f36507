//! The binary: parse, dispatch, exit status. Everything else is the library's.

fn main() {}
