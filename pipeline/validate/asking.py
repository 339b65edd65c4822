"""Great Expectations, asked about rows: expectations of a suite and a frame go in, an outcome for each comes out.

Here belongs how both are handed over. What comes of an outcome is in :mod:`pipeline.validate.answering`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pipeline.validate import engine
from pipeline.validate.frames import ROW
from pipeline.validate.suites import BadSuite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pipeline.validate.merging import Outcome
    from pipeline.validate.suites import Expectation, Suite


def run_suite(
    suite: Suite, expectations: Sequence[Expectation], frame: pd.DataFrame, parameters: Mapping[str, Any], *, told: int
) -> dict[str, Outcome]:
    """The outcome of each expectation by its name, as Great Expectations gives it.

    Rows that fail are named by their number in the frame, so many as are `told` of each.
    """
    if not expectations:
        return {}
    parameters = dict(parameters)
    with engine.source() as source:
        batches = source.add_dataframe_asset(suite.table).add_batch_definition_whole_dataframe("all")
        batch = batches.get_batch({"dataframe": frame})
        found = _outcomes(batch, gx_suite(suite, expectations), parameters, _COUNTS)
        # Which rows fail is asked where some do: to be ready to name them costs a third of the time.
        if failing := [each for each in expectations if _fails(found[each.name])]:
            named = {"unexpected_index_column_names": [ROW]} if ROW in frame.columns else {}
            which = {**_NAMES, "partial_unexpected_count": told, **named}
            found |= _outcomes(batch, gx_suite(suite, failing), parameters, which)
    return found


_COUNTS = {"result_format": "BASIC", "partial_unexpected_count": 0, "exclude_unexpected_values": True}
_NAMES = {"result_format": "SUMMARY", "exclude_unexpected_values": True}
"""What is asked for; texts are never copied into results."""


def _outcomes(
    batch: Any,  # noqa: ANN401  it publishes no types
    suite: Any,  # noqa: ANN401
    parameters: Mapping[str, Any],
    result_format: Mapping[str, Any],
) -> dict[str, Outcome]:
    validation = batch.validate(suite, result_format=dict(result_format), expectation_parameters=parameters)
    found = [result.to_json_dict() for result in validation.results]
    return {outcome["expectation_config"]["meta"]["name"]: outcome for outcome in found}


def _fails(outcome: Outcome) -> bool:
    return not outcome["success"] or bool(outcome["result"].get("unexpected_count"))


def gx_suite(suite: Suite, expectations: Sequence[Expectation]) -> Any:  # noqa: ANN401  it publishes no types
    """The suite as an object of Great Expectations, with every one of the expectations in it."""
    names = {each.name for each in expectations}
    wanted = [each for each in suite.content["expectations"] if each["meta"]["name"] in names]
    logger = logging.getLogger("great_expectations.core.expectation_suite")
    was, logger.disabled = logger.disabled, True  # what it has to say is said below, in one line
    try:
        taken = engine.suite_of({**suite.content, "expectations": wanted})
    except Exception as error:  # it raises errors of several libraries
        reason = " ".join(str(error).split())
        message = f"{suite.file}: Great Expectations does not take it: {reason}"
        raise BadSuite(message) from error
    finally:
        logger.disabled = was
    missing = names - {each.meta["name"] for each in taken.expectations}
    if missing or len(taken.expectations) != len(wanted):
        kinds = sorted(f"{each.name!r} ({each.type})" for each in expectations if each.name in missing)
        message = f"{suite.file}: Great Expectations does not know the type of {', '.join(kinds)}"
        raise BadSuite(message)
    return taken
