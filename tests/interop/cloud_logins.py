"""Combinations for other kinds of logins, for access keys, and of OS_* variables."""

from clouds import AUTH, BY_ID, LOGIN, PUBLIC, VARIABLES, Case, without


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
            yield Case(
                f"auth_type {kind}", f"{AUTH}, auth_type: {kind}", differs=differs
            )
    yield Case(
        "auth_type v3password and a domain",
        f"auth: {{{LOGIN}, project_domain_name: D}}, auth_type: v3password",
    )
    token = "auth: {auth_url: ONE, token: their-token, project_id: A}"
    for kind in ["token", "v3token"]:
        yield Case(f"auth_type {kind}", f"{token}, auth_type: {kind}")
    yield Case("auth_type token and a password", f"{AUTH}, auth_type: token")
    yield Case(
        "auth_type password and a token",
        f"auth: {{{LOGIN}, token: their-token}}, auth_type: password",
    )
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
        "scope of the domain",
        f"auth: {{{rest}, domain_name: D}}, region_name: r1",
        differs="scope",
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
    for key in [
        "interface: internal",
        "endpoint_type: adminURL",
        "rdsv3_interface: internal",
    ]:
        yield Case(key, f"{AUTH}, {key}", differs="interface")
    yield Case(
        "rdsv3_region_name", f"{AUTH}, rdsv3_region_name: r1", differs="interface"
    )


def keys():
    """Access keys: what otcextensions takes, beside a login that openstacksdk makes."""
    for place in [
        "ak: K, sk: secret-key",
        "access_key: K, secret_key: secret-key",
        "access_key: K, ak: J, sk: secret-key",
    ]:
        yield Case(place, f"{BY_ID}, {place}")
    yield Case(
        "security_token", f"{BY_ID}, ak: K, sk: secret-key, security_token: temporary"
    )
    yield Case("ak with dashes", f"{BY_ID}, access-key: K, secret-key: secret-key")
    yield Case("ak in secure", BY_ID, "ak: K, sk: secret-key")
    yield Case(
        "ak of a region",
        f"{BY_ID}, regions: [{{name: r1, values: {{ak: K, sk: secret-key}}}}]",
    )
    yield Case(
        "ak below auth",
        f"auth: {{ak: K, sk: secret-key, project_id: A}}",
        differs="keys-below",
    )
    yield Case(
        "OS_ACCESS_KEY of somebody else",
        f"{BY_ID}, ak: K, sk: secret-key",
        env={
            "OS_ACCESS_KEY": "J",
            "OS_SECRET_KEY": "other-key",
        },
    )
    yield Case(
        "OS_ACCESS_KEY",
        env={
            **VARIABLES,
            "OS_ACCESS_KEY": "K",
            "OS_SECRET_KEY": "secret-key",
            "OS_PROJECT_ID": "A",
        },
    )


def variables():
    """OS_* without a cloud, and with one."""

    def case(name, env=None, drop=(), **more):
        env = {key: value for key, value in VARIABLES.items() if key not in drop} | (
            env or {}
        )
        return Case(name, env=env, **more)

    yield case("variables")
    yield case("OS_REGION_NAME", {"OS_REGION_NAME": "r1"})
    yield case("two in OS_REGION_NAME", {"OS_REGION_NAME": "r2,r1"})
    yield case("OS_PROJECT_ID", {"OS_PROJECT_ID": "A"})
    yield case("OS_TENANT_NAME", {"OS_TENANT_NAME": "M"})
    yield case("OS_TENANT_NAME alone", {"OS_TENANT_NAME": "M"}, ["OS_PROJECT_NAME"])
    yield case(
        "OS_USER_ID", {"OS_USER_ID": "i"}, ["OS_USERNAME", "OS_USER_DOMAIN_NAME"]
    )
    yield case("OS_DOMAIN_NAME", {"OS_DOMAIN_NAME": "D"}, ["OS_USER_DOMAIN_NAME"])
    yield case("OS_USER_DOMAIN_ID", {"OS_USER_DOMAIN_ID": "X"})
    yield case("OS_PROJECT_DOMAIN_NAME", {"OS_PROJECT_DOMAIN_NAME": "D"})
    yield case(
        "OS_PROJECT_DOMAIN_ID", {"OS_PROJECT_DOMAIN_ID": "X"}, differs="project-domain"
    )
    yield case("no OS_AUTH_URL", {"OS_REGION_NAME": "eu-de"}, ["OS_AUTH_URL"])
    yield case("OS_AUTH_URL is empty", {"OS_AUTH_URL": "", "OS_REGION_NAME": "eu-de"})
    yield case("OS_TENANT_ID is empty", {"OS_TENANT_ID": ""})
    yield case(
        "OS_PROJECT_NAME is empty", {"OS_PROJECT_NAME": "", "OS_PROJECT_ID": "A"}
    )
    yield case("OS_AUTH_TYPE is empty", {"OS_AUTH_TYPE": ""}, differs="empty-variable")
    for kind in ["password", "v3password", "v3oidcpassword", "v3totp"]:
        env = {"OS_AUTH_TYPE": kind, "OS_PROJECT_DOMAIN_NAME": "D"}
        yield case(f"OS_AUTH_TYPE {kind}", env)
    yield case(
        "OS_TOKEN",
        {"OS_TOKEN": "their-token", "OS_AUTH_TYPE": "token", "OS_PROJECT_ID": "A"},
        [
            "OS_USERNAME",
            "OS_PASSWORD",
            "OS_USER_DOMAIN_NAME",
            "OS_PROJECT_NAME",
        ],
    )
    yield case("OS_INSECURE", {"OS_INSECURE": "true"}, differs="unchecked")
    yield case("OS_CERT", {"OS_CERT": "CACERT"}, differs="certificate")
    yield case(
        "OS_INTERFACE public", {"OS_INTERFACE": "public", "OS_ENDPOINT_TYPE": "public"}
    )
    yield case("OS_INTERFACE", {"OS_INTERFACE": "internal"}, differs="interface")
    yield case(
        "OS_TRUST_ID", {"OS_TRUST_ID": "x"}, ["OS_PROJECT_NAME"], differs="scope"
    )
    yield case(
        "OS_PROFILE",
        {"OS_PROFILE": "mine"},
        ["OS_AUTH_URL", "OS_PROJECT_NAME"],
        public=PUBLIC,
    )
    # With a cloud, the others do not count.
    yield Case(
        "a cloud and variables of another",
        f"auth: {{{LOGIN.replace('ONE', 'TWO')}}}",
        env={
            "OS_USERNAME": "v",
            "OS_PASSWORD": "other-sesame",
            "OS_AUTH_URL": "ONE",
            "OS_PROJECT_NAME": "M",
        },
    )
    yield Case(
        "a cloud and OS_PROJECT_ID",
        AUTH,
        env={"OS_PROJECT_ID": "B", "OS_AUTH_TYPE": "v3totp"},
    )
    open_cloud = f"auth: {{{without(LOGIN, 'password')}}}"
    yield Case(
        "OS_PASSWORD",
        open_cloud,
        env={"OS_PASSWORD": "open-sesame"},
        differs="password-apart",
    )
    yield Case(
        "OS_PASSWORD for another URL",
        open_cloud,
        env={"OS_PASSWORD": "open-sesame", "OS_AUTH_URL": "TWO"},
    )


CASES = [*logins(), *keys(), *variables()]
