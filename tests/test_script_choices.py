"""What becomes of a page whatever script is chosen: the same metadata, the text in its own script."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import clean, rebuild
from pipeline.edits import Edit, Layer, StaleEdit
from pipeline.options import Choices, Script
from pipeline.script.conversion import converter, simplified
from pipeline.text import Finding, Outcome, Text, View

PAGE = (
    "标题：关于产业的通知\n发布日期：2023年5月9日\n来源：新华社\n\n新华社北京5月9日电（记者张三）推动人工智能发展。\n"
    "一、总体要求\n支持企业。\n（责任编辑：李四）\n分享让更多人看到\n"
)
BODY = "推动人工智能发展。\n一、总体要求\n支持企业。"
TRADITIONAL = converter("s2t").convert


@pytest.mark.parametrize(
    ("page", "script", "body"),
    [
        (PAGE, "hans", BODY),
        (PAGE, "keep", BODY),
        (PAGE, "hant", TRADITIONAL(BODY)),
        (TRADITIONAL(PAGE), "hans", BODY),
        (TRADITIONAL(PAGE), "keep", TRADITIONAL(BODY)),
        (TRADITIONAL(PAGE), "hant", TRADITIONAL(BODY)),
    ],
)
def test_metadata_is_read_in_either_script(page: str, script: Script, body: str) -> None:
    """Labels, datelines and furniture are known in Simplified script; the text is in the one that was chosen."""
    document = clean(page.encode(), choices=Choices(script=script))
    fields, text = document.fields, document.text or ""

    assert body == text
    assert ("关于产业的通知", "新华社") == (simplified(fields["title"]), simplified(fields["source_name"]))
    assert (dt.date(2023, 5, 9), "policy", ["李四"]) == (
        fields["date_published"],
        fields["doc_type"],
        fields["editors"],
    )
    assert [text[10:16]] == [section["marker"] + section["title"] for section in fields["sections"]]
    assert page.encode() == rebuild(document)


def cut_title(view: View) -> Outcome:
    """A step that knows its words in Simplified script."""
    at = view.text.find("标题")
    return (
        Outcome([Edit(at, "标题", "", "field.title")], [Finding("label", "标题", (at, at + 2))])
        if at >= 0
        else Outcome()
    )


@given(st.text(st.sampled_from("標題标题業甲"), max_size=8))
def test_a_step_on_a_shadow_edits_the_text(text: str) -> None:
    """It cuts what it would have cut in the shadow, the account has what the text had, and undoing restores it."""
    plain, seen = Text(simplified(text)).revise(cut_title), Text(text).revise(cut_title, shadow=simplified)

    assert plain.value == simplified(seen.value)
    assert text == seen.original
    assert [text[slice(*finding.span)] for finding in seen.findings] == [finding.value for finding in seen.findings]


def test_edits_of_one_text_are_refused_on_a_longer_one() -> None:
    """Positions would not be the same."""
    with pytest.raises(StaleEdit, match="2 code points, this one has 3"):
        Layer.of("标题", [Edit(0, "标", "", "x.y")]).on("標題甲")
