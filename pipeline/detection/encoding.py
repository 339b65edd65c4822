"""Which codec the bytes of a file are in, or why they are no text that can be read.

Here belongs the order in which evidence is asked: byte-order marks, strict UTF-8, signatures of binary formats,
candidates compared by how much they look like text, lines in two codecs, chardet. Decoding belongs in
:mod:`pipeline.decoding`; text that had gone through a wrong codec before it was saved (mojibake) is not noticed here.
"""

from __future__ import annotations

import codecs
import re

import chardet
import numpy as np

from pipeline.decoding import ENCODINGS, REPLACEMENT, Run, decode, decode_strictly
from pipeline.detection.alignment import COST_OF_BAD, aligned, aligned_units
from pipeline.detection.candidates import (
    LEGACY,
    Reading,
    high_bytes,
    read_with,
    scores,
    variants,
    wide_by_form,
    wide_scores,
)
from pipeline.detection.declared import codec_of, declared_in
from pipeline.detection.euc_tw import looks_like_euc_tw
from pipeline.detection.found import Detection, Method, set_aside, whole
from pipeline.detection.likeness import Kind, Likeness, best_of, likeness, likeness_of_text
from pipeline.detection.marks import MOST_CONTROLS, UTF8_MARK, by_mark, by_signature, share_of_controls
from pipeline.detection.mixed_lines import by_lines, has_run_of_utf8
from pipeline.detection.shifts import shifted_lines
from pipeline.records.responses import HEAD_BYTES, MARK, charset, head_of


def detect_encoding(content: bytes, *, declared: str = "") -> Detection:
    r"""Find the codec of each part of a file.

    >>> detect_encoding("人工智能产业发展".encode("gbk")).runs
    (Run(start_byte=0, end_byte=16, encoding='gb18030'),)
    >>> detect_encoding(b"\x89PNG\r\n\x1a\n").reason
    'binary'

    Whatever is strictly UTF-8 is UTF-8, and with a few bad bytes in it remains so. GB2312 and GBK are read as gb18030,
    Big5 as cp950 or big5hkscs. A file that is clean in no codec, and has lines in UTF-8 and lines in GB or Big5, has
    several runs, also within a line; and where a byte was lost or added, the codec begins anew behind it. A byte-order
    mark decides, and stands in the first run: nothing is skipped. What the file is `declared` to be written in, by its
    container or in its own head, decides between candidates that are nearly equal.
    """
    if content.startswith(UTF8_MARK):
        return _behind_utf8_mark(content, declared)
    if content.startswith(MARK.encode()) and (head := head_of(text := content[: 2 * HEAD_BYTES].decode("latin-1"))):
        return _behind_head(content, head.end, charset(text, head) or declared)
    found = by_mark(content) or _by_strict_utf8(content) or by_signature(content) or _by_evidence(content, declared)
    if len(content) % 2 and len(found.runs) == 1:
        return found._replace(runs=aligned_units(content, found.runs[0]))
    return found


def _behind_utf8_mark(content: bytes, declared: str) -> Detection:
    """Look at the rest alone: the mark may have been put before text in another codec."""
    size = len(UTF8_MARK)
    rest = _by_strict_utf8(content[size:]) or by_signature(content[size:]) or _by_evidence(content[size:], declared)
    if rest.reason is not None:
        return rest
    runs = [Run(0, size, "utf-8"), *(Run(start + size, end + size, encoding) for start, end, encoding in rest.runs)]
    if {run.encoding for run in runs} == {"utf-8"}:
        return whole(content, "utf-8", "bom", rest.confidence, rest.detail)
    return Detection(tuple(runs), "runs", rest.confidence, None, rest.detail)


_NOT_AS_ASCII = ("utf-16", "utf-32")


def _behind_head(content: bytes, start: int, declared: str) -> Detection:
    """Look at a page alone that stands behind the head of a record: that is ASCII, and in most codecs the same."""
    rest = detect_encoding(content[start:], declared=declared)
    runs = [Run(begin + start, end + start, encoding) for begin, end, encoding in rest.runs]
    if not runs:
        return rest
    if runs[0].encoding.startswith(_NOT_AS_ASCII):
        runs.insert(0, Run(0, start, "utf-8"))
    else:
        runs[0] = runs[0]._replace(start_byte=0)
    return rest._replace(runs=tuple(runs))


def _by_strict_utf8(content: bytes) -> Detection | None:
    """Take what is UTF-8, but for what only seems so: codecs of 7 bits, UTF-16 without high bytes, binary data."""
    if decode_strictly(content, "utf-8") is None:
        return None
    if content.isascii() and (b"\x1b$" in content or b"~{" in content):
        escaped = _by_escapes(content)
        if escaped is not None:
            return escaped
    if b"\0" in content:
        wide = best_of(wide_scores(content))
        if wide.accepted:
            return whole(content, wide.encoding, "scored", wide.confidence, str(wide))
        controls = share_of_controls(content)
        if controls > MOST_CONTROLS and content.isascii():
            return set_aside("binary", f"{controls:.0%} of the bytes are control characters")
    return whole(content, "utf-8", "utf8_strict", 1.0)


# ---------------------------------------------------------------------------------- codecs that write Han with escapes
_ISO_2022_CN = re.compile(rb"\x1b\$(?:\)[AEG]|\*H|\+[I-M])")
_ISO_2022_JP = re.compile(rb"\x1b\$(?:[@AB]|\([DOPQ])(?:[!-~]{2})+\x1b\(")  # back to ASCII before a line ends
_ISO_2022_JP_CODECS = ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_3")
_HZ = re.compile(rb"~\{((?:[!-w][!-~])+)~\}")


def _by_escapes(content: bytes) -> Detection | None:
    if b"\x0e" in content and _ISO_2022_CN.search(content):
        return set_aside("unsupported_encoding", "ISO-2022-CN")
    if b"\x0e" in content and b"\x1b$)C" in content:
        return whole(content, "iso2022_kr", "scored", 0.95)
    if _ISO_2022_JP.search(content):
        encoding, bad, _ = read_with(content, _ISO_2022_JP_CODECS)
        return whole(content, encoding, "scored", 0.95 * (1 - bad))
    pairs = b"".join(_HZ.findall(content))
    han = likeness((np.frombuffer(pairs, np.uint8) | 0x80).tobytes(), "gb18030", "chinese")
    return whole(content, "hz", "scored", han.confidence, str(han)) if pairs and han.accepted else None


# -------------------------------------------------------------------------------------------------------- by evidence
_CONFIDENCE_IN_FORM = 0.5  # as for a short text
_MOST_BAD, _MOST_BAD_OF_UNSURE = 0.2, 0.01  # of the characters


def _by_evidence(content: bytes, declared: str) -> Detection:
    """Weigh the candidates for bytes that are not UTF-8, or not all of them."""
    found = scores(content)
    best = best_of([one for one in found if one.accepted] or found)
    said = _as_declared(content, codec_of(declared or declared_in(content)), best)
    if said is not None:
        return said
    others = [one for one in found if one.encoding not in variants(best.encoding)]
    reading = read_with(content, variants(best.encoding))
    if best.accepted and not reading.bad and not (reading.encoding in _OF_TWO_BYTES and has_run_of_utf8(content)):
        return _read_as(content, reading, best)
    mixed = by_lines(content)
    if mixed is not None:
        return mixed
    realigned = _realigned(content)
    if realigned.accepted and realigned.value > best.value:
        return _read_as(content, read_with(content, variants(realigned.encoding))._replace(bad=0.0), realigned)
    stands_out = reading.bad <= _MOST_BAD_OF_UNSURE and best.stands_out_from(others)
    if best.accepted or (stands_out and not looks_like_euc_tw(high_bytes(content))):
        return _read_as(content, reading, best)
    return _by_form(content) or _by_chardet(content)


_OF_DECLARED: dict[str, Kind] = {"cp932": "japanese", "euc_jp": "japanese", "cp949": "korean"}
_LEAST_BEHIND = 0.1  # as between candidates of which one stands out


def _as_declared(content: bytes, codec: str, best: Likeness) -> Detection | None:
    """Take the codec that the file is said to be in, where it reads every byte and the best one is not far likelier."""
    if not codec or (best.accepted and best.encoding in variants(codec)):
        return None
    reading = read_with(content, variants(codec))
    score = likeness(high_bytes(content), reading.encoding, _OF_DECLARED.get(codec, "chinese"))
    if reading.bad or (best.accepted and best.value > score.value + _LEAST_BEHIND):
        return None
    return _read_as(content, reading, score)._replace(method="declared")


def _by_form(content: bytes) -> Detection | None:
    """Take what has the form of a codec to the last byte, though few of its characters are common."""
    if looks_like_euc_tw(high_bytes(content)):
        return set_aside("unsupported_encoding", "EUC-TW")
    wide = wide_by_form(content)
    return whole(content, wide, "scored", _CONFIDENCE_IN_FORM, "no character that text has not") if wide else None


_SAMPLE_OF_REALIGNED = 1_024  # bytes: a byte in a thousand is lost at most, or more are, and each costs a character


def _realigned(content: bytes) -> Likeness:
    """Score the codecs of two bytes again, as if bytes had been lost: a text may be read a byte off from there on."""
    sample = high_bytes(content)[:_SAMPLE_OF_REALIGNED]
    found = []
    for encoding in LEGACY:
        text, _ = decode(sample, aligned(sample, [Run(0, len(sample), encoding)]))
        one = likeness_of_text(text, "chinese", encoding=encoding)
        found.append(one._replace(value=one.value - COST_OF_BAD * text.count(REPLACEMENT) / max(1, len(text))))
    return best_of(found)


def _read_as(content: bytes, reading: Reading, score: Likeness) -> Detection:
    encoding, bad, text = reading
    detail = f"{score}; {bad:.2%} of all characters cannot be decoded" if bad else str(score)
    if bad > _MOST_BAD:
        return set_aside("undecodable", detail)
    runs: tuple[Run, ...] = (Run(0, len(content), encoding),)
    if REPLACEMENT in text or (encoding in _OF_TWO_BYTES and shifted_lines(content, text, encoding)):
        # GB within Big5, or the other way, is not looked for.
        runs = aligned(content, runs, LEGACY if encoding == "utf-8" else ("utf-8",))
    method: Method = "runs" if len({run.encoding for run in runs}) > 1 else "scored"
    return Detection(runs, method, round(score.confidence * (1 - bad), 3), None, detail)


_OF_TWO_BYTES = frozenset((*LEGACY, "big5hkscs"))


# ------------------------------------------------------------------------------------------------------------ chardet
_CHARDET_LOOKS_AT = 200_000  # bytes
_BY_CHARDET = sorted(
    name
    for name in ENCODINGS - {"gb18030", "cp950", "big5hkscs", "hz", "euc_jp", "mac-croatian", "mac-romanian"}
    if not name.startswith(("utf", "iso2022"))
)
_UNSURE, _LEAST_SURE = 0.3, 0.05  # of 88 files that it named rightly, six had less than 0.3, none less than 0.06
_FEWEST_BYTES = 12  # of GB2312: words in codecs of one byte have an odd number of letters before long
_MOST_BAD_OF_ONE_BYTE = 0.02  # of the characters; half the pages have no code that is undefined


def _by_chardet(content: bytes) -> Detection:
    controls = share_of_controls(content)
    if controls > MOST_CONTROLS:
        return set_aside("binary", f"{controls:.0%} of the bytes are control characters")
    found = chardet.detect(
        content[:_CHARDET_LOOKS_AT],
        max_bytes=_CHARDET_LOOKS_AT,
        compat_names=False,
        include_encodings=_BY_CHARDET,
    )
    name = found["encoding"]
    if name is None:
        kind = found["mime_type"] or "no codec fits"
        return set_aside("undecodable" if kind.startswith(("text/", "no")) else "binary", kind, "chardet")
    is_long = len(high_bytes(content)) >= _FEWEST_BYTES
    if found["confidence"] < _UNSURE and is_long and decode_strictly(content, "gb2312") is not None:
        return whole(content, "gb18030", "scored", _CONFIDENCE_IN_FORM, "every pair of bytes is a character of GB2312")
    if found["confidence"] < _LEAST_SURE:
        return set_aside("undecodable", f"nothing speaks for a codec; the likeliest is {name}", "chardet")
    name = codecs.lookup(name).name
    encoding, bad, _ = read_with(content, variants(name))
    if bad > _MOST_BAD_OF_ONE_BYTE:
        return set_aside("undecodable", f"{bad:.0%} of the characters cannot be decoded in {encoding}", "chardet")
    return whole(content, encoding, "chardet", found["confidence"] * (1 - bad), found["language"] or "")
