//! The words of a page: what its columns, sections and sentences mean, as one table per language.

use std::sync::LazyLock;

use regex::Regex;

/// What a column of a table tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Mandatory,
    Type,
    Description,
}

/// A part of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Uri,
    Request,
    Response,
    ExampleRequest,
    ExampleResponse,
    Statuses,
    Other,
}

/// What a sentence states, in the groups of its pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// The fewest and the most characters.
    Lengths,
    Shortest,
    Longest,
    /// With which characters a value begins.
    First,
    Characters,
    Forbidden,
    /// The values on the same line, or those that begin the next ones.
    Values,
    Default,
    Null,
    Format,
    Uuid,
}

struct Words {
    name: &'static str,
    columns: &'static [(&'static str, Column)],
    sections: &'static [(&'static str, Section)],
    yes: &'static str,
    no: &'static str,
    /// Patterns of further types, and how a contract calls them.
    types: &'static [(&'static str, &'static str)],
    /// Names of characters, and which ones they are.
    characters: &'static [(&'static str, &'static [&'static str])],
    /// What stands between the parts of a list.
    and: &'static str,
    /// The number of a table, where it stands or is referred to.
    table: &'static str,
    /// In the caption of a table of headers.
    headers: &'static str,
    status: &'static str,
    rules: &'static [(Rule, &'static str)],
}

/// Types that both languages write in English.
const TYPES: &[(&str, &str)] = &[
    (r"(?i)^string\b", "string"),
    (r"(?i)^(?:integer|int|long)\b", "integer"),
    (r"(?i)^(?:double|float)\b", "double"),
    (r"(?i)^boolean\b", "boolean"),
    (r"(?i)^(?:array|list) of strings?\b", "array of string"),
    (
        r"(?i)^(?:array|list) of (?:[A-Za-z0-9_-]+ )?objects?\b",
        "array of object",
    ),
    (r"(?i)^(?:array|list)\b", "array"),
    (r"(?i)^(?:[A-Za-z0-9_-]+ )?object\b", "object"),
];

const LETTERS: &[&str] = &["A-Z", "a-z"];

const ENGLISH: Words = Words {
    name: "English",
    columns: &[
        ("Name", Column::Name),
        ("Parameter", Column::Name),
        ("Mandatory", Column::Mandatory),
        ("Type", Column::Type),
        ("Parameter Type", Column::Type),
        ("Description", Column::Description),
    ],
    sections: &[
        ("Function", Section::Other),
        ("URI", Section::Uri),
        ("Request", Section::Request),
        ("Request Parameters", Section::Request),
        ("Normal Response", Section::Response),
        ("Response", Section::Response),
        ("Response Parameters", Section::Response),
        ("Example Request", Section::ExampleRequest),
        ("Example Requests", Section::ExampleRequest),
        ("Example Response", Section::ExampleResponse),
        ("Example Responses", Section::ExampleResponse),
        ("Abnormal Response", Section::Other),
        ("Constraints", Section::Other),
        ("SDK Sample Code", Section::Other),
        ("Status Code", Section::Statuses),
        ("Status Codes", Section::Statuses),
        ("Error Code", Section::Other),
        ("Error Codes", Section::Other),
    ],
    yes: "Yes",
    no: "No",
    types: &[(r"(?i)^dictionary data structure\b", "object")],
    characters: &[
        ("letters", LETTERS),
        ("letter", LETTERS),
        ("digits", &["0-9"]),
        ("digit", &["0-9"]),
        ("hyphens", &["-"]),
        ("underscores", &["_"]),
    ],
    and: r",|;|\band\b|\bor\b",
    table: r"\bTable\s+(\d+)",
    headers: r"(?i)\bheaders?\b",
    status: r"(?i)^status codes?:?\s*(\d{3})\b",
    rules: &[
        (Rule::Lengths, r"(\d+)(?: to |\s*[-–~]\s*)(\d+) characters"),
        (
            Rule::Shortest,
            r"(?i)\bminimum(?: characters| length)?: (\d+)",
        ),
        (
            Rule::Shortest,
            r"(?i)\b(?:minimum of|at least) (\d+) characters",
        ),
        (
            Rule::Longest,
            r"(?i)\bmaximum(?: characters| length)?: (\d+)",
        ),
        (
            Rule::Longest,
            r"(?i)\b(?:maximum (?:length )?of|up to|at most|no more than|equal to|exceed|longer than) (\d+) (?:characters|bytes)",
        ),
        (
            Rule::First,
            r"(?i)(?P<not>\bnot |cannot )?\b(?:starts?|begins?) with (?P<is>(?:a|an) [^.,]+)",
        ),
        (
            Rule::Characters,
            r"(?i)\b(?:contains?|consists? of) only ((?:[^.(]|\([^)]*\))+)",
        ),
        (
            Rule::Characters,
            r"(?i)\bonly ((?:[^.(]|\([^)]*\))+?) (?:are|is) allowed",
        ),
        (
            Rule::Forbidden,
            r"(?i)\b(?:cannot|must not) contain .*?special characters:?\s*(.+)",
        ),
        (Rule::Values, r"(?i)\bwith the value (.+)$"),
        (
            Rule::Values,
            r"(?i)(?:^|\.\s*)(?:valid |enumerated |possible )?(?:values?|(?:value )?options):\s*(.*)$",
        ),
        (Rule::Values, r"(?i)\bvalue (?:can|may) be:?\s*(.*)$"),
        (
            Rule::Default,
            r"(?i)\bdefault value(?: is|:) ([A-Za-z0-9_-]+)",
        ),
        (Rule::Null, r"(?i)\bvalue (?:is )?null\b"),
        (Rule::Format, r#"(?i)\bin the ["“]([^"”]+)["”] format"#),
        (Rule::Uuid, r"(?-u:\b)UUID(?-u:\b)"),
    ],
};

const CHINESE: Words = Words {
    name: "Chinese",
    columns: &[
        ("名称", Column::Name),
        ("参数", Column::Name),
        ("参数名", Column::Name),
        ("是否必选", Column::Mandatory),
        ("参数类型", Column::Type),
        ("类型", Column::Type),
        ("说明", Column::Description),
        ("描述", Column::Description),
    ],
    sections: &[
        ("功能介绍", Section::Other),
        ("URI", Section::Uri),
        ("请求", Section::Request),
        ("请求参数", Section::Request),
        ("正常响应", Section::Response),
        ("响应", Section::Response),
        ("响应参数", Section::Response),
        ("请求示例", Section::ExampleRequest),
        ("响应示例", Section::ExampleResponse),
        ("异常响应", Section::Other),
        ("约束限制", Section::Other),
        ("SDK代码示例", Section::Other),
        ("状态码", Section::Statuses),
        ("错误码", Section::Other),
    ],
    yes: "是",
    no: "否",
    types: &[("^列表数据结构", "array"), ("^字典数据结构", "object")],
    characters: &[
        ("英文字母", LETTERS),
        ("字母", LETTERS),
        ("数字", &["0-9"]),
        ("中划线", &["-"]),
        ("下划线", &["_"]),
    ],
    and: "[、，,；;]|或者?|和|以及",
    table: r"表\s*(\d+)",
    headers: "(?i)header|请求头",
    status: r"^状态码[：:]\s*(\d{3})\b",
    rules: &[
        (Rule::Lengths, r"(\d+)\s*[-~～至到]\s*(\d+)\s*(?:位|个字符)"),
        (Rule::Shortest, r"最小长度[：:]?\s*(\d+)"),
        (
            Rule::Shortest,
            r"(?:不小于|不少于|最少|至少)\s*(\d+)\s*个?字符",
        ),
        (Rule::Longest, r"最大长度[：:]?\s*(\d+)"),
        (
            Rule::Longest,
            r"(?:不大于|不能大于|不超过|不能超过|最多|最长)\s*(\d+)\s*(?:个?字|位)",
        ),
        (Rule::First, r"以([^，。]+?)开头"),
        (Rule::Characters, r"(?:可以?|只能)包含([^，。]+)"),
        (Rule::Forbidden, r"不能包含(.+?)特殊字符"),
        (Rule::Values, r"取值为([^：:].*)$"),
        (Rule::Values, r"(?:取值|取值范围|枚举值)[：:]\s*(.*)$"),
        (
            Rule::Default,
            r"(?:默认值?|缺省值?)[为：:]\s*([A-Za-z0-9_-]+)",
        ),
        (Rule::Null, r"值为\s*null\b"),
        (Rule::Format, r#"格式为["“]([^"”]+)["”]"#),
        (Rule::Uuid, r"(?-u:\b)UUID(?-u:\b)"),
    ],
};

/// A language, ready to read.
pub(super) struct Language {
    words: &'static Words,
    types: Vec<(Regex, &'static str)>,
    pub(super) rules: Vec<(Rule, Regex)>,
    and: Regex,
    table: Regex,
    headers: Regex,
    status: Regex,
}

impl Language {
    pub(super) fn all() -> anyhow::Result<&'static [Self; 2]> {
        static ALL: LazyLock<Result<[Language; 2], regex::Error>> =
            LazyLock::new(|| Ok([Language::new(&ENGLISH)?, Language::new(&CHINESE)?]));
        ALL.as_ref().map_err(|error| error.clone().into())
    }

    fn new(words: &'static Words) -> Result<Self, regex::Error> {
        let types = words.types.iter().chain(TYPES);
        let types = types.map(|(pattern, kind)| Ok((Regex::new(pattern)?, *kind)));
        let rules = words.rules.iter();
        let rules = rules.map(|(rule, pattern)| Ok((*rule, Regex::new(pattern)?)));
        Ok(Self {
            words,
            types: types.collect::<Result<_, _>>()?,
            rules: rules.collect::<Result<_, _>>()?,
            and: Regex::new(words.and)?,
            table: Regex::new(words.table)?,
            headers: Regex::new(words.headers)?,
            status: Regex::new(words.status)?,
        })
    }

    pub(super) fn name(&self) -> &'static str {
        self.words.name
    }

    pub(super) fn column(&self, heading: &str) -> Option<Column> {
        named(self.words.columns, heading)
    }

    pub(super) fn section(&self, line: &str) -> Option<Section> {
        named(self.words.sections, line)
    }

    /// What a cell says of whether something is mandatory.
    pub(super) fn answer(&self, cell: &str) -> Option<bool> {
        [(self.words.yes, true), (self.words.no, false)]
            .into_iter()
            .find_map(|(word, answer)| cell.eq_ignore_ascii_case(word).then_some(answer))
    }

    /// The type that a cell names, as a contract calls it.
    pub(super) fn kind(&self, cell: &str) -> Option<&'static str> {
        // What follows the first sentence refers to a table.
        let cell = cell
            .split(['.', '，', '。'])
            .next()
            .unwrap_or_default()
            .trim();
        let is_whole = |pattern: &Regex| {
            pattern
                .find(cell)
                .is_some_and(|found| found.len() == cell.len())
        };
        let mut types = self.types.iter();
        types.find_map(|(pattern, kind)| is_whole(pattern).then_some(*kind))
    }

    /// The numbers of the tables that a text refers to.
    pub(super) fn tables(&self, text: &str) -> Vec<u32> {
        let found = self.table.captures_iter(text);
        found
            .map(|found| found[1].parse().unwrap_or(u32::MAX))
            .collect()
    }

    /// Whether a line is the caption of a table.
    pub(super) fn table_title(&self, line: &str) -> bool {
        self.table
            .find(line)
            .is_some_and(|found| found.start() == 0)
    }

    pub(super) fn is_of_headers(&self, caption: &str) -> bool {
        self.headers.is_match(caption)
    }

    pub(super) fn status(&self, line: &str) -> Option<u16> {
        self.status.captures(line)?[1].parse().ok()
    }

    /// The characters that a list names, as words or in parentheses; a word that is not known stays.
    pub(super) fn characters(&self, list: &str) -> Vec<String> {
        let mut all = Vec::new();
        for part in self.and.split(list) {
            let (name, rest) = part.split_once(['(', '（']).unwrap_or((part, ""));
            let quoted = rest.trim().trim_end_matches([')', '）']);
            // Words in parentheses are an aside; symbols say what the name means.
            let is_quoted = !quoted.is_empty() && quoted.chars().all(is_symbol);
            if is_quoted {
                all.extend(quoted.chars().map(String::from));
            }
            let name = name
                .trim()
                .trim_start_matches("a ")
                .trim_start_matches("an ");
            let known = named(self.words.characters, name);
            match known {
                Some(characters) => all.extend(characters.iter().map(|c| (*c).to_owned())),
                None if name.is_empty() || is_quoted => {}
                None => all.push(name.to_owned()),
            }
        }
        all.sort();
        all.dedup();
        all
    }

    /// The parts of a list.
    pub(super) fn parts<'a>(&self, list: &'a str) -> Vec<&'a str> {
        self.and
            .split(list)
            .flat_map(|part| part.split('/'))
            .collect()
    }
}

/// Whether this is a character that stands for itself in a list.
pub(super) fn is_symbol(c: char) -> bool {
    c.is_ascii_punctuation()
}

fn named<T: Copy>(names: &[(&str, T)], text: &str) -> Option<T> {
    let mut names = names.iter();
    names.find_map(|(name, value)| text.eq_ignore_ascii_case(name).then_some(*value))
}
