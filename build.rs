//! Compiles `proto/` into the wire types of `bbs::wire`, without a `protoc` on the machine.

use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, FileDescriptorSet};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    let mut files = protox::compile(["bbs.proto"], ["proto"])?;
    read_as_received(&mut files);
    prost_build::Config::new().bytes(["."]).compile_fds(files)?;
    Ok(())
}

/// Makes the generated types keep what was received, byte by byte.
///
/// Diego's servers do not check that a string is UTF-8, and prost refuses a whole message for one such
/// string: one tenant's stray byte would hide every task of the list. So strings are read as bytes (the
/// same wire type) and made text at the edge. Maps are read as the repeated entries that they are on the
/// wire, which keeps their order and frees their keys from the same check.
fn read_as_received(files: &mut FileDescriptorSet) {
    for file in &mut files.file {
        // The comments are tied to the positions of declarations, which change with the maps.
        file.source_code_info = None;
        file.message_type.iter_mut().for_each(loosen);
    }
}

fn loosen(message: &mut DescriptorProto) {
    for field in &mut message.field {
        if field.r#type() == Type::String {
            field.set_type(Type::Bytes);
        }
    }
    if let Some(options) = &mut message.options {
        options.map_entry = None;
    }
    message.nested_type.iter_mut().for_each(loosen);
}
