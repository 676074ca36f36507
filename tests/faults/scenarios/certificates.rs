//! Certificates that are replaced on one side before the other.

use std::path::{Path, PathBuf};

use taskdeck::bbs::{TlsFiles, Verify};
use taskdeck::sim::{Options, Sim};
use tempfile::TempDir;

use crate::rig::{Rig, address, change_all, now_of, populate};
use crate::scenario::{Play, Scenario, scenarios};
use crate::user::User;

scenarios! {
    server_gets_a_new_ca {
        "The server gets a certificate of a new CA",
        sees ["STALE", "the server's certificate is not signed by this CA"],
        keeps "All rows; live again once the new CA's file is there, without a restart",
        Play::Story(|scenario| Box::pin(rotate(scenario, &["client.crt", "client.key"], &["ca.crt"])))
    }
    client_certificate_is_refused {
        "The server no longer trusts the client's certificate",
        sees ["STALE", "the server rejected the client certificate"],
        keeps "All rows; live again once the new certificate and its key are there, without a restart",
        Play::Story(|scenario| Box::pin(rotate(scenario, &["ca.crt"], &["client.crt", "client.key"])))
    }
    client_files_are_half_replaced {
        "The client's new certificate is there, and its key is not",
        sees ["STALE", "the new certificate files cannot be used: the key", "does not match the certificate"],
        keeps "All rows; live again once all files are there, without a restart",
        Play::Story(|scenario| Box::pin(rotate(scenario, &["ca.crt", "client.crt"], &["client.key"])))
    }
}

/// Replaces a file as a whole.
fn put(from: &Path, to: &Path, name: &str) {
    std::fs::copy(from.join(name), to.join("new")).unwrap();
    std::fs::rename(to.join("new"), to.join(name)).unwrap();
}

async fn secured(home: &TempDir, name: &str) -> (Sim, PathBuf) {
    let directory = home.path().join(name);
    let sim = Sim::start(Options { tls: Some(directory.clone()), ..Options::default() }).await.unwrap();
    (sim, directory)
}

/// Another server with certificates of a new CA takes over. The client's files are replaced in two steps.
async fn rotate(scenario: &Scenario, first: &[&str], then: &[&str]) {
    let home = tempfile::tempdir().unwrap();
    let ((old, old_files), (new, new_files)) = (secured(&home, "old").await, secured(&home, "new").await);
    let at = now_of(&old);
    populate(&old, at);
    populate(&new, at);
    let mut rig = Rig::before(old).await;
    rig.tls = Some(TlsFiles {
        verify: Verify::Ca(old_files.join("ca.crt")),
        cert: old_files.join("client.crt"),
        key: old_files.join("client.key"),
    });
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        for name in first {
            put(&new_files, &old_files, name);
        }
        rig.proxy.lead_to(address(&new));
        rig.proxy.break_all();
        change_all(&[&new], 0);
        user.sees_all(scenario.sees).await;
        user.has_row("task-01");
        for name in then {
            put(&new_files, &old_files, name);
        }
        user.is_well(&new).await;
    })
    .await;
}
