"""List, add, renew and remove companies' identity providers, with which people who were invited through them sign in."""

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from infra.cli import show
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import identity_providers as use_cases
from mxtrax.aws import identity_providers
from mxtrax.rules.identity_provider import CLAIMS, OWN, IdentityProvider, Protocol

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

Name = Annotated[str, typer.Argument(metavar="NAME", help="As people see it on the sign-in page, such as Entra.")]


@app.command("list")
@deployed
def list_(here: Here, *, as_json: AsJson = False) -> None:
    """List the identity providers, whether sign-in offers them, and what such a provider has to know about us."""
    offered = _offered(here)
    columns = (
        Column[IdentityProvider]("name", lambda it: it.name),
        Column[IdentityProvider]("protocol", lambda it: str(it.protocol)),
        Column[IdentityProvider]("at", lambda it: it.url),
        Column[IdentityProvider]("address from", lambda it: it.claim),
        Column[IdentityProvider]("", lambda it: "" if it.name in offered else "not offered yet: deploy"),
    )
    show.listing(
        identity_providers.everything(here.user_pool),
        columns,
        as_json=as_json,
        record=lambda it: asdict(it) | {"offered": it.name in offered},
        nothing="There are no identity providers: people sign in with a password or a passkey.",
    )
    login = here.output("TokenUrl").removesuffix("/oauth2/token")
    typer.echo(f"OIDC: give the provider the redirect URI {login}/oauth2/idpresponse", err=True)
    typer.echo(
        f"SAML: give it the ACS URL {login}/saml2/idpresponse and the entity ID urn:amazon:cognito:sp:{here.user_pool}",
        err=True,
    )


@app.command()
@deployed
def add(
    here: Here,
    *,
    name: Name,
    issuer: Annotated[str, typer.Option(metavar="URL", help="OIDC: the issuer, of a single tenant.")] = "",
    client_id: Annotated[str, typer.Option(metavar="ID", help="OIDC: our client ID there.")] = "",
    metadata: Annotated[str, typer.Option(metavar="URL", help="SAML: where the provider's metadata are.")] = "",
    claim: Annotated[
        str, typer.Option(metavar="NAME", help="The claim with the address. (Default: email, or SAML's emailaddress.)")
    ] = "",
) -> None:
    """Add one. An OIDC client's secret is read from standard input, so that it does not end up in the shell history."""
    if bool(issuer) == bool(metadata):
        raise typer.BadParameter("give either --issuer (OIDC) or --metadata (SAML).")
    protocol = Protocol.OIDC if issuer else Protocol.SAML
    it = IdentityProvider(
        name=name, protocol=protocol, url=issuer or metadata, claim=claim or CLAIMS[protocol], client=client_id
    )
    use_cases.add(here.actor, here.now(), here.settings, it, _secret() if issuer else "")
    all_of_them = ",".join([*_offered(here), name])
    typer.echo(f"Now deploy with IdentityProviders={all_of_them}; then invite people.", err=True)


@app.command()
@deployed
def renew(here: Here, *, name: Name) -> None:
    """Take an OIDC client's new secret, from standard input, before the old one expires."""
    use_cases.renew(here.actor, here.now(), here.settings, name, _secret())


@app.command()
@deployed
def remove(here: Here, *, name: Name, yes: Yes = False) -> None:
    """Remove one that is no longer offered. People who were invited through it can sign in with a new password."""
    use_cases.known(here.settings, name)
    show.sure(f"Remove the identity provider {name} of {here.name}?", yes=yes)
    use_cases.remove(here.actor, here.now(), here.settings, name, here.output("ConsoleClientId"))


def _offered(here: Here) -> list[str]:
    return identity_providers.offered(here.user_pool, here.output("ConsoleClientId")) or [OWN]


def _secret() -> str:
    """Read our client's secret; on a terminal, ask for it without showing it."""
    if sys.stdin.isatty():
        return str(typer.prompt("Client secret", hide_input=True, err=True))
    return sys.stdin.read(2_000)
