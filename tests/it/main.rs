//! All tests that need more than one module; unit tests of pure functions sit in `src/`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers; // What a client makes of good, odd and broken answers.
mod build_script; // Broken contracts stop the build with one message.
mod cli; // The command, as people and programs see it.
mod contracts; // Every fact of the contracts, pinned.
mod emulator; // Requests checked and answered as the contracts say.
mod examples; // The vendor's examples, through schema and generated types.
mod input; // Values that must not reach a service.
mod layers; // Who may import whom.
mod schemas; // Schemas that refuse broken bodies.
mod support; // Clients behind one function, and a server with a fixed answer.
mod wire; // The bytes that a generated client sends.
