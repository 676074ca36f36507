//! Compiles `proto/` into the wire types of `bbs::wire`. Does not need an installed `protoc`.

use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, FileDescriptorSet};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    let mut files = protox::compile(["bbs.proto"], ["proto"])?;
    preserve_received_bytes(&mut files);
    prost_build::Config::new().bytes(["."]).compile_fds(files)?;
    Ok(())
}

/// Makes the generated types preserve the received bytes.
///
/// Diego's servers do not check that strings are UTF-8, but prost rejects a whole message for one invalid string: a single
/// byte of one tenant would hide all tasks of a list. So strings become bytes (the same wire type) and are converted when
/// they are used. Maps become repeated entries (their wire format), which preserves their order and avoids the same check
/// of their keys.
fn preserve_received_bytes(files: &mut FileDescriptorSet) {
    for file in &mut files.file {
        // Comments refer to declarations by position, which is wrong after the maps have changed.
        file.source_code_info = None;
        file.message_type.iter_mut().for_each(relax);
    }
}

fn relax(message: &mut DescriptorProto) {
    for field in &mut message.field {
        if field.r#type() == Type::String {
            field.set_type(Type::Bytes);
        }
    }
    if let Some(options) = &mut message.options {
        options.map_entry = None;
    }
    message.nested_type.iter_mut().for_each(relax);
}
