//! All tests that need more than one module; unit tests of pure functions sit in `src/`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers; // What a client makes of good, odd and broken answers.
mod bodies; // Every body of every operation: examples, schema, generated type.
mod build_script; // Broken contracts stop the build with one message.
mod campaign; // Processes of the command behind a proxy that loses, cuts and forges.
mod chaos; // Creates where everything goes wrong: never a second backup.
mod client; // `BackupClient` against the emulator.
mod command; // The command, as people and programs see it.
mod config; // Where credentials, projects, regions and URLs come from.
mod contracts; // Every fact of the contracts, pinned.
mod emulate; // The emulator as a command.
mod emulator; // Requests checked and answered as the contracts say.
mod input; // Values that must not reach a service.
mod layers; // Who may import whom.
mod matrix;
mod odd; // Which service has which operation.
mod publish; // The command `dbbackup-spec`: contracts compared, checked and published.
mod schemas; // Schemas that refuse broken bodies.
mod secrets; // Nothing that is shown or logged has a secret in it.
mod signing; // Signatures, step by step, and the command that shows them.
mod statuses; // An error status is never taken for success, whatever its body is.
mod support; // Clients behind one function, and a server with a fixed answer.
mod transport; // Attempts, pauses, TLS and credentials, over real connections.
mod wire; // The bytes that a generated client sends.
mod wire_calls; // The bytes of every other call, with all parameters.
