"""Targets of English texts: By 2025, … reach 300 billion yuan; the highest reward is 5 million yuan.

Here belongs how English states them. Chinese clauses are read in :mod:`pipeline.enrichment.target_clauses`.
"""

from __future__ import annotations

import re

from pipeline.enrichment.target_rows import Target

_NUMBER = r"(?P<value>\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,4})?|\d{1,9}(?:\.\d{1,4})?)"
_SCALES = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_MONEY = rf"(?P<amount>(?:RMB[ ]?)?{_NUMBER}(?:[ ](?P<scale>million|billion|trillion))?[ ](?:yuan|RMB))\b"
_CEILING = re.compile(
    rf"\b(?:the[ ])?(?:highest|maximum)[ ](?P<what>reward|subsidy|grant|award|bonus)(?:[ ](?:is|of|reaches"
    rf"|will[ ]be))?(?:[ ]up[ ]to)?[ ]{_MONEY}",
    re.IGNORECASE,
)
_FIRST_PHASE = re.compile(
    rf"\bthe[ ]first[ ]phase[ ]of[ ](?P<amount>{_NUMBER}[ ]square[ ]met(?:er"
    rf"|re)s)[ ]of[ ](?P<what>[a-z][a-z -]{{2,60}})"
)
_BY_YEAR = re.compile(
    r"\b[Bb]y[ ](?:the[ ]end[ ]of[ ])?(?P<year>20\d\d),?[ ](?P<what>[^,.;\n]{3,120}?)[ ](?:will|should"
    r"|is[ ]to|are[ ]to)[ ]"
    rf"(?P<verb>reach|exceed|surpass|total)[ ](?P<over>more[ ]than[ ]|over[ ]|at[ ]least[ ])?(?:{_MONEY}"
    rf"|(?P<share>{_NUMBER.replace('value', 'percent')}[ ]?(?:%|percent)))"
)
_RELATIONS = {"reach": ">=", "total": "=", "exceed": ">", "surpass": ">"}


def english_targets(text: str) -> list[Target]:
    """The targets of an English text.

    >>> one, = english_targets("For experts, the highest reward is 5 million yuan; others get less.")
    >>> one.kind, one.value, one.unit, one.relation
    ('ceiling', 5000000.0, 'CNY', '<=')

    The size of what a plan provides (the first phase of 1,700 square meters) is a `fact`. Left alone: every figure in
    any other form.
    """
    rows = [_row(match, "ceiling", _value(match), ("CNY", "<="), None) for match in _CEILING.finditer(text)]
    rows += [_row(match, "fact", _value(match), ("m2", "="), None) for match in _FIRST_PHASE.finditer(text)]
    for match in _BY_YEAR.finditer(text):
        relation = ">" if (match["over"] or "").startswith(("more", "over")) else _RELATIONS[match["verb"]]
        year = int(match["year"])
        if match["share"]:
            value = float(f"{float(match['percent'].replace(',', '')) / 100:.12g}")
            rows.append(_row(match, "target", value, ("ratio", relation), year))
        else:
            rows.append(_row(match, "target", _value(match), ("CNY", relation), year))
    return rows


def _value(match: re.Match[str]) -> float:
    scale = match.groupdict().get("scale") or ""
    return float(match["value"].replace(",", "")) * _SCALES[scale.lower()]


def _row(match: re.Match[str], kind: str, value: float, said: tuple[str, str], year: int | None) -> Target:
    unit, relation = said
    amount = "share" if match.groupdict().get("share") else "amount"
    return Target(
        kind,
        match["what"],
        value,
        None,
        unit,
        relation,
        year,
        None if year is None else "sentence",
        match.group(),
        match.start(),
        match.end(),
        *match.span(amount),
        *match.span("what"),
    )
