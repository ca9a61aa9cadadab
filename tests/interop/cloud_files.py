"""Combinations of files: where a key stands, which region is chosen, what wins."""

from clouds import AUTH, BY_ID, LOGIN, PUBLIC, USER, Case, without


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
    yield Case("same project_domain_name", f"auth: {{{LOGIN}, project_domain_name: D}}")
    yield Case(
        "other project_domain_name",
        f"auth: {{{LOGIN}, project_domain_name: E}}",
        differs="project-domain",
    )
    yield Case("project_domain of an id", f"{BY_ID}, project_domain_name: E")
    for key in ["domain_name", "default_domain_name", "domain_id", "default_domain_id"]:
        # What openstacksdk takes for the id of the user's domain, too, is so for us.
        differs = "" if key.endswith("id") else "project-domain"
        yield Case(f"{key} besides below", f"auth: {{{LOGIN}, {key}: E}}", differs=differs)
        yield Case(f"{key} besides beside", f"{AUTH}, {key}: E", differs=differs)
    yield Case("domain_name of an id", f"{BY_ID}, domain_name: E")


def dashes():
    """One key in two ways, of one source and of two."""
    rest = without(LOGIN, "project_name")
    own = f"auth: {{{rest}, project-name: M}}"
    for name, cloud, secure in [
        ("one mapping", f"auth: {{{LOGIN}, project-name: M}}", ""),
        ("beside", f"{own}, project_name: N", ""),
        ("secure", own, "auth: {project_name: N}"),
        ("region", f"{own}, regions: [{{name: r, values: {{auth: {{project_name: N}}}}}}]", ""),
    ]:
        yield Case(f"project-name and {name}", cloud, secure, differs="two-ways")
    domain = f"auth: {{{LOGIN}, user-domain-name: E}}"
    yield Case("user-domain-name twice", domain, differs="two-ways")
    yield Case("the same twice", f"auth: {{{LOGIN}, project-name: N}}")


REGIONS = (
    "regions: [{name: r1, values: {auth: {auth_url: TWO, project_name: M}}}, "
    "{name: r2, values: {auth: {username: v}, project_name: O}}, r3]"
)


def regions():
    """Which region is chosen, and what holds there."""
    yield Case("the first region", f"{AUTH}, {REGIONS}")
    for region in ["r1", "r2", "r3"]:
        yield Case(f"region {region}", f"{AUTH}, {REGIONS}", region=region)
    yield Case(
        "a region that is none", f"{AUTH}, {REGIONS}, region_name: r1", region="r9"
    )
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
    yield Case(
        "an odd entry of a region", f"{AUTH}, regions: [{{name: r1, valeus: {{}}}}]"
    )
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
        "an unknown placeholder",
        f"auth: {{auth_url: 'IAMS/{{x}}/v3', {USER}, project_name: N}}",
    )


def files():
    """Several files that say something."""
    yield Case(
        "password in secure",
        f"auth: {{{without(LOGIN, 'password')}}}",
        "auth: {password: other-sesame}",
    )
    yield Case("secure wins", AUTH, "auth: {project_name: M, auth_url: TWO}")
    yield Case("secure beside auth", AUTH, "project_name: M, region_name: r5")
    yield Case("secure with dashes", AUTH, "auth: {project-name: M}")
    yield Case("regions of secure", f"{AUTH}, regions: [r1]", "regions: [r2]")
    mine = f"profile: mine, auth: {{{USER}}}"
    yield Case("profile", mine, public=PUBLIC)
    yield Case(
        "profile by its old name", mine.replace("profile", "cloud"), public=PUBLIC
    )
    yield Case(
        "cloud over profile", f"profile: mine, {AUTH}, region_name: r1", public=PUBLIC
    )
    yield Case("secure over profile", mine, "auth: {project_name: O}", public=PUBLIC)
    yield Case(
        "regions of a profile", f"profile: listed, auth: {{{USER}}}", public=PUBLIC
    )
    yield Case(
        "region of a profile by name",
        f"profile: listed, region_name: r8, auth: {{{USER}, project_name: N}}",
        public=PUBLIC,
    )
    yield Case("profile in secure", AUTH, "profile: mine", public=PUBLIC)
    yield Case(
        "profile that is none", f"profile: none, {AUTH}", differs="unknown-profile"
    )
    yield Case("profile otc", f"profile: otc, {AUTH}, region_name: eu-nl")
    yield Case("regions of profile otc", f"profile: otc, {AUTH}")
    yield Case("region of profile otc", f"profile: otc, {AUTH}", region="eu-nl")
    yield Case("profile otc-swiss", f"profile: otc-swiss, {AUTH}")
    yield Case(
        "merge",
        file="b: &b {%s, x: 1}\nclouds: {a: {<<: *b, project_name: M, OVERRIDE}}"
        % AUTH,
    )
    yield Case(
        "merge below auth",
        file="b: &b {%s}\nclouds: {a: {auth: {<<: *b, project_name: M}, OVERRIDE}}"
        % LOGIN,
    )
    aliases = ", ".join(f"c{n}: {{auth: *b, note: [*b, *b]}}" for n in range(300))
    yield Case(
        "hundreds of aliases",
        file="b: &b {%s}\nclouds: {%s, a: {auth: *b, OVERRIDE}}" % (LOGIN, aliases),
    )
    yield Case("a key twice", f"auth: {{{LOGIN}, project_name: M}}")
    yield Case(
        "another cloud is odd", file="clouds: {b: [1], a: {%s, OVERRIDE}}" % AUTH
    )
    yield Case(
        "another cloud has a tag",
        file="clouds: {b: {auth: {password: !abc}}, a: {%s, OVERRIDE}}" % AUTH,
        differs="broken-other",
    )
    yield Case(
        "a password with a tag",
        f"auth: {{{without(LOGIN, 'password')}, password: !abc}}",
    )
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
        yield Case(
            f"password {password}",
            f"auth: {{{rest}, password: {password}}}",
            differs=differs,
        )
    yield Case("project_name is null", f"{AUTH}, project_name: ~", differs="null")
    yield Case(
        "username is null",
        f"auth: {{{without(LOGIN, 'username')}, username: ~}}, username: u",
    )
    yield Case(
        "password is empty",
        f"auth: {{{without(LOGIN, 'password')}, password: ''}}, password: open-sesame",
    )
    rest = without(LOGIN, "project_name")
    yield Case(
        "no project", f"auth: {{{rest}}}, region_name: r1", differs="project-of-region"
    )
    yield Case(
        "no auth_url", f"auth: {{{without(LOGIN, 'auth_url')}}}, region_name: eu-de"
    )
    yield Case(
        "a typing error below auth",
        f"auth: {{{rest}, projct_name: N}}, region_name: r1",
    )


CASES = [*places(), *dashes(), *regions(), *files(), *values()]
