//! Completions and manual pages, made from the arguments; `tests/interop` loads them.

use std::fs;
use std::os::unix::fs::symlink;

use super::dbbackup;

/// Standard output of a command that must not fail.
fn printed(arguments: &[&str]) -> String {
    let output = dbbackup(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The subcommands that the help names.
fn subcommands() -> Vec<String> {
    let help = printed(&["--help"]);
    let (_, rest) = help.split_once("Commands:\n").unwrap();
    let (list, _) = rest.split_once("\n\n").unwrap();
    // Lines that are indented further belong to the one before.
    let names = list.lines().filter_map(|line| line.strip_prefix("  "));
    let names = names.filter(|line| !line.starts_with(' '));
    let names: Vec<_> = names
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    assert!(names.len() > 10, "{names:?}");
    names
}

#[test]
fn completions_of_each_shell_know_each_subcommand() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for subcommand in subcommands() {
            assert!(script.contains(&subcommand), "{shell}: {subcommand}");
        }
        assert!(script.contains("wait-timeout"), "{shell}");
    }
    let unknown = dbbackup(&["completions", "csh"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2), "{unknown:?}");
}

#[test]
fn there_is_a_manual_page_for_each_subcommand() {
    let page = printed(&["man"]);
    assert!(page.contains(".TH dbbackup 1"), "{page}");
    let folder = std::env::temp_dir().join(format!("dbbackup-man-{}", std::process::id()));
    assert_eq!(printed(&["man", "--out", folder.to_str().unwrap()]), "");
    assert_eq!(fs::read_to_string(folder.join("dbbackup.1")).unwrap(), page);
    let get = fs::read_to_string(folder.join("dbbackup-policy-get.1")).unwrap();
    assert!(get.contains("\\-\\-instance"), "{get}");
    for subcommand in subcommands().iter().filter(|name| *name != "help") {
        assert!(
            page.contains(&format!("dbbackup\\-{subcommand}(1)")),
            "{subcommand}"
        );
        let file = folder.join(format!("dbbackup-{subcommand}.1"));
        let page = fs::read_to_string(file).unwrap();
        let usage = format!("dbbackup {subcommand}");
        assert!(
            page.contains(&usage) || page.contains(&usage.replace(' ', "\\-")),
            "{page}"
        );
    }
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "a file").unwrap();
    let refused = dbbackup(&["man", "--out", folder.to_str().unwrap()])
        .output()
        .unwrap();
    fs::remove_file(&folder).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).starts_with("dbbackup: cannot make "));
}

#[test]
fn manual_pages_are_not_written_through_links() {
    let folder = std::env::temp_dir().join(format!("dbbackup-man-links-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = |name: &str| folder.join(name);
    fs::write(file("victim"), "mine").unwrap();
    symlink(file("victim"), file("dbbackup.1")).unwrap();
    symlink(file("elsewhere"), file("dbbackup-list.1")).unwrap();
    fs::hard_link(file("victim"), file("dbbackup-create.1")).unwrap();
    printed(&["man", "--out", folder.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(file("victim")).unwrap(), "mine");
    assert!(!file("elsewhere").exists());
    for name in ["dbbackup.1", "dbbackup-list.1", "dbbackup-create.1"] {
        assert!(fs::symlink_metadata(file(name)).unwrap().is_file());
        assert!(fs::read_to_string(file(name)).unwrap().starts_with(".ie"));
    }
    fs::remove_dir_all(&folder).unwrap();
}
