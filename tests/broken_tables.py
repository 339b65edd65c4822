"""What can be wrong with a dataset, and which expectations are to say so: a damage a line.

Here belongs every damage that an expectation written by hand is there for. How rows are damaged is in
``breaking_tables.py``; damages that follow from the data dictionary are made in ``test_expectations_fire.py``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

from breaking_tables import (
    COMMA,
    CONTROL,
    CONVERTED,
    INNER,
    INSERTED,
    LAST_COMMA,
    LESSON,
    LONE,
    NEWS,
    OF_LESSON,
    OF_NEWS,
    OUTER,
    PHONE,
    PINYIN,
    PLAN,
    SIMPLIFIED,
    TITLE,
    TRADITIONAL,
    called,
    change,
    deleted_mostly,
    drop,
    elsewhere,
    last_named,
    orphaned,
    outside,
    renamed,
    several,
    shift,
    twice,
    with_empty_section,
    with_section,
    with_section_from,
    with_text,
    without_conflicts,
)
from broken_clusters import DAMAGES_OF_CLUSTERS, NOBODY
from broken_readings import DAMAGES_OF_READINGS
from sound_dataset import ENGLISH, IN_JSON, IN_OPEN, JSON_ALONE, OPEN_ALONE

from pipeline.time_limit import ENDED, NO_END

if TYPE_CHECKING:
    from collections.abc import Mapping

    from breaking_tables import Damage
    from sound_dataset import Rows

    Damages: TypeAlias = Mapping[str, tuple[Damage, set[str]]]

LONG = "各区要明确责任部门，按季度报告进展，重大事项随时报告，确保各项任务落到实处，并及时总结推广好的经验和做法。"


OF_DOCUMENTS: Damages = {
    "a flag that is not on the list": (
        change("documents", LESSON, quality_flags=["odd"]),
        {"documents.quality_flags_known"},
    ),
    "flags that are not sorted": (
        change("documents", LESSON, quality_flags=["title_missing", "source_missing"]),
        {"documents.quality_flags_known"},
    ),
    "the hash of another text": (change("documents", NEWS, text_sha256="0" * 64), {"documents.text_sha256_fits"}),
    "a wrong length": (
        change("documents", NEWS, char_count=7),
        {"documents.char_count_fits", "documents.text_of_usual_length"},
    ),
    "a wrong count of Han": (change("documents", NEWS, han_count=7), {"documents.han_count_fits"}),
    "a wrong count of what is lost": (change("documents", NEWS, lost_count=7), {"documents.lost_count_fits"}),
    "a wrong count of letters": (change("documents", NEWS, letter_count=170), {"documents.letter_count_fits"}),
    "a wrong share of Han": (change("documents", NEWS, han_share_0_to_1=0.5), {"documents.han_share_fits"}),
    "a wrong share of marks": (
        change("documents", NEWS, punctuation_share_0_to_1=0.5),
        {"documents.punctuation_share_fits"},
    ),
    "lines that are said to be there twice": (
        change("documents", NEWS, repeated_share_0_to_1=0.5),
        {"documents.repeated_share_fits"},
    ),
    "other writing without a name": (
        change("documents", NEWS, foreign_share_0_to_1=0.25),
        {"documents.foreign_writing_agrees"},
    ),
    "less than no other writing": (
        change("documents", NEWS, foreign_share_0_to_1=-0.5),
        {"documents.foreign_share_in_range"},
    ),
    "spam without a phrase": (change("documents", NEWS, spam_share_0_to_1=0.01), {"documents.spam_share_agrees"}),
    "less than no spam": (change("documents", NEWS, spam_share_0_to_1=-0.5), {"documents.spam_share_in_range"}),
    "a document that a limit speaks against": (
        change("documents", NEWS, spam_phrase_count=9, spam_share_0_to_1=0.75),
        {"documents.limits_kept"},
    ),
    "a document that was admitted for nothing": (
        change("documents", LESSON, quality_flags=["readmitted"]),
        {"documents.limits_kept"},
    ),
    "a wrong count of lines": (change("documents", NEWS, paragraph_count=7), {"documents.paragraph_count_fits"}),
    "an id that is not the hash's beginning": (
        renamed(lambda was: was[::-1]),
        {"documents.id_from_raw_bytes", "documents.listed_in_files", "files.published_is_document"},
    ),
    "an id in capitals": (
        renamed(str.upper),
        {
            "documents.id_well_formed",
            "documents.id_from_raw_bytes",
            "documents.listed_in_files",
            "files.published_is_document",
        },
    ),
    "a document twice": (
        twice("documents", LESSON),
        {
            "documents.id_unique",
            "documents.raw_path_unique",
            "documents.text_and_name_unique",
            "documents.cluster_size_fits",
            "documents.canonical_basis_fits",
        },
    ),
    "one path for two documents": (
        lambda rows: rows["documents"][NEWS].update(raw_path=rows["documents"][LESSON]["raw_path"]),
        {"documents.raw_path_unique", "documents.listed_in_files", "files.published_is_document"},
    ),
    "one text twice": (
        lambda rows: with_text(rows["documents"][LESSON]["text"])(rows),
        {"documents.text_and_name_unique"},
    ),
    "a document from outside": (
        change("documents", NEWS, raw_path="../base.txt"),
        {"documents.raw_path_relative", "documents.listed_in_files", "files.published_is_document"},
    ),
    "a hash that is too short": (
        change("documents", LESSON, raw_sha256="0" * 63),
        {"documents.raw_sha256_well_formed", "documents.id_from_raw_bytes", "documents.listed_in_files"},
    ),
    "a document that nobody lists": (
        change("files", LESSON, status="duplicate", doc_id=None, duplicate_of=None),
        {"documents.listed_in_files", "files.published_is_document", "files.duplicate_has_original"},
    ),
    "a script as an address": (change("documents", NEWS, url="javascript:x"), {"documents.url_is_web_address"}),
    "an address that runs on": (
        change("documents", PLAN, url="https://example.org 来源"),
        {"documents.url_well_formed"},
    ),
    "a title that is said to be absent": (change("documents", NEWS, title="A base"), {"documents.title_agrees"}),
    "a title with half of its brackets": (
        change("documents", PLAN, title_status="stated"),
        {"documents.title_balanced"},
    ),
    "a date without its basis": (
        change("documents", NEWS, date_published=dt.date(2020, 1, 1)),
        {"documents.date_published_explained"},
    ),
    "a date in the future": (
        change("documents", PLAN, date_published=dt.date(2999, 1, 1), published_at=None),
        {"documents.date_published_plausible"},
    ),
    "a time on another day": (
        change("documents", PLAN, date_published=dt.date(2018, 1, 17)),
        {"documents.published_at_agrees"},
    ),
    "a role that is not known": (
        lambda rows: rows["documents"][PLAN]["dates"][0].update(role="birthday"),
        {"documents.dates_known"},
    ),
    "a code of five digits": (
        change("documents", NEWS, region_codes=["11010"]),
        {"documents.region_codes_well_formed"},
    ),
    "views below zero": (change("documents", PLAN, view_count=-1), {"documents.view_count_not_negative"}),
    "another value in the JSON lines": (
        change("documents", NEWS, **{IN_JSON: {"title": "A base"}}),
        {"documents.json_lines_fit"},
    ),
    "a time of another zone in the JSON lines": (
        change("documents", PLAN, **{IN_JSON: {"published_at": "2018-01-18T00:25:00+08:00"}}),
        {"documents.json_lines_fit"},
    ),
    "another value in the open copy": (
        change("documents", PLAN, rights_status="cn_art5_exempt", **{IN_OPEN: {"title": "A base"}}),
        {"documents.open_copies_fit"},
    ),
    "no open copy": (
        change("documents", PLAN, rights_status="cn_art5_exempt", **{IN_OPEN: None}),
        {"documents.open_copies_fit"},
    ),
    "a copy of a document that is not open": (
        change("documents", NEWS, **{IN_OPEN: {"title": "A base"}}),
        {"documents.open_copies_fit"},
    ),
    "an edit that put something else there": (change("edits", COMMA, after="；"), {"documents.edits_replay"}),
    "an edit behind the end of its text": (
        shift("edits", CONTROL, start=1_000, end=1_000, out_start=1_000),
        {"documents.edits_replay"},
    ),
    "two thirds of a file deleted": (deleted_mostly, {"documents.raw_text_mostly_kept"}),
}

OF_TEXTS: Damages = {
    "a blank line": (with_text(LONG + "\n\n" + LONG), {"documents.text_without_blank_lines"}),
    "a control character": (with_text(LONG + "\x07。"), {"documents.text_without_control_characters"}),
    "a no-break space": (with_text(LONG + "\u00a0。"), {"documents.text_without_invisible_spaces"}),
    "a lost character": (with_text(LONG + "\ufffd。"), {"documents.text_without_lost_characters"}),
    "mojibake": (with_text(LONG + "锟斤拷锟斤拷。"), {"documents.text_without_mojibake"}),
    "UTF-8 read as Latin-1": (
        with_text(LONG + "äººå·¥æ™ºèƒ½ Ã\x80Ã\x81Ã\x82"),
        {"documents.text_without_mojibake", "documents.text_without_control_characters"},
    ),
    "an open conflict": (
        with_text(f"{LONG}\n<<<<<<< HEAD\n设立三个试点。\n=======\n设立五个试点。\n>>>>>>> draft\n{LONG}"),
        {"documents.text_without_open_conflicts"},
    ),
    "pinyin behind characters": (
        with_text("产(chǎn)业(yè)发(fā)展(zhǎn)数(shù)据" * 6 + LONG),
        {"documents.text_without_pinyin_artefacts"},
    ),
    "tags of a page": (with_text(LONG + "<br/>&nbsp;"), {"documents.text_without_markup"}),
    "a label at the head": (with_text("来源：某报\n" + LONG), {"documents.text_without_label_at_its_head"}),
    "the end marker": (with_text(LONG + "（完）"), {"documents.text_without_end_marker"}),
    "the editor's line": (with_text(LONG + "\n（责任编辑：张三）"), {"documents.text_without_editor_line"}),
    "an invitation to share": (with_text(LONG + "\n分享让更多人看到"), {"documents.text_without_share_lines"}),
    "a disclaimer": (with_text(LONG + "\n本网转载并不代表本网赞同其观点。"), {"documents.text_without_disclaimer"}),
    "a mail address": (with_text(LONG + "联系邮箱：office@example.org。"), {"documents.text_without_mail_addresses"}),
    "a mobile number": (with_text(LONG + "电话：13800138000。"), {"documents.text_without_mobile_numbers"}),
    "an identity number": (
        with_text(LONG + "证件号：110101199003070011。"),
        {"documents.text_without_identity_numbers"},
    ),
    "folded punctuation": (with_text(LONG.replace("，", ",") * 6), {"documents.punctuation_full_width"}),
    "Traditional characters": (with_text("產業發展與數據開放，應當協調推進。" * 4), {"documents.script_simplified"}),
    "Latin letters for Han": (
        with_text("算力中心 " + "data center operations " * 12 + "建设。"),
        {"documents.han_prevails"},
    ),
    "a text that is not composed": (with_text(ENGLISH + " Cafe\u0301."), {"documents.text_composed"}),
    "hardly any text": (with_text("短文。"), {"documents.text_of_usual_length", "documents.limits_kept"}),
    "no text": (with_text(""), {"documents.text_not_empty", "documents.text_of_usual_length", "documents.limits_kept"}),
}

OF_SECTIONS: Damages = {
    "a section that ends behind the text": (
        with_section(char_end=9_999),
        {"documents.sections_nest", "sections.ends_in_text"},
    ),
    "a section that starts before the text": (
        with_section(0, char_start=-1),
        {"documents.sections_nest", "documents.sections_begin_with_heading", "sections.char_start_not_negative"},
    ),
    "a section that starts in its heading": (with_section_from(1, 1), {"documents.sections_begin_with_heading"}),
    "a section that starts in the one before": (
        with_section_from(2, -9),
        {"documents.sections_nest", "documents.sections_begin_with_heading", "sections.behind_siblings"},
    ),
    "a section with nothing in it": (
        with_empty_section,
        {"documents.sections_nest", "documents.sections_begin_with_heading", "sections.char_end_behind_start"},
    ),
    "a level above the first": (with_section(level=0), {"documents.sections_nest", "sections.level_in_range"}),
    "a section that lies in itself": (with_section(parent=1), {"documents.sections_nest", "sections.parent_before"}),
    "a section that is not in the table": (drop("sections", 1), {"documents.sections_tabled"}),
    "a section that is in the table alone": (
        change("sections", 1, title="基本要求"),
        {"sections.listed_in_document"},
    ),
    "a section twice": (
        twice("sections", 0),
        {"documents.sections_tabled", "sections.index_unique", "sections.behind_siblings"},
    ),
    "a section of nobody": (
        orphaned("sections", 1),
        {
            "documents.sections_tabled",
            "sections.document_exists",
            "sections.listed_in_document",
            "sections.ends_in_text",
        },
    ),
}

OF_EDITS: Damages = {
    "edits of nobody": (
        several(orphaned("edits", INSERTED), orphaned("edits", CONTROL)),
        {"edits.document_exists", "conflicts.removed_by_edits"},
    ),
    "a gap in the numbers": (change("edits", CONTROL, seq=5), {"edits.seq_consecutive"}),
    "a number twice": (change("edits", CONTROL, seq=0), {"edits.seq_unique", "edits.seq_consecutive"}),
    "a layer that comes too soon": (change("edits", TITLE, layer=9), {"edits.layers_follow"}),
    "a stage that comes too soon": (
        change("edits", CONTROL, stage="decode", step="strip_byte_order_mark"),
        {"edits.layers_follow"},
    ),
    "two edits on one place": (
        shift("edits", LAST_COMMA, start=-9, end=-9, out_start=-9),
        {"edits.apart", "documents.edits_replay"},
    ),
    "an edit before the text": (
        shift("edits", TITLE, start=-1, end=-1, out_start=-1),
        {"edits.start_not_negative", "documents.edits_replay"},
    ),
    "an end that is too far": (shift("edits", TITLE, end=1), {"edits.end_fits_before"}),
    "a place in the output that is too far": (shift("edits", CONTROL, out_start=1), {"edits.out_start_fits"}),
    "a deletion that is called an insertion": (change("edits", PINYIN, op="insert"), {"edits.op_fits"}),
    "a move that puts something there": (
        change("edits", COMMA, moved_to="title", rule="field.title"),
        {"edits.op_fits"},
    ),
    "an edit that changes nothing": (change("edits", COMMA, before="，"), {"edits.changes_something"}),
    "a move to no column": (
        change("edits", TITLE, moved_to="heading", rule="field.heading"),
        {"edits.moved_to_column", "edits.rule_known"},
    ),
    "a move to another column than the rule's": (change("edits", TITLE, moved_to="summary"), {"edits.moved_to_column"}),
    "a redaction that shows everything": (change("edits", PINYIN, redacted=True), {"edits.masks_where_redacted"}),
    "a mask that nobody speaks of": (change("edits", PHONE, redacted=False), {"edits.redacted_where_masks"}),
    "a rule that nobody knows": (change("edits", COMMA, rule="punctuation.odd"), {"edits.rule_known"}),
    "a step of another stage": (change("edits", COMMA, step="strip_pinyin"), {"edits.step_known"}),
    "a version that is none": (change("edits", COMMA, rule_version="1.0"), {"edits.rule_version_well_formed"}),
}

OF_CONFLICTS: Damages = {
    "a conflict of nobody": (
        orphaned("conflicts", LONE),
        {"conflicts.document_exists", "conflicts.removed_by_edits", "conflicts.index_consecutive"},
    ),
    "a conflict that is left out": (drop("conflicts", INNER), {"conflicts.index_consecutive"}),
    "a number of two conflicts": (
        change("conflicts", LONE, conflict_index=1),
        {"conflicts.index_unique", "conflicts.index_consecutive"},
    ),
    "a conflict that no flag tells of": (
        change("documents", NEWS, quality_flags=["conflict_markers_removed"]),
        {"documents.conflicts_flagged"},
    ),
    "a flag without a conflict": (
        change("documents", LESSON, quality_flags=["conflict_resolved"]),
        {"documents.conflicts_flagged"},
    ),
    "a lone marker that is taken for a conflict": (
        several(
            change("conflicts", OUTER, resolution="lone_marker"), change("conflicts", INNER, resolution="lone_marker")
        ),
        {"documents.conflicts_flagged", "conflicts.sides_there"},
    ),
    "markers that no flag tells of": (
        change("documents", NEWS, quality_flags=["conflict_resolved"]),
        {"documents.markers_flagged"},
    ),
    "conflicts that edits alone tell of": (without_conflicts, {"documents.conflicts_tabled"}),
    "conflicts that no edit tells of": (
        change("edits", INSERTED, rule="character.control"),
        {"conflicts.removed_by_edits"},
    ),
    "a conflict before the text": (shift("conflicts", OUTER, start=-9), {"conflicts.start_not_negative"}),
    "a conflict with nothing in it": (
        shift("conflicts", LONE, start=15),
        {"conflicts.end_behind_start", "conflicts.sides_inside"},
    ),
    "a conflict that comes too late": (shift("conflicts", INNER, start=-15), {"conflicts.in_order"}),
    "two conflicts that cross": (shift("conflicts", INNER, end=99), {"conflicts.apart"}),
    "markers of no style": (change("conflicts", OUTER, style=""), {"conflicts.style_stated"}),
    "a label of no letters": (change("conflicts", OUTER, label_base=""), {"conflicts.labels_say_something"}),
    "a side that is kept back": (change("conflicts", OUTER, theirs=None), {"conflicts.sides_there"}),
    "a conflict of which the ancestor alone is told": (
        change("conflicts", OUTER, ours=None, theirs=None),
        {"conflicts.sides_there"},
    ),
    "a lone marker with a side": (change("conflicts", LONE, theirs="一行"), {"conflicts.sides_there"}),
    "a lone marker with two sides": (change("conflicts", LONE, ours="", theirs=""), {"conflicts.sides_there"}),
    "a lone marker with an ancestor": (change("conflicts", LONE, base=""), {"conflicts.sides_there"}),
    "a side of another place": (change("conflicts", INNER, ours=ENGLISH), {"conflicts.sides_inside"}),
    "a rule that is about no conflict": (change("conflicts", INNER, rule="pinyin.artifact"), {"conflicts.rule_known"}),
    "a mail address in a side": (
        change("conflicts", OUTER, theirs="office@example.org"),
        {"conflicts.sides_without_mail_addresses"},
    ),
    "a mobile number in a label": (
        change("conflicts", LONE, label_theirs="13800138000"),
        {"conflicts.sides_without_mobile_numbers"},
    ),
    "an identity number in an ancestor": (
        change("conflicts", OUTER, theirs="", base="110101199003070011"),
        {"conflicts.sides_without_identity_numbers"},
    ),
}

OF_SCRIPTS: Damages = {
    "a stretch of nobody": (
        orphaned("scripts", TRADITIONAL),
        {
            *("scripts.document_exists", "scripts.index_consecutive", "scripts.ends_in_text"),
            *("documents.script_fits", "documents.traditional_share_fits", "documents.conversions_tabled"),
        },
    ),
    "a document that is written in nothing": (
        drop("scripts", OF_NEWS),
        {"documents.stretches_tabled", "documents.script_fits"},
    ),
    "a stretch that is left out": (
        drop("scripts", SIMPLIFIED),
        {"scripts.index_consecutive", "documents.script_fits", "documents.traditional_share_fits"},
    ),
    "a number of two stretches": (
        change("scripts", TRADITIONAL, stretch_index=0),
        {"scripts.index_unique", "scripts.index_consecutive"},
    ),
    "a stretch before the text": (shift("scripts", SIMPLIFIED, start=-1), {"scripts.start_not_negative"}),
    "a stretch that runs backwards": (
        change("scripts", OF_NEWS, start=50, end=49),
        {"scripts.end_not_before_start", "scripts.counts_in_place"},
    ),
    "a stretch that ends behind the text": (change("scripts", OF_LESSON, end=9_999), {"scripts.ends_in_text"}),
    "a stretch as long as a text that was made longer": (
        lambda rows: rows["scripts"][OF_NEWS].update(end=len(rows["documents"][NEWS]["text"])),
        {"scripts.ends_in_text"},
    ),
    "a stretch that comes too late": (
        several(change("scripts", SIMPLIFIED, start=10, end=60), change("scripts", TRADITIONAL, start=9)),
        {"scripts.in_order", "scripts.apart"},
    ),
    "two stretches on one place": (shift("scripts", SIMPLIFIED, end=1), {"scripts.apart"}),
    "fewer letters than none": (change("scripts", OF_NEWS, letter_count=-1), {"scripts.counts_not_negative"}),
    "more that tells than there are Han": (
        change("scripts", TRADITIONAL, han_count=5),
        {"scripts.telling_are_han"},
    ),
    "more forms of regions than there are Han": (
        change("scripts", TRADITIONAL, taiwan_count=15, hongkong_count=16),
        {"scripts.regional_are_han"},
    ),
    "more syllables than the stretch has room for": (
        change("scripts", OF_NEWS, kana_count=11, hangul_count=10),
        {"scripts.counts_in_place"},
    ),
    "Simplified that became Simplified": (
        change("scripts", TRADITIONAL, script="Hans"),
        {"scripts.configuration_fits", "documents.script_fits"},
    ),
    "a conversion of another region": (
        change("scripts", TRADITIONAL, configuration="tw2s"),
        {"scripts.configuration_fits", "documents.conversions_tabled"},
    ),
    "a document that was converted in both directions": (
        change("scripts", SIMPLIFIED, configuration="s2t"),
        {"scripts.one_configuration"},
    ),
    "a share of other counts": (
        change("scripts", TRADITIONAL, traditional_share_0_to_1=0.5),
        {"scripts.traditional_share_fits"},
    ),
    "a share where no character tells": (
        change("scripts", OF_NEWS, traditional_share_0_to_1=0.0),
        {"scripts.traditional_share_fits"},
    ),
    "no share though characters tell": (
        change("scripts", SIMPLIFIED, traditional_share_0_to_1=None),
        {"scripts.traditional_share_fits"},
    ),
    "a script that no stretch is in": (change("documents", LESSON, script="Hant"), {"documents.script_fits"}),
    "a mixture of one script": (change("documents", LESSON, script="mixed"), {"documents.script_fits"}),
    "more Traditional than all of it": (
        change("documents", PLAN, traditional_share_0_to_1=1.5),
        {"documents.traditional_share_is_share", "documents.traditional_share_fits"},
    ),
    "a share that the stretches do not have": (
        change("documents", NEWS, traditional_share_0_to_1=0.5),
        {"documents.traditional_share_fits"},
    ),
    "a conversion that no stretch tells of": (
        change("edits", CONVERTED, rule="script.hk2s"),
        {"documents.conversions_tabled"},
    ),
}

OF_FILES: Damages = {
    "a path out of the folder": (
        several(last_named("files", outside), last_named("quarantine", lambda rows: rows["files"][-1]["raw_path"])),
        {"files.raw_path_relative", "quarantine.raw_path_relative"},
    ),
    **{
        f"a file named after {what}": (
            several(last_named("files", called(name)), last_named("quarantine", called(name))),
            {f"files.raw_path_without_{check}"},
        )
        for what, name, check in (
            ("a mail address", "letters/to office@example.org.txt", "mail_addresses"),
            ("a mobile number", "calls/13800138000.txt", "mobile_numbers"),
            ("an identity number", "people/110101199003070011.txt", "identity_numbers"),
        )
    },
    "a path in two rows": (
        lambda rows: rows["files"][3].update(raw_path=rows["files"][2]["raw_path"]),
        {"files.raw_path_unique", "files.published_is_document"},
    ),
    "a duplicate of nothing": (change("files", 3, duplicate_of=NOBODY), {"files.duplicate_has_original"}),
    "a duplicate of the same bytes that has others": (
        change("files", 3, duplicate_basis="same_bytes"),
        {"files.duplicate_basis_fits"},
    ),
    "a hash that is not there": (
        change("files", 3, raw_sha256=None),
        {"files.hashed_unless_unread", "files.duplicate_basis_fits"},
    ),
    "a file's hash that is too short": (change("files", 3, raw_sha256="0" * 63), {"files.raw_sha256_well_formed"}),
    "a size below zero": (change("files", 4, bytes=-1), {"files.bytes_not_negative"}),
    "bytes that no run has": (change("files", 1, bytes=10), {"files.runs_cover"}),
    "a text of which nobody knows how it was read": (change("files", 0, encoding=None), {"files.encoding_stated"}),
    "more than sure": (change("files", 0, encoding_confidence_0_to_1=1.5), {"files.encoding_confidence_is_share"}),
    "a step that stopped": (
        change("quarantine", 0, reason="step_failed"),
        {"files.steps_held", "files.hashed_unless_unread"},
    ),
    "a step that stopped on another file": (
        change("quarantine", 0, reason="step_failed", detail="a_step: it stopped"),
        {"files.steps_held", "files.hashed_unless_unread"},
    ),
    "a file that took too long": (
        change("quarantine", 0, reason="step_failed", detail=NO_END.format(120)),
        {"files.came_to_an_end", "files.hashed_unless_unread"},
    ),
    "a file that killed who cleaned it": (
        change("quarantine", 0, reason="step_failed", detail=ENDED[1]),
        {"files.came_to_an_end", "files.hashed_unless_unread"},
    ),
    "a file that was set aside without a word": (
        drop("quarantine", 0),
        {"files.quarantined_is_listed", "files.hashed_unless_unread"},
    ),
    "a file that was set aside twice": (twice("quarantine", 0), {"quarantine.raw_path_unique"}),
    "a file that nobody set aside": (
        last_named("quarantine", elsewhere),
        {"quarantine.listed_in_files", "files.quarantined_is_listed", "files.hashed_unless_unread"},
    ),
    "a document that was set aside": (
        last_named("quarantine", lambda rows: rows["documents"][NEWS]["raw_path"]),
        {
            "quarantine.not_published",
            "quarantine.listed_in_files",
            "files.quarantined_is_listed",
            "files.hashed_unless_unread",
        },
    ),
    "a stage that there is not": (change("quarantine", 0, stage="wash"), {"quarantine.stage_known"}),
    "a reason without a word": (change("quarantine", 0, detail=" "), {"quarantine.detail_stated"}),
}

DAMAGES: Damages = {
    **OF_DOCUMENTS,
    **DAMAGES_OF_CLUSTERS,
    **OF_TEXTS,
    **OF_SECTIONS,
    **OF_EDITS,
    **OF_CONFLICTS,
    **OF_SCRIPTS,
    **OF_FILES,
    **DAMAGES_OF_READINGS,
}
"""Each damage with the expectations that fail, and no other does: for rows that can be told apart in a larger table."""


def _undated(rows: Rows) -> None:
    for row in rows["documents"]:
        row |= {"date_published": None, "published_at": None, "date_precision": None, "date_basis": None}


def _pictures(rows: Rows) -> None:
    for number in range(5):
        path = {"raw_path": f"picture{number}.png"}
        rows["files"].append(rows["files"][4] | path)
        rows["quarantine"].append(rows["quarantine"][0] | path)


DAMAGES_OF_A_TABLE: Damages = {
    "a file less than was given in": (
        drop("files", 3),
        {"files.row_for_every_input"},
    ),
    "a file of which nothing became": (
        several(drop("quarantine", 0), change("files", 4, status="published")),
        {
            "files.outcomes_add_up",
            "files.published_is_document",
            "files.encoding_stated",
            "files.runs_cover",
            "files.hashed_unless_unread",
        },
    ),
    "more pictures than documents": (_pictures, {"files.most_files_used", "files.row_for_every_input"}),
    "no date anywhere": (_undated, {"documents.date_published_often_stated"}),
    "a line of JSON too many": (
        lambda rows: rows[JSON_ALONE].append({"id": NOBODY}),
        {"documents.json_lines_complete"},
    ),
    "an open copy of no document": (
        lambda rows: rows[OPEN_ALONE].append({**rows["documents"][0], "id": NOBODY}),
        {"documents.open_copies_fit"},
    ),
    "edits of another recipe": (change("edits", COMMA, rule_version="fedcba987654"), {"edits.one_rule_version"}),
}
"""The same, for what is said of a table as a whole: each is looked at in a dataset of its own."""
