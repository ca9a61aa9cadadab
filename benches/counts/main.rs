//! Instruction counts, by callgrind: the same on a busy machine as on an idle one.
//!
//! `cargo test --bench counts` counts each case of `cases.rs` in the build of the tests, which is there
//! anyway, and compares it with `dev.txt`; `cargo bench --bench counts` does so in the build that people
//! run, with `release.txt`. A count that has grown by more than 3 % fails. With `-- --accept` the counts of
//! today are the new baseline; the commit says why. A baseline of another compiler or another valgrind
//! says nothing, so that it is recorded again.
#![allow(clippy::print_stdout, reason = "the table is what the command is for")]

mod baseline;
mod cases;
mod service;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use baseline::Baseline;
use cases::Case;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The function within which callgrind counts the cases that are no programs.
const COUNTED: &str = "counts::cases::counted";

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, name] = &arguments[..]
        && flag == "--run"
    {
        cases::run(name)?;
        return Ok(ExitCode::SUCCESS);
    }
    let accepts = arguments.iter().any(|argument| argument == "--accept");
    let tools = format!("{}, {}", version("rustc")?, version("valgrind")?);
    let counts = cases::ALL
        .iter()
        .map(|case| Ok((case.name, count(case)?)))
        .collect::<Result<Vec<_>>>()?;
    let build = if cfg!(debug_assertions) {
        "dev"
    } else {
        "release"
    };
    let file = format!("{}/benches/counts/{build}.txt", env!("CARGO_MANIFEST_DIR"));
    let file = Path::new(&file);
    let baseline = Baseline::read(file)?;
    let growths = baseline.compare(&counts);
    if accepts || baseline.tools != tools {
        std::fs::write(file, Baseline::of(tools, &counts).to_string())?;
        println!("recorded in {}", file.display());
    } else if !growths.is_empty() {
        println!("grown by more than 3 %: {}", growths.join(", "));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// The first line in which a program says what it is.
fn version(program: &str) -> Result<String> {
    let output = Command::new(program).arg("--version").output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// The instructions of a case.
fn count(case: &Case) -> Result<u64> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let counted = folder.join(format!("{}.callgrind", case.name));
    let mut valgrind = Command::new("valgrind");
    // What is in the environment would be copied at the start of each program.
    valgrind.env_clear().stdout(Stdio::null());
    valgrind.args(["--quiet", "--tool=callgrind"]);
    valgrind.arg(format!("--callgrind-out-file={}", counted.display()));
    match case.program {
        Some(program) => {
            valgrind.arg(program).args(case.arguments);
            valgrind.current_dir(env!("CARGO_MANIFEST_DIR"));
        }
        None => {
            valgrind.arg(format!("--toggle-collect={COUNTED}"));
            valgrind.arg(this()?).args(["--run", case.name]);
        }
    }
    let status = valgrind.status()?;
    if status.code() != Some(case.code) {
        return Err(format!("{}: {status}", case.name).into());
    }
    let text = std::fs::read_to_string(&counted)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    let total: u64 = total.unwrap_or_default().parse()?;
    // A function of another name would count nothing.
    if total == 0 {
        return Err(format!("{}: nothing was counted", case.name).into());
    }
    Ok(total / cases::rounds(case))
}

fn this() -> Result<PathBuf> {
    Ok(std::env::current_exe()?)
}
