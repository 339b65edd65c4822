"""What somebody says a file is written in: the container that it comes from, the head of an HTML page.

Here belongs what is said. It is evidence: many a page that says gb2312 is in Big5 or UTF-8, and what a file says is
believed only where its bytes do not speak against it.
"""

from __future__ import annotations

import re

_SEARCHED = 4096
"""Bytes; browsers look at 1,024, and pages whose head begins with scripts say it later."""

_DECLARED = re.compile(
    rb"""<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})|^\s*<\?xml[^>]{0,100}\sencoding=["']([A-Za-z0-9_-]{2,20})""",
    re.IGNORECASE,
)
_CODECS = {
    **dict.fromkeys(
        ("gb2312", "gbk", "gb18030", "xgbk", "gb231280", "csgb2312", "chinese", "cp936", "ms936"), "gb18030"
    ),
    **dict.fromkeys(("big5", "big5hkscs", "cnbig5", "csbig5", "xxbig5", "cp950", "ms950"), "cp950"),
    **dict.fromkeys(("shiftjis", "sjis", "xsjis", "mskanji", "cp932", "windows31j"), "cp932"),
    **dict.fromkeys(("eucjp", "xeucjp"), "euc_jp"),
    **dict.fromkeys(("euckr", "ksc56011987", "ksc5601", "cp949", "windows949"), "cp949"),
}
"""The codecs that text is read with, by the labels of the Encoding Standard of WHATWG and the names of Python, without
hyphens. UTF-8 has been tried before; ISO-8859-1 and windows-1252 are what servers say that know nothing."""


def declared_in(content: bytes) -> str:
    """What an HTML or XML page says at its beginning; empty where it says nothing.

    >>> declared_in(b'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">')
    'gb2312'
    """
    head = content[:_SEARCHED]
    if b"<" not in head or (b"charset" not in head.lower() and b"encoding" not in head):
        return ""
    found = _DECLARED.search(head)
    return (found[1] or found[2]).decode("ascii") if found else ""


def codec_of(label: str) -> str:
    """The codec that a label stands for; empty where it tells nothing.

    >>> codec_of("GB2312"), codec_of("x-x-big5"), codec_of("iso-8859-1")
    ('gb18030', 'cp950', '')
    """
    return _CODECS.get(re.sub("[-_]", "", label).lower(), "")
