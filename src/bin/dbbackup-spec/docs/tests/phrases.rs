//! Each rule of each language, on sentences of its kind.

use serde_json::{Value, json};

use crate::docs::facts::Statements;
use crate::docs::language::Language;
use crate::docs::sentences;

fn facts(language: usize, description: &str) -> Value {
    let lines: Vec<String> = description.lines().map(str::to_owned).collect();
    let mut facts = Statements::new();
    sentences::read(&lines, &Language::all().unwrap()[language], &mut facts);
    json!(facts)
}

#[test]
fn english_sentences_state_facts() {
    let name = json!(["-", "0-9", "A-Z", "_", "a-z"]);
    for (sentence, expected) in [
        (
            "It has 4 to 64 characters.",
            json!({ "min_length": 4, "max_length": 64 }),
        ),
        (
            "Length: 4-64 characters",
            json!({ "min_length": 4, "max_length": 64 }),
        ),
        (
            "Minimum characters: 4\nMaximum length: 64",
            json!({ "min_length": 4, "max_length": 64 }),
        ),
        ("It has at least 4 characters.", json!({ "min_length": 4 })),
        ("A maximum of 9 characters fit.", json!({ "max_length": 9 })),
        ("It cannot exceed 9 characters.", json!({ "max_length": 9 })),
        ("At most 50 backups at once.", json!({})),
        (
            "Minimum: 4\nMaximum: 64",
            json!({ "min_length": 4, "max_length": 64 }),
        ),
        ("A maximum length of 9 bytes.", json!({ "max_length": 9 })),
        (
            "It starts with a letter or a digit.",
            json!({ "first": ["0-9", "A-Z", "a-z"] }),
        ),
        ("It cannot start with a digit.", json!({})),
        (
            "Only lowercase letters are allowed.",
            json!({ "characters": ["lowercase letters"] }),
        ),
        (
            "It contains only letters, spaces and digits.",
            json!({ "characters": ["0-9", "A-Z", "a-z", "spaces"] }),
        ),
        (
            "It cannot contain special characters (! =). See (a).",
            json!({ "forbidden": [" ", "!", "="] }),
        ),
        (
            "It cannot contain special characters != and spaces.",
            json!({ "forbidden": ["!", "=", "and", "spaces"] }),
        ),
        (
            "With the value BUILDING or COMPLETED.",
            json!({ "values": ["BUILDING", "COMPLETED"] }),
        ),
        (
            "Valid value:\nNOT-STARTED: x\nWAITING - waits\n\"RUNNING\" (runs)",
            json!({ "values": ["NOT-STARTED", "RUNNING", "WAITING"] }),
        ),
        (
            "Value: manual/auto.",
            json!({ "values": ["auto", "manual"] }),
        ),
        (
            "Value: manual (full, manual).",
            json!({ "values": ["manual"] }),
        ),
        ("Valid value:", json!({ "values": [] })),
        (
            "It has to start with a letter.",
            json!({ "first": ["A-Z", "a-z"] }),
        ),
        (
            "Contains only letters, digits, hyphens (-), and underscores (_).",
            json!({ "characters": name }),
        ),
        (
            "Only letters, digits, hyphens (-), and underscores (_) are allowed.",
            json!({ "characters": name }),
        ),
        (
            "Only letters (case-sensitive) and digits are allowed.",
            json!({ "characters": ["0-9", "A-Z", "a-z"] }),
        ),
        (
            "It consists of only digits and periods (.).",
            json!({ "characters": [".", "0-9"] }),
        ),
        (
            "It cannot contain special characters (>!\"=).",
            json!({ "forbidden": ["!", "\"", "=", ">"] }),
        ),
        (
            "Must not contain these special characters: ()'",
            json!({ "forbidden": ["'", "(", ")"] }),
        ),
        (
            "A state with the value BUILDING.",
            json!({ "values": ["BUILDING"] }),
        ),
        (
            "Valid value:\n\u{2022} TWO: second\nONE\nAn aside.\nTHREE",
            json!({ "values": ["ONE", "TWO"] }),
        ),
        (
            "Value: one (the first), two.",
            json!({ "values": ["one", "two"] }),
        ),
        (
            "The value can be a, b, or c.",
            json!({ "values": ["a", "b", "c"] }),
        ),
        ("The default value is 1.", json!({ "default": "1" })),
        ("Default value: en-us", json!({ "default": "en-us" })),
        ("Its value is null.", json!({ "nullable": true })),
        (
            "A time in the \"hh:mm\" format.",
            json!({ "format": "hh:mm" }),
        ),
        ("A UUID.", json!({ "format": "uuid" })),
        (
            "4 to 64 characters.\nMinimum characters: 5",
            json!({ "min_length": { "contradictory": [4, 5] }, "max_length": 64 }),
        ),
        (
            "Value:\nA\nB\nValid value:\nA",
            json!({ "values": { "contradictory": [["A", "B"], ["A"]] } }),
        ),
    ] {
        assert_eq!(facts(0, sentence), expected, "{sentence}");
    }
}

#[test]
fn chinese_sentences_state_facts() {
    let name = json!(["-", "0-9", "A-Z", "_", "a-z"]);
    for (sentence, expected) in [
        (
            "名称，4-64位。",
            json!({ "min_length": 4, "max_length": 64 }),
        ),
        (
            "长度为4~64个字符。",
            json!({ "min_length": 4, "max_length": 64 }),
        ),
        (
            "最小长度：4\n最大长度：64",
            json!({ "min_length": 4, "max_length": 64 }),
        ),
        (
            "最少4个字符，最多9个字符。",
            json!({ "min_length": 4, "max_length": 9 }),
        ),
        ("不能超过9个字符。", json!({ "max_length": 9 })),
        ("以英文字母开头。", json!({ "first": ["A-Z", "a-z"] })),
        (
            "可以包含字母、数字、中划线或者下划线，不能包含其他特殊字符。",
            json!({ "characters": name }),
        ),
        (
            "不能包含>!\"特殊字符。",
            json!({ "forbidden": ["!", "\"", ">"] }),
        ),
        ("状态，取值为BUILDING。", json!({ "values": ["BUILDING"] })),
        ("取值：v3。", json!({ "values": ["v3"] })),
        (
            "枚举值：\nTWO：二\nONE",
            json!({ "values": ["ONE", "TWO"] }),
        ),
        (
            "以英文字母或中文开头。",
            json!({ "first": ["A-Z", "a-z", "中文"] }),
        ),
        ("符合UUID格式。", json!({ "format": "uuid" })),
        ("取值为A、B。", json!({ "values": ["A", "B"] })),
        ("最长36位。", json!({ "max_length": 36 })),
        ("默认值为1。", json!({ "default": "1" })),
        ("值为null。", json!({ "nullable": true })),
        ("格式为“hh:mm”。", json!({ "format": "hh:mm" })),
    ] {
        assert_eq!(facts(1, sentence), expected, "{sentence}");
    }
}
