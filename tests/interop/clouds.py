"""Combinations of clouds.yaml, secure.yaml, clouds-public.yaml and OS_* variables.

In all texts ONE and TWO are the URLs of two IAMs, IAMS is what both begin with, RDS is that of the
service, and A and B are the ids of two projects.
"""

from dataclasses import dataclass, field

# Why we differ from openstacksdk on purpose, and whether we refuse what it takes.
REASONS = {
    "unchecked": (True, "certificates are always checked"),
    "certificate": (True, "there are no logins with a certificate of the client"),
    "plugin": (True, "openstacksdk ignores auth_plugin: a password where none belongs"),
    "other-login": (True, "keys of another kind of login, which openstacksdk ignores here"),
    "scope": (True, "backups are those of a project"),
    "interface": (True, "no catalog is read, so that only public endpoints are known"),
    "project-domain": (True, "IAM looks for a project by name in the account of the user"),
    "unknown-profile": (True, "openstacksdk only warns, and does without what is not found"),
    "variable-chooses": (False, "OS_REGION_NAME counts, as for the openstack command"),
    "variable-region": (True, "openstacksdk ignores OS_REGION_NAME, the openstack command refuses"),
    "no-domain": (True, "a user by name belongs to a domain"),
    "one-cloud": (True, "a file is not used before somebody names the cloud"),
    "empty-variable": (False, "a variable that is empty is none"),
    "number": (False, "a number keeps its text"),
    "region-named": (False, "region_name chooses of the list in which it stands"),
    "region-asked": (False, "an explicit region wins over a mere region_name"),
    "password-apart": (False, "a password may stay out of the files, as for the openstack command"),
    "project-of-region": (False, "without a project, that of the region is meant"),
    "token-alone": (False, "a token needs no auth_type, and is used as it is"),
    "keys-below": (False, "ak and sk are read below auth, too"),
    "null": (False, "openstacksdk takes null for the text None"),
    "placeholder": (False, "openstacksdk fills no auth-url with a dash"),
    "broken-other": (False, "a broken entry of another cloud does no harm"),
    "own-domain": (False, "the account of a project is that of the user, unless it is named"),
}


@dataclass
class Case:
    """A name, the entry of the cloud `a` without braces, and what is around it."""

    name: str
    cloud: str = ""
    secure: str = ""
    public: str = ""
    env: dict = field(default_factory=dict)
    # What --region and `region_name=` ask for.
    region: str = ""
    # The file as a whole, in place of one with the cloud alone.
    file: str = ""
    # A key of REASONS.
    differs: str = ""


USER = "username: u, password: open-sesame, user_domain_name: D"
LOGIN = f"auth_url: ONE, {USER}, project_name: N"
AUTH = f"auth: {{{LOGIN}}}"
BY_ID = f"auth: {{auth_url: ONE, {USER}, project_id: A}}"
VARIABLES = {
    "OS_AUTH_URL": "ONE",
    "OS_USERNAME": "u",
    "OS_PASSWORD": "open-sesame",
    "OS_USER_DOMAIN_NAME": "D",
    "OS_PROJECT_NAME": "N",
}


def without(text, key):
    """Keys but for one."""
    pairs = [pair for pair in text.split(", ") if not pair.startswith(f"{key}:")]
    return ", ".join(pairs)


def places():
    """Each key below `auth`, beside it, and both."""
    for key, other in [
        ("auth_url", "TWO"),
        ("username", "v"),
        ("password", "other-sesame"),
        ("user_domain_name", "E"),
        ("project_name", "M"),
    ]:
        own = dict(pair.split(": ") for pair in LOGIN.split(", "))[key]
        rest = without(LOGIN, key)
        dash = key.replace("_", "-")
        yield Case(f"{key} beside", f"auth: {{{rest}}}, {key}: {own}")
        yield Case(f"{key} both", f"{AUTH}, {key}: {other}")
        if dash != key:
            yield Case(f"{dash} below", f"auth: {{{rest}, {dash}: {own}}}")
            yield Case(f"{dash} beside", f"auth: {{{rest}}}, {dash}: {own}")
    rest = without(LOGIN, "project_name")
    for key in ["project_id", "tenant_id"]:
        yield Case(f"{key} below", f"auth: {{{rest}, {key}: A}}")
        yield Case(f"{key} beside", f"auth: {{{rest}}}, {key}: A")
        yield Case(f"{key} both", f"{BY_ID}, {key}: B")
    yield Case("tenant_name below", f"auth: {{{rest}, tenant_name: N}}")
    yield Case("tenant_name beside project_name", f"{AUTH}, tenant_name: M")
    yield Case("project by name and id", f"{AUTH}, project_id: B")
    yield Case("no keys below", LOGIN)
    yield Case("auth is nothing", f"auth: {{}}, {LOGIN}")
    rest = without(LOGIN, "user_domain_name")
    for key in ["user_domain_id", "domain_name", "domain_id", "default_domain_name"]:
        yield Case(f"{key} below", f"auth: {{{rest}, {key}: X}}")
        yield Case(f"{key} beside", f"auth: {{{rest}}}, {key}: X")
    yield Case("user_domain by name and id", f"{AUTH}, user_domain_id: X")
    yield Case("no domain of the user", f"auth: {{{rest}}}", differs="no-domain")
    rest = without(rest, "username")
    yield Case("user_id", f"auth: {{{rest}, user_id: i}}")
    yield Case("user_id and username", f"auth: {{{LOGIN}, user_id: i}}")
    yield Case("user_name", f"auth: {{{rest}, user_name: u, user_domain_name: D}}")
    yield Case(
        "same project_domain_name", f"auth: {{{LOGIN}, project_domain_name: D}}"
    )
    yield Case(
        "other project_domain_name",
        f"auth: {{{LOGIN}, project_domain_name: E}}",
        differs="project-domain",
    )
    yield Case("project_domain of an id", f"{BY_ID}, project_domain_name: E")


REGIONS = (
    "regions: [{name: r1, values: {auth: {auth_url: TWO, project_name: M}}}, "
    "{name: r2, values: {auth: {username: v}, project_name: O}}, r3]"
)


def regions():
    """Which region is chosen, and what holds there."""
    yield Case("the first region", f"{AUTH}, {REGIONS}")
    for region in ["r1", "r2", "r3"]:
        yield Case(f"region {region}", f"{AUTH}, {REGIONS}", region=region)
    yield Case("a region that is none", f"{AUTH}, {REGIONS}, region_name: r1", region="r9")
    yield Case(
        "auth_url of regions alone",
        f"auth: {{{without(LOGIN, 'auth_url')}}}, {REGIONS}",
        region="r1",
    )
    yield Case(
        "no auth_url in this region",
        f"auth: {{{without(LOGIN, 'auth_url')}}}, {REGIONS}",
        region="r2",
    )
    yield Case("beside wins over the region", f"{AUTH}, project_name: P, {REGIONS}")
    yield Case(
        "dashes in a region",
        f"{AUTH}, regions: [{{name: r1, values: {{auth: {{project-name: M}}}}}}]",
    )
    yield Case(
        "nothing in a region",
        f"{AUTH}, regions: [{{name: r1, values: {{auth: {{}}, project_name: ~}}}}]",
    )
    yield Case("an odd entry of a region", f"{AUTH}, regions: [{{name: r1, valeus: {{}}}}]")
    yield Case("region_name", f"{AUTH}, region_name: r1")
    yield Case("region_name of several", f"{AUTH}, region_name: 'r1,r2'")
    yield Case("region_name as a list", f"{AUTH}, region_name: [r2, r1]")
    yield Case("one of region_name", f"{AUTH}, region_name: 'r1,r2'", region="r2")
    yield Case(
        "region_name in regions",
        f"{AUTH}, {REGIONS}, region_name: r2",
        differs="region-named",
    )
    yield Case(
        "another region than region_name",
        f"{AUTH}, region_name: r1",
        region="r2",
        differs="region-asked",
    )
    yield Case(
        "OS_REGION_NAME in regions",
        f"{AUTH}, {REGIONS}",
        env={"OS_REGION_NAME": "r2"},
        differs="variable-chooses",
    )
    yield Case(
        "OS_REGION_NAME beside region_name",
        f"{AUTH}, region_name: r1",
        env={"OS_REGION_NAME": "r2"},
        differs="variable-region",
    )
    for url, differs in [("auth_url", ""), ("auth-url", "placeholder")]:
        yield Case(
            f"region in {url}",
            f"auth: {{{url}: '{{region_name}}', {USER}, project_name: N}}, region_name: ONE",
            differs=differs,
        )
    yield Case(
        "an unknown placeholder", f"auth: {{auth_url: 'IAMS/{{x}}/v3', {USER}, project_name: N}}"
    )


PUBLIC = (
    "public-clouds: {mine: {auth: {auth_url: TWO, project_name: M}, region_name: r7}, "
    "listed: {auth: {auth_url: TWO}, regions: [{name: r8, values: {auth: {project_name: M}}}]}}"
)


def files():
    """Several files that say something."""
    yield Case("password in secure", f"auth: {{{without(LOGIN, 'password')}}}", "auth: {password: other-sesame}")
    yield Case("secure wins", AUTH, "auth: {project_name: M, auth_url: TWO}")
    yield Case("secure beside auth", AUTH, "project_name: M, region_name: r5")
    yield Case("secure with dashes", AUTH, "auth: {project-name: M}")
    yield Case("regions of secure", f"{AUTH}, regions: [r1]", "regions: [r2]")
    mine = f"profile: mine, auth: {{{USER}}}"
    yield Case("profile", mine, public=PUBLIC)
    yield Case("profile by its old name", mine.replace("profile", "cloud"), public=PUBLIC)
    yield Case("cloud over profile", f"profile: mine, {AUTH}, region_name: r1", public=PUBLIC)
    yield Case("secure over profile", mine, "auth: {project_name: O}", public=PUBLIC)
    yield Case("regions of a profile", f"profile: listed, auth: {{{USER}}}", public=PUBLIC)
    yield Case(
        "region of a profile by name",
        f"profile: listed, region_name: r8, auth: {{{USER}, project_name: N}}",
        public=PUBLIC,
    )
    yield Case("profile in secure", AUTH, "profile: mine", public=PUBLIC)
    yield Case("profile that is none", f"profile: none, {AUTH}", differs="unknown-profile")
    yield Case("profile otc", f"profile: otc, {AUTH}, region_name: eu-nl")
    yield Case("regions of profile otc", f"profile: otc, {AUTH}")
    yield Case("region of profile otc", f"profile: otc, {AUTH}", region="eu-nl")
    yield Case("profile otc-swiss", f"profile: otc-swiss, {AUTH}")
    yield Case("merge", file="b: &b {%s, x: 1}\nclouds: {a: {<<: *b, project_name: M, OVERRIDE}}" % AUTH)
    yield Case(
        "merge below auth",
        file="b: &b {%s}\nclouds: {a: {auth: {<<: *b, project_name: M}, OVERRIDE}}" % LOGIN,
    )
    aliases = ", ".join(f"c{n}: {{auth: *b, note: [*b, *b]}}" for n in range(300))
    yield Case(
        "hundreds of aliases",
        file="b: &b {%s}\nclouds: {%s, a: {auth: *b, OVERRIDE}}" % (LOGIN, aliases),
    )
    yield Case("a key twice", f"auth: {{{LOGIN}, project_name: M}}")
    yield Case("another cloud is odd", file="clouds: {b: [1], a: {%s, OVERRIDE}}" % AUTH)
    yield Case(
        "another cloud has a tag",
        file="clouds: {b: {auth: {password: !abc}}, a: {%s, OVERRIDE}}" % AUTH,
        differs="broken-other",
    )
    yield Case("a password with a tag", f"auth: {{{without(LOGIN, 'password')}, password: !abc}}")
    yield Case("only secure", file="clouds: {}", secure=f"{AUTH}, OVERRIDE")
    yield Case("no such cloud", file="clouds: {b: {%s, OVERRIDE}}" % AUTH)
    yield Case("OS_CLOUD is not set", AUTH, env={"OS_CLOUD": ""}, differs="one-cloud")


def values():
    """Numbers, nothing, and texts in quotes."""
    for password, differs in [
        ("012345670", "number"),
        ("123456789", ""),
        ("1e345678", ""),
        ("12345.670", "number"),
        ("'00000007'", ""),
        ("' in quotes '", ""),
        ("'{braces}'", ""),
    ]:
        rest = without(LOGIN, "password")
        yield Case(f"password {password}", f"auth: {{{rest}, password: {password}}}", differs=differs)
    yield Case("project_name is null", f"{AUTH}, project_name: ~", differs="null")
    yield Case("username is null", f"auth: {{{without(LOGIN, 'username')}, username: ~}}, username: u")
    yield Case("password is empty", f"auth: {{{without(LOGIN, 'password')}, password: ''}}, password: open-sesame")
    rest = without(LOGIN, "project_name")
    yield Case("no project", f"auth: {{{rest}}}, region_name: r1", differs="project-of-region")
    yield Case("no auth_url", f"auth: {{{without(LOGIN, 'auth_url')}}}, region_name: eu-de")
    yield Case("a typing error below auth", f"auth: {{{rest}, projct_name: N}}, region_name: r1")


def logins():
    """Other kinds of logins, other scopes, TLS, and other places for calls."""
    for kind in [
        "password v3password v2password v2token none http_basic admin_token token_endpoint",
        "v3applicationcredential v3multifactor v3oauth2clientcredential v3oidcaccesstoken",
        "v3oidcauthcode v3oidcclientcredentials v3oidcpassword v3tokenlessauth v3totp agency",
        "v3kerberos v3samlpassword v3adfspassword nonsense",
    ]:
        for kind in kind.split():
            differs = "own-domain" if kind == "v3password" else ""
            yield Case(f"auth_type {kind}", f"{AUTH}, auth_type: {kind}", differs=differs)
    yield Case(
        "auth_type v3password and a domain",
        f"auth: {{{LOGIN}, project_domain_name: D}}, auth_type: v3password",
    )
    token = "auth: {auth_url: ONE, token: their-token, project_id: A}"
    for kind in ["token", "v3token"]:
        yield Case(f"auth_type {kind}", f"{token}, auth_type: {kind}")
    yield Case("auth_type token and a password", f"{AUTH}, auth_type: token")
    yield Case("auth_type password and a token", f"auth: {{{LOGIN}, token: their-token}}, auth_type: password")
    yield Case("a token alone", token, differs="token-alone")
    for key in ["auth_token", "auth-token"]:
        rest = token.replace("token: their-token", f"{key}: their-token")
        yield Case(f"{key} below", f"{rest}, auth_type: token")
    rest = token.replace("token: their-token, ", "")
    yield Case("token beside", f"{rest}, token: their-token, auth_type: token")
    yield Case("token both", f"{token}, token: other-token, auth_type: token")
    yield Case("auth_plugin", f"{AUTH}, auth_plugin: v3totp", differs="plugin")
    yield Case("auth_type is nothing", f"{AUTH}, auth_type: ~")
    yield Case(
        "v3multifactor with methods",
        f"auth: {{{LOGIN}, project_domain_name: D, passcode: 1}}, auth_type: v3multifactor, "
        "auth_methods: [v3password, v3totp]",
        differs="other-login",
    )
    yield Case("passcode below", f"auth: {{{LOGIN}, passcode: '1'}}")
    yield Case("passcode beside", f"{AUTH}, passcode: '1'")
    for key in ["application_credential_id", "identity_provider", "target_agency_name"]:
        yield Case(f"{key} below", f"auth: {{{LOGIN}, {key}: x}}")
        yield Case(f"{key} beside", f"{AUTH}, {key}: x", differs="other-login")
    rest = without(LOGIN, "project_name")
    for key in ["system_scope", "trust_id"]:
        yield Case(f"{key} below", f"auth: {{{rest}, {key}: all}}", differs="scope")
        yield Case(f"{key} beside", f"auth: {{{rest}}}, {key}: all", differs="scope")
    yield Case(
        "scope of the domain", f"auth: {{{rest}, domain_name: D}}, region_name: r1", differs="scope"
    )
    yield Case("cacert", f"{AUTH}, cacert: CACERT")
    yield Case("OS_CACERT", AUTH, env={"OS_CACERT": "CACERT"})
    yield Case("verify", f"{AUTH}, verify: true, insecure: false")
    for key in ["verify: false", "verify: no", "insecure: true", "verify: CACERT"]:
        yield Case(key, f"{AUTH}, {key}", differs="unchecked")
    for key in ["cert: CACERT", "cert: CACERT, key: CACERT"]:
        yield Case(key, f"{AUTH}, {key}", differs="certificate")
    for key in ["interface: public", "interface: [public]", "endpoint_type: public"]:
        yield Case(key, f"{AUTH}, {key}")
    for key in ["interface: internal", "endpoint_type: adminURL", "rdsv3_interface: internal"]:
        yield Case(key, f"{AUTH}, {key}", differs="interface")
    yield Case("rdsv3_region_name", f"{AUTH}, rdsv3_region_name: r1", differs="interface")


def keys():
    """Access keys: what otcextensions takes, beside a login that openstacksdk makes."""
    for place in ["ak: K, sk: secret-key", "access_key: K, secret_key: secret-key", "access_key: K, ak: J, sk: secret-key"]:
        yield Case(place, f"{BY_ID}, {place}")
    yield Case("security_token", f"{BY_ID}, ak: K, sk: secret-key, security_token: temporary")
    yield Case("ak with dashes", f"{BY_ID}, access-key: K, secret-key: secret-key")
    yield Case("ak in secure", BY_ID, "ak: K, sk: secret-key")
    yield Case(
        "ak of a region", f"{BY_ID}, regions: [{{name: r1, values: {{ak: K, sk: secret-key}}}}]"
    )
    yield Case("ak below auth", f"auth: {{ak: K, sk: secret-key, project_id: A}}", differs="keys-below")
    yield Case("OS_ACCESS_KEY of somebody else", f"{BY_ID}, ak: K, sk: secret-key", env={
        "OS_ACCESS_KEY": "J",
        "OS_SECRET_KEY": "other-key",
    })
    yield Case("OS_ACCESS_KEY", env={
        **VARIABLES,
        "OS_ACCESS_KEY": "K",
        "OS_SECRET_KEY": "secret-key",
        "OS_PROJECT_ID": "A",
    })


def variables():
    """OS_* without a cloud, and with one."""

    def case(name, env=None, drop=(), **more):
        env = {key: value for key, value in VARIABLES.items() if key not in drop} | (env or {})
        return Case(name, env=env, **more)

    yield case("variables")
    yield case("OS_REGION_NAME", {"OS_REGION_NAME": "r1"})
    yield case("two in OS_REGION_NAME", {"OS_REGION_NAME": "r2,r1"})
    yield case("OS_PROJECT_ID", {"OS_PROJECT_ID": "A"})
    yield case("OS_TENANT_NAME", {"OS_TENANT_NAME": "M"})
    yield case("OS_TENANT_NAME alone", {"OS_TENANT_NAME": "M"}, ["OS_PROJECT_NAME"])
    yield case("OS_USER_ID", {"OS_USER_ID": "i"}, ["OS_USERNAME", "OS_USER_DOMAIN_NAME"])
    yield case("OS_DOMAIN_NAME", {"OS_DOMAIN_NAME": "D"}, ["OS_USER_DOMAIN_NAME"])
    yield case("OS_USER_DOMAIN_ID", {"OS_USER_DOMAIN_ID": "X"})
    yield case("OS_PROJECT_DOMAIN_NAME", {"OS_PROJECT_DOMAIN_NAME": "D"})
    yield case("OS_PROJECT_DOMAIN_ID", {"OS_PROJECT_DOMAIN_ID": "X"}, differs="project-domain")
    yield case("no OS_AUTH_URL", {"OS_REGION_NAME": "eu-de"}, ["OS_AUTH_URL"])
    yield case("OS_AUTH_URL is empty", {"OS_AUTH_URL": "", "OS_REGION_NAME": "eu-de"})
    yield case("OS_TENANT_ID is empty", {"OS_TENANT_ID": ""})
    yield case("OS_PROJECT_NAME is empty", {"OS_PROJECT_NAME": "", "OS_PROJECT_ID": "A"})
    yield case("OS_AUTH_TYPE is empty", {"OS_AUTH_TYPE": ""}, differs="empty-variable")
    for kind in ["password", "v3password", "v3oidcpassword", "v3totp"]:
        env = {"OS_AUTH_TYPE": kind, "OS_PROJECT_DOMAIN_NAME": "D"}
        yield case(f"OS_AUTH_TYPE {kind}", env)
    yield case("OS_TOKEN", {"OS_TOKEN": "their-token", "OS_AUTH_TYPE": "token", "OS_PROJECT_ID": "A"}, [
        "OS_USERNAME",
        "OS_PASSWORD",
        "OS_USER_DOMAIN_NAME",
        "OS_PROJECT_NAME",
    ])
    yield case("OS_INSECURE", {"OS_INSECURE": "true"}, differs="unchecked")
    yield case("OS_CERT", {"OS_CERT": "CACERT"}, differs="certificate")
    yield case("OS_INTERFACE public", {"OS_INTERFACE": "public", "OS_ENDPOINT_TYPE": "public"})
    yield case("OS_INTERFACE", {"OS_INTERFACE": "internal"}, differs="interface")
    yield case("OS_TRUST_ID", {"OS_TRUST_ID": "x"}, ["OS_PROJECT_NAME"], differs="scope")
    yield case("OS_PROFILE", {"OS_PROFILE": "mine"}, ["OS_AUTH_URL", "OS_PROJECT_NAME"], public=PUBLIC)
    # With a cloud, the others do not count.
    yield Case(
        "a cloud and variables of another",
        f"auth: {{{LOGIN.replace('ONE', 'TWO')}}}",
        env={"OS_USERNAME": "v", "OS_PASSWORD": "other-sesame", "OS_AUTH_URL": "ONE", "OS_PROJECT_NAME": "M"},
    )
    yield Case("a cloud and OS_PROJECT_ID", AUTH, env={"OS_PROJECT_ID": "B", "OS_AUTH_TYPE": "v3totp"})
    open_cloud = f"auth: {{{without(LOGIN, 'password')}}}"
    yield Case("OS_PASSWORD", open_cloud, env={"OS_PASSWORD": "open-sesame"}, differs="password-apart")
    yield Case(
        "OS_PASSWORD for another URL",
        open_cloud,
        env={"OS_PASSWORD": "open-sesame", "OS_AUTH_URL": "TWO"},
    )


CASES = [
    case
    for family in [places, regions, files, values, logins, keys, variables]
    for case in family()
]
