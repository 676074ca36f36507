#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| taskdeck_properties::configuration::check(input));
