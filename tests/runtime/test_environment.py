"""The settings as a function's environment has them."""

import pytest

from mxtrax.runtime.environment import Settings, from_environment


def test_each_setting_has_a_variable_of_its_name_and_its_own_kind() -> None:
    """Numbers are read as numbers; what is not set has its default."""
    told = {"MXTRAX_TABLES": "t-", "MXTRAX_SEND_RATE": "14.5", "MXTRAX_SEND_QUOTA": "200", "MXTRAX_OWN_LOOP": "loop"}
    assert from_environment(told) == Settings(tables="t-", send_rate=14.5, send_quota=200, own_loop="loop")


def test_a_function_without_its_tables_does_not_start() -> None:
    """No table has a name of its own accord."""
    with pytest.raises(KeyError, match="MXTRAX_TABLES"):
        from_environment({})


def test_addresses_for_alerts_may_stand_between_commas_or_spaces() -> None:
    """CloudFormation gives a list of parameters with commas."""
    told = {"MXTRAX_TABLES": "t-", "MXTRAX_ALERT_USER": "a@ops.example,b@ops.example c@ops.example"}
    assert from_environment(told).initial.alertuser == ("a@ops.example", "b@ops.example", "c@ops.example")
