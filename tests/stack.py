"""The template as a deployment sees it: parameters filled in, references resolved to names and ARNs."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

import yaml  # type: ignore[import-untyped]

ROOT: Final = Path(__file__).parents[1]
ACCOUNT: Final = "123456789012"
REGION: Final = "eu-west-1"
STACK: Final = "mx"
SENDER: Final = "mxtrax@monitor.example.net"
ALERTS: Final = "ops@example.org"

_PSEUDO: Final = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": STACK,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/3c1f2b7e-0000-4000-8000-00000000feed",
    "AWS::NoValue": None,
}


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML with CloudFormation's short forms; a date stays a text."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in them if not tag.endswith(":timestamp")]
        for first, them in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _written_out(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    """Write a short form out: !Sub x as {"Fn::Sub": x}, !GetAtt a.b with both parts by themselves."""
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _written_out)


@cache
def template(path: str = "template.yaml") -> dict[str, Any]:
    """Read a template, short forms of intrinsic functions written out."""
    read: dict[str, Any] = yaml.load((ROOT / path).read_text(), _Loader)  # noqa: S506 -- a SafeLoader
    return read


class Stack:
    """A stack made of the template under some parameters."""

    def __init__(self, **parameters: str) -> None:
        defaults = {name: str(it.get("Default", "")) for name, it in template()["Parameters"].items()}
        self._values: dict[str, Any] = {**_PSEUDO, **defaults, "SendingUser": SENDER, "AlertUser": ALERTS, **parameters}
        lists = {name for name, it in template()["Parameters"].items() if it["Type"] == "CommaDelimitedList"}
        self._values |= {name: self._values[name].split(",") for name in lists}
        self.resources: dict[str, dict[str, Any]] = {
            name: it for name, it in template()["Resources"].items() if self._holds(it.get("Condition"))
        }

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Give the properties, resolved, of all resources of a type by logical id."""
        return {name: self.properties(name) for name, it in self.resources.items() if it["Type"] == kind}

    def properties(self, name: str) -> dict[str, Any]:
        """Give a resource's properties, resolved."""
        found: dict[str, Any] = self.resolve(self.resources[name].get("Properties", {}))
        return found

    def environment(self, function: str) -> dict[str, str]:
        """Give the environment that a function runs in."""
        shared = self.resolve(template()["Globals"]["Function"]["Environment"]["Variables"])
        own = self.properties(function).get("Environment", {}).get("Variables", {})
        return {name: str(value) for name, value in {**shared, **own}.items()}

    def alarms(self) -> dict[str, dict[str, Any]]:
        """Give the alarms' properties by name, resolved, as the stack within this one has them."""
        inner = Stack()
        inner._values = {**self._values, **self.properties("Alarms")["Parameters"]}
        inside = template("infra/alarms.yaml")["Resources"]
        return {name: inner.resolve(it["Properties"]) for name, it in inside.items()}

    def function(self, name: str, key: str) -> Any:
        """Give a property of a function, its own or that of all."""
        return self.properties(name).get(key, self.resolve(template()["Globals"]["Function"]).get(key))

    def resolve(self, value: Any) -> Any:
        """Evaluate the intrinsic functions; AWS::NoValue is left out."""
        if isinstance(value, Mapping):
            if len(value) == 1:
                ((name, argument),) = value.items()
                if name == "Ref" or name.startswith("Fn::"):
                    return self._call(name, argument)
            return {key: got for key, it in value.items() if (got := self.resolve(it)) is not None}
        if isinstance(value, list):
            return [got for it in value if (got := self.resolve(it)) is not None]
        return value

    def _call(self, name: str, argument: Any) -> Any:
        match name:
            case "Ref":
                return self._ref(argument)
            case "Fn::GetAtt":
                return self._attribute(*(argument.split(".") if isinstance(argument, str) else argument))
            case "Fn::Sub":
                return self._sub(argument)
            case "Fn::If":
                condition, yes, no = argument
                return self.resolve(yes if self._holds(condition) else no)
            case "Fn::Select" | "Fn::Join" | "Fn::Split":
                return self._listed(name, argument[0], self.resolve(argument[1]))
        raise NotImplementedError(name)

    def _listed(self, name: str, by: Any, given: Any) -> Any:
        match name:
            case "Fn::Select":
                return given[int(by)]
            case "Fn::Join":
                return by.join(given)
        return given.split(by)

    def _ref(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        match self.resources[name]["Type"]:
            case "AWS::SQS::Queue":
                return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self._name(name)}"
            case "AWS::SNS::Topic":
                return f"arn:aws:sns:{REGION}:{ACCOUNT}:{self._name(name)}"
            case _:
                return self._name(name)

    def _attribute(self, name: str, attribute: str) -> str:
        own = self._name(name)
        if attribute != "Arn":
            return own if attribute == "QueueName" else f"{own}.{attribute}"
        service, path = {
            "AWS::DynamoDB::Table": ("dynamodb", f"table/{own}"),
            "AWS::SQS::Queue": ("sqs", own),
            "AWS::S3::Bucket": ("s3", own),
            "AWS::Serverless::Function": ("lambda", f"function:{own}"),
            "AWS::Events::Rule": ("events", f"rule/{own}"),
            "AWS::Logs::LogGroup": ("logs", f"log-group:{own}"),
            "AWS::Cognito::UserPool": ("cognito-idp", f"userpool/{own}"),
        }[self.resources[name]["Type"]]
        where = "::" if service == "s3" else f":{REGION}:{ACCOUNT}"
        return f"arn:aws:{service}{where}:{path}"

    def _name(self, name: str) -> str:
        given = self.resources[name].get("Properties", {})
        for key in ("TableName", "RuleSetName", "LogGroupName"):
            if key in given:
                return str(self.resolve(given[key]))
        if self.resources[name]["Type"] == "AWS::SES::ConfigurationSet":
            return str(self.resolve(given["Name"]))
        return f"{STACK}-{name}".lower() if self.resources[name]["Type"] == "AWS::S3::Bucket" else f"{STACK}-{name}"

    def _sub(self, argument: Any) -> str:
        text, own = argument if isinstance(argument, list) else (argument, {})

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name in own:
                return str(self.resolve(own[name]))
            return str(self._attribute(*name.split(".")) if "." in name else self._ref(name))

        return re.sub(r"\$\{([A-Za-z0-9:.]+)\}", value, text)

    def _holds(self, condition: str | None) -> bool:
        return True if condition is None else self._true(template()["Conditions"][condition])

    def _true(self, condition: Mapping[str, Any]) -> bool:
        ((name, argument),) = condition.items()
        match name:
            case "Fn::Equals":
                one, other = (self.resolve(it) for it in argument)
                return bool(one == other)
            case "Fn::Not":
                return not self._true(argument[0])
            case "Fn::And":
                return all(map(self._true, argument))
            case "Fn::Or":
                return any(map(self._true, argument))
            case "Condition":
                return self._holds(argument)
        raise NotImplementedError(name)
