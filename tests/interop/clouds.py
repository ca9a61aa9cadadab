"""What combinations of clouds.yaml, secure.yaml, clouds-public.yaml and OS_* variables are made of.

In all texts ONE and TWO are the URLs of two IAMs, IAMS is what both begin with, RDS is that of the
service, and A and B are the ids of two projects.
"""

from dataclasses import dataclass, field

# Why we differ from openstacksdk on purpose, and whether we refuse what it takes.
REASONS = {
    "unchecked": (True, "certificates are always checked"),
    "certificate": (True, "there are no logins with a certificate of the client"),
    "plugin": (True, "openstacksdk ignores auth_plugin: a password where none belongs"),
    "other-login": (
        True,
        "keys of another kind of login, which openstacksdk ignores here",
    ),
    "scope": (True, "backups are those of a project"),
    "interface": (True, "no catalog is read, so that only public endpoints are known"),
    "project-domain": (
        True,
        "IAM looks for a project by name in the account of the user",
    ),
    "two-ways": (
        True,
        "openstacksdk takes the key with dashes, whichever source is the stronger one",
    ),
    "unknown-profile": (
        True,
        "openstacksdk only warns, and does without what is not found",
    ),
    "variable-chooses": (False, "OS_REGION_NAME counts, as for the openstack command"),
    "variable-region": (
        True,
        "openstacksdk ignores OS_REGION_NAME, the openstack command refuses",
    ),
    "no-domain": (True, "a user by name belongs to a domain"),
    "one-cloud": (True, "a file is not used before somebody names the cloud"),
    "empty-variable": (False, "a variable that is empty is none"),
    "number": (False, "a number keeps its text"),
    "region-named": (False, "region_name chooses of the list in which it stands"),
    "region-asked": (False, "an explicit region wins over a mere region_name"),
    "password-apart": (
        False,
        "a password may stay out of the files, as for the openstack command",
    ),
    "project-of-region": (False, "without a project, that of the region is meant"),
    "token-alone": (False, "a token needs no auth_type, and is used as it is"),
    "keys-below": (False, "ak and sk are read below auth, too"),
    "null": (False, "openstacksdk takes null for the text None"),
    "placeholder": (False, "openstacksdk fills no auth-url with a dash"),
    "broken-other": (False, "a broken entry of another cloud does no harm"),
    "own-domain": (
        False,
        "the account of a project is that of the user, unless it is named",
    ),
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

PUBLIC = (
    "public-clouds: {mine: {auth: {auth_url: TWO, project_name: M}, region_name: r7}, "
    "listed: {auth: {auth_url: TWO}, regions: [{name: r8, values: {auth: {project_name: M}}}]}}"
)


def without(text, key):
    """Keys but for one."""
    pairs = [pair for pair in text.split(", ") if not pair.startswith(f"{key}:")]
    return ", ".join(pairs)
