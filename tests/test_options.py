"""The options: one definition, which the UI, the command line and the environment show alike, and what each does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from pipeline import clean, rebuild, recipe
from pipeline.__main__ import main
from pipeline.furniture import read_lexicon
from pipeline.options import (
    CLEANING,
    COLLECTION,
    CONFLICTS,
    JUDGING,
    MAXIMUM_LOSSY_SHARE,
    PAGES,
    PAGES_URL,
    PLACES,
    PRESET,
    PRESET_THRESHOLDS,
    RAW,
    RUNNING,
    THRESHOLDS,
    BadOption,
    Choices,
    Option,
    Thresholds,
)
from pipeline.orchestration.settings import Settings
from pipeline.stages import table_metadata

OPTIONS = (*PLACES, *RUNNING, *CLEANING, *JUDGING)
SHOWN = (*PLACES, *PAGES, *RUNNING, *CLEANING, *JUDGING)
OF_COMMANDS = {
    "build": OPTIONS,
    "judge": (*PLACES[1:], *JUDGING),
    "clean": (*CLEANING, *THRESHOLDS),
    "explain": (*CLEANING, *THRESHOLDS),
}
NO_ADDRESS = "--pages-url is 'javascript:x': give an address that begins with http, or nothing"
README = Path(__file__).parents[1] / "README.md"
TRADITIONAL = "推動人工智能產業發展，應當統籌規劃，加強數據開放，培育龍頭企業，完善標準體系。\n"
FOLDED = "推进算力,发展模型;完善标准:一是开放,二是共享。\n" * 5
CONFLICT = (
    "设立试点。\n<<<<<<< HEAD\n全市设立三个试点区。\n=======\n全市设立五个试点区。\n>>>>>>> b\n各区要抓好落实。\n"
)
LEXICON = Path(__file__).parent / "lexicons" / "portal.json"
PORTAL = "政务公开\n甲市之窗\n算力中心开工\n推动算力中心建设，中心昨日在新区开工，明年建成。\n甲市之窗\n"
LOSSY = "各区要抓好落实，" + "\ufffd" * 3 + "按季度报告进展，重大事项随时报告。"


# ------------------------------------------------------------------------------------------------ one definition
@pytest.mark.parametrize("option", SHOWN, ids=lambda option: option.name)
def test_the_ui_shows_every_option_with_its_sentence_and_default(option: Option[Any]) -> None:
    """Name, sentence, values and default in the launchpad are those of the definition."""
    shown = Settings.model_fields[option.name]
    assert option.default == shown.default
    assert option.sentence in (shown.description or "")
    assert option.what_it_may_be in (shown.description or "")
    assert option.variable in (shown.description or "")


def test_the_ui_has_no_option_of_its_own() -> None:
    """Nor has a library call."""
    assert [option.name for option in SHOWN] == list(Settings.model_fields)
    assert [option.name for option in CLEANING] == [field.name for field in fields(Choices)]
    assert [option.name for option in THRESHOLDS] == [field.name for field in fields(Thresholds)]


def test_the_presets_of_a_library_call_are_those_of_the_definition() -> None:
    """`clean` without choices, a build without options and the launchpad as it opens do the same."""
    assert {option.name: option.preset for option in CLEANING} == {
        option.name: getattr(PRESET, option.name) for option in CLEANING
    }
    assert PRESET == Settings().choices
    assert {option.name: option.preset for option in THRESHOLDS} == PRESET_THRESHOLDS.values
    assert PRESET_THRESHOLDS == Settings().thresholds


@pytest.mark.parametrize("command", OF_COMMANDS)
def test_the_command_line_shows_every_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With its sentence and its name in the environment; a single document has no place and no collection."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    for option in OF_COMMANDS[command]:
        assert option.flag in shown
        assert option.sentence in shown
        assert option.variable in shown


@pytest.mark.parametrize("option", SHOWN, ids=lambda option: option.name)
def test_the_environment_sets_every_option(option: Option[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that the option may have holds; an empty one counts as none."""
    word = "http://localhost:1" if option.kind == "address" else "other"
    other = option.choices[-1] if option.choices else word if isinstance(option.preset, str) else 1
    monkeypatch.setenv(option.variable, str(other))
    assert other == option.default
    monkeypatch.setenv(option.variable, "")
    assert option.preset == option.default


def test_the_launchpad_opens_with_what_the_environment_says() -> None:
    """Who runs a build every night sets it up once."""
    code = "from pipeline.orchestration.settings import Settings; print(Settings().script, Settings().minimum_han)"
    environment = {"ZHENGWEN_SCRIPT": "keep", "ZHENGWEN_MINIMUM_HAN": "20"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert "keep 20" == done.stdout.strip()


@pytest.mark.parametrize(
    ("option", "given", "problem"),
    [
        (CONFLICTS, "mine", "--conflicts is 'mine': give smart, ours, theirs or both"),
        (MAXIMUM_LOSSY_SHARE, "1.5", "--maximum-lossy-share is 1.5: give a number, 0 to 1"),
        (MAXIMUM_LOSSY_SHARE, "nan", "--maximum-lossy-share is nan: give a number, 0 to 1"),
        (MAXIMUM_LOSSY_SHARE, "a tenth", "--maximum-lossy-share is 'a tenth': give a number, 0 to 1"),
        (PAGES_URL, "javascript:x", NO_ADDRESS),
        (COLLECTION, "甲市\udcff", "--collection is '甲市\\udcff': give the name of a collection"),
        (COLLECTION, "甲\u202e市", "--collection is '甲\\u202e市': give the name of a collection"),
        (COLLECTION, "a\x1bb", "--collection is 'a\\x1bb': give the name of a collection"),
        (RAW, " ", "--raw is empty: give the name of a folder"),
        (RAW, "a\0b", "--raw is 'a\\x00b': give the name of a folder"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_one_line(option: Option[Any], given: str, problem: str) -> None:
    """What, where, and what to give instead."""
    with pytest.raises(BadOption) as refused:
        option.read(given)
    assert problem == str(refused.value)


def test_a_bad_value_in_the_environment_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Who did not type an option looks for it in the wrong place."""
    (tmp_path / "a.txt").write_text(TRADITIONAL, "utf-8")
    monkeypatch.setenv("ZHENGWEN_SCRIPT", "simplified")
    assert 2 == main(["clean", str(tmp_path / "a.txt")])
    assert "pipeline: ZHENGWEN_SCRIPT is 'simplified': give hans, hant or keep\n" == capsys.readouterr().err


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_readme_shows_every_option_with_its_preset(option: Option[Any]) -> None:
    """A row each, with what it is called in either place."""
    row = next(line for line in README.read_text("utf-8").splitlines() if line.startswith(f"| `{option.flag} "))
    preset = "none" if option.preset == "" else f"`{option.preset}`"
    assert f"| `{option.variable}` | {preset} |" in row
    assert "\\|".join(option.choices) in row


# ------------------------------------------------------------------------------------------------ what each does
def test_script_keep_leaves_traditional_as_it_is_and_says_so() -> None:
    """The language of the text is that of its script, whatever was chosen."""
    converted, kept = clean(TRADITIONAL.encode()), clean(TRADITIONAL.encode(), choices=Choices(script="keep"))
    assert ("zh-Hans", "zh-Hant") == (converted.fields["language"], converted.fields["raw_language"])
    assert ("zh-Hant", "zh-Hant") == (kept.fields["language"], kept.fields["raw_language"])
    assert TRADITIONAL.strip() == kept.text
    assert kept.fields["text_original_script"] is None
    assert "script_converted" not in kept.flags


def test_script_corrections_can_be_left_out() -> None:
    """Without the lists, conversion is the package's: 昇騰 is a word of its dictionaries."""
    text = "華為昇騰晶片的產業發展，推動創新，遶行城市。".encode()

    assert "华为昇腾晶片的产业发展，推动创新，绕行城市。" == clean(text).text
    assert (
        "华为升腾晶片的产业发展，推动创新，遶行城市。" == clean(text, choices=Choices(script_corrections="leave")).text
    )


def test_script_hant_converts_the_other_way() -> None:
    """The dataset says so: language, script as written, and the text in its own script."""
    document = clean("推动人工智能产业发展，鼓励企业创新。".encode(), choices=Choices(script="hant"))

    assert "推動人工智能產業發展，鼓勵企業創新。" == document.text
    assert ("zh-Hant", "zh-Hans", "Hans") == tuple(document.fields[n] for n in ("language", "raw_language", "script"))
    assert "推动人工智能产业发展，鼓励企业创新。" == document.fields["text_original_script"]


def test_punctuation_keep_leaves_folded_marks() -> None:
    """The marks stay, and nothing is flagged."""
    assert "算力，" in (clean(FOLDED.encode()).text or "")
    kept = clean(FOLDED.encode(), choices=Choices(punctuation="keep"))
    assert "算力," in (kept.text or "")
    assert "punct_restored" not in kept.flags


@pytest.mark.parametrize(("policy", "stays"), [("ours", "三"), ("theirs", "五"), ("both", "三五")])
def test_conflicts_says_which_side_stays(policy: Any, stays: str) -> None:  # noqa: ANN401  one of a closed list
    """Between two rival sentences no rule decides."""
    text = clean(CONFLICT.encode(), choices=Choices(conflicts=policy)).text or ""
    assert stays == "".join(sign for sign in "三五" if f"{sign}个试点区" in text)


def test_thresholds_set_aside_what_they_say() -> None:
    """Each moves its reason, and nothing else."""
    content = LOSSY.encode()
    assert clean(content).verdict.accepted is True
    assert "lossy_mojibake" == clean(content, thresholds=Thresholds(maximum_lossy_share=0.05)).verdict.reason
    plain = TRADITIONAL.encode()
    assert "too_short" == clean(plain, thresholds=Thresholds(minimum_han=100)).verdict.reason
    assert "too_large" == clean(plain, thresholds=Thresholds(maximum_characters=20)).verdict.reason
    assert "too_large" == clean(plain, choices=Choices(maximum_bytes=20)).verdict.reason


def test_furniture_cuts_what_a_lexicon_knows() -> None:
    """At both ends; without one it stays."""
    document = clean(PORTAL.encode(), choices=Choices(furniture=str(LEXICON)))
    assert "算力中心开工\n推动算力中心建设，中心昨日在新区开工，明年建成。" == document.text
    rules = [edit.rule for layer in document.layers for edit in layer]
    assert 3 == rules.count("boilerplate.learned")
    assert PORTAL.encode() == rebuild(document)
    assert PORTAL.strip() == clean(PORTAL.encode()).text


@pytest.mark.parametrize("script", ["hans", "hant", "keep"])
def test_furniture_is_known_in_either_script(script: Any) -> None:  # noqa: ANN401  one of a closed list
    """A line is compared in Simplified script, whatever the page is published in."""
    page = PORTAL.replace("务", "務").replace("开", "開").replace("设", "設").replace("动", "動")
    choices = Choices(furniture=str(LEXICON), script=script)
    document = clean(page.encode(), choices=choices)
    history = document.history
    cut = [
        history.origin((edit.start, edit.start + len(edit.before)), depth=depth)
        for depth, layer in enumerate(document.layers)
        for edit in layer
        if edit.rule == "boilerplate.learned"
    ]
    assert ["政務公開", "甲市之窗", "甲市之窗"] == [page[start:end].strip() for start, end in cut]
    assert page.encode() == rebuild(document)


def test_furniture_from_the_environment_holds_on_the_command_line_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What a library call does follows from its arguments."""
    (tmp_path / "a.txt").write_text(PORTAL, "utf-8")
    monkeypatch.setenv("ZHENGWEN_FURNITURE", str(LEXICON))
    assert 0 == main(["clean", str(tmp_path / "a.txt")])
    assert capsys.readouterr().out.startswith("算力中心开工\n")
    assert 0 == main(["clean", str(tmp_path / "a.txt"), "--furniture", ""])
    assert capsys.readouterr().out.startswith("政务公开\n")
    assert PORTAL.strip() == clean(PORTAL.encode(), choices=Choices()).text


def test_furniture_from_the_launchpad() -> None:
    """Its path is what a person types, its content what holds."""
    assert Choices(furniture=str(LEXICON)) == Settings(furniture=str(LEXICON)).choices


def test_a_lexicon_counts_by_what_is_in_it_and_not_by_its_path(tmp_path: Path) -> None:
    """Two paths to the same lines: one choice, one recipe, the same tables; and the path stands nowhere."""
    there = tmp_path / "elsewhere.json"
    there.write_text(json.dumps(json.loads(LEXICON.read_text("utf-8"))), "utf-8")
    one, other = Choices(furniture=str(LEXICON)), Choices(furniture=str(there))

    assert one == other
    assert table_metadata(one) == table_metadata(other)
    assert {"furniture": read_lexicon(LEXICON).fingerprint} == json.loads(table_metadata(one)["options"])
    assert recipe.fingerprint(one) != recipe.fingerprint()


def test_a_lexicon_is_read_once(tmp_path: Path) -> None:
    """What becomes of the file while a run goes on does not matter to it."""
    there = Path(shutil.copy(LEXICON, tmp_path))
    choices = Choices(furniture=str(there))
    there.write_text("no longer a lexicon", "utf-8")
    assert (clean(PORTAL.encode(), choices=choices).text or "").startswith("算力中心开工")


@pytest.mark.parametrize("command", ["build", "clean", "explain"])
def test_a_lexicon_that_cannot_be_used_is_refused_in_one_line(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What, where, what to do; before anything is read or written."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(PORTAL, "utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(LEXICON.read_text("utf-8").replace("政务公开", "贯彻落实"), "utf-8")
    places = ["--raw", str(tmp_path / "raw"), "--output", str(tmp_path / "out")]
    arguments = places if command == "build" else [str(tmp_path / "raw" / "a.txt")]

    assert 2 == main([command, *arguments, "--furniture", str(changed)])
    said = capsys.readouterr()
    assert "" == said.out
    assert 1 == len(said.err.splitlines())
    assert f"the furniture lexicon '{changed}' was changed" in said.err
    assert "take the change back, or learn it anew" in said.err
    assert not (tmp_path / "out").exists()


def test_a_choice_is_part_of_the_fingerprint_and_a_preset_is_not() -> None:
    """Two datasets with one fingerprint were made in one way."""
    assert recipe.fingerprint() == recipe.fingerprint(Choices(script="hans"))
    prints = {recipe.fingerprint(Choices(script="keep")), recipe.fingerprint(Choices(punctuation="keep"))}
    assert 2 == len(prints - {recipe.fingerprint()})


def test_a_limit_is_no_part_of_what_the_stages_make() -> None:
    """It has a fingerprint of its own, so that what was cleaned by others can be judged by it."""
    limits = Thresholds(minimum_han=9)
    assert {} == Choices().changed
    assert {"minimum_han": 9} == limits.changed
    assert recipe.judging_fingerprint(limits) != recipe.judging_fingerprint()
    assert not {option.name for option in JUDGING} & table_metadata().keys()
    assert not set(Thresholds().values) & set(Choices().values)


def test_limits_that_cannot_be_are_refused() -> None:
    """By the name of the argument."""
    with pytest.raises(BadOption, match=r"^maximum_repeated_share is 2: give a number, 0 to 1$"):
        Thresholds(maximum_repeated_share=2)


def test_steps_keep_their_names_whatever_they_are_set_to() -> None:
    """The account of a document does not tell of the object that made it."""
    names = [step.__name__ for stage in recipe.STAGES for step in stage.steps]
    chosen = recipe.stages(Choices(script="keep", conflicts="ours"))
    assert names == [step.__name__ for stage in chosen for step in stage.steps]
