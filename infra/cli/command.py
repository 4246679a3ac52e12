"""What all commands on a deployment have in common: options, errors, exit codes.

0: done, or the answer is yes. 1: the answer is no, or something is wrong. 2: usage error: an
unknown option, a bad value, no such deployment.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Concatenate, Final

import typer
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from infra.cli.target import Here, NotThere, Wanted, reached
from mxtrax.errors import Changed, Exists, Missing, MxtraxError, Refused

NO: Final = 1
BAD_USE: Final = 2
_PANEL: Final = "Which deployment"
_MISSING_KEYS: Final = {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}

_SHOWN_BY: Final = {
    "customer": "mxtrax customers list",
    "identity-provider": "mxtrax identity-providers list",
    "incident": "mxtrax incidents",
    "mail": "mxtrax unmatched list",
    "maildomain": "mxtrax domains list",
    "user": "mxtrax users list",
    "window": "mxtrax windows list",
}
"""Where to look up the names of things, if one is not found."""

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def _options(
    *,
    stack: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="The stack's name. (Default: MXTRAX_STACK, or mxtrax.)", rich_help_panel=_PANEL
        ),
    ] = "",
    profile: Annotated[str, typer.Option(metavar="NAME", help="As with the AWS CLI.", rich_help_panel=_PANEL)] = "",
    region: Annotated[str, typer.Option(metavar="NAME", help="As with the AWS CLI.", rich_help_panel=_PANEL)] = "",
    local: Annotated[
        bool,
        typer.Option(
            "--local",
            help="The local world. Used by default while it is running and no deployment is given.",
            rich_help_panel=_PANEL,
        ),
    ] = False,
    state_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the local world keeps its state.", rich_help_panel=_PANEL)
    ] = Path(".mxtrax"),
) -> Wanted:
    return Wanted(stack=stack, profile=profile, region=region, local=local, state=state_dir)


def deployed[**P](job: Callable[Concatenate[Here, P], None]) -> Callable[..., None]:
    """Make a function a command on a deployment: with the options that choose one, and errors as sentences."""
    whole = signature(job)
    own = list(whole.parameters.values())[1:]
    shared = list(signature(_options).parameters.values())

    @wraps(job)
    def command(**given: object) -> None:
        wanted = _options(**{each.name: given.pop(each.name) for each in shared})  # type: ignore[arg-type]
        with explained(), reached(wanted) as here:
            if here.local and not wanted.local:
                typer.echo("On the local world.", err=True)
            job(here, **given)  # type: ignore[call-arg, arg-type]

    command.__signature__ = whole.replace(parameters=[*own, *shared])  # type: ignore[attr-defined]
    return command


def by_itself(command: Callable[..., None]) -> Callable[..., None]:
    """Make a command the default of its group."""
    whole = signature(command)

    @wraps(command)
    def alone(ctx: typer.Context, **given: object) -> None:
        if ctx.invoked_subcommand is None:
            command(**given)

    context = Parameter("ctx", Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    alone.__signature__ = whole.replace(parameters=[context, *whole.parameters.values()])  # type: ignore[attr-defined]
    return alone


@contextmanager
def explained() -> Iterator[None]:
    """Print an error as a sentence on standard error, and exit with the code for it."""
    try:
        yield
    except Refused as error:
        _end(
            str(error), NO if isinstance(error, Missing | Exists | Changed) else BAD_USE, _SHOWN_BY.get(error.field, "")
        )
    except NotThere as error:
        _end(str(error), BAD_USE)
    except MxtraxError as error:
        _end(str(error), NO)
    except BotoCoreError as error:
        _end(*_unreachable(error))
    except ClientError as error:
        said = error.response["Error"]
        _end(f"AWS refused {error.operation_name}: {said['Code']}: {said.get('Message', '')}".strip(": "), NO)
    except PynamoDBException as error:
        _end(f"The tables could not be used: {error.cause_response_message or error.msg}", NO)


def _unreachable(error: BotoCoreError) -> tuple[str, int]:
    if type(error).__name__ in _MISSING_KEYS:
        return (
            "No AWS credentials found: use --profile, sign in, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            BAD_USE,
        )
    if type(error).__name__ == "ProfileNotFound":
        return f"{error}: `aws configure list-profiles` lists the profiles.", BAD_USE
    return f"AWS could not be reached: {error}", NO


def _end(sentence: str, code: int, shown_by: str = "") -> None:
    typer.echo(f"mxtrax: {sentence}", err=True)
    if shown_by:
        typer.echo(f"`{shown_by}` lists them.", err=True)
    raise typer.Exit(code)
