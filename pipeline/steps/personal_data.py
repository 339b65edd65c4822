"""Find personal data (e-mail addresses, telephone and identity numbers) and mask it with typed tokens.

:func:`find_personal_data` only marks the characters; whatever is published of them, in any table, is masked by their
position. :func:`mask_personal_data` puts the token into the text. :func:`personal_data_in` looks into what stands
around a text as well, for the account. Names stay: they stand in a public role.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.blocks import SHADOW
from pipeline.character_class import CharacterClass
from pipeline.edits import Edit, Layer
from pipeline.text import NOTHING, Finding, Outcome, View
from pipeline.unescaping import unescaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.edits import Span


class Found(NamedTuple):
    """A piece of personal data: where it starts and ends, its token, and how it is written."""

    start: int
    end: int
    token: str
    written: str


RULES = {
    "personal.email": "An e-mail address was masked.",
    "personal.idno": "An identity number was masked.",
    "personal.phone": "A telephone number was masked.",
}

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@"
    r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}\.(?:[A-Za-z]{2,18}|xn--[A-Za-z0-9-]{2,59})(?![A-Za-z0-9])"
)
_EMAIL_IN_HAN = re.compile(
    "(?:(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}+|(?<![\u4e00-\u9fffA-Za-z0-9._%+-])[\u4e00-\u9fff0-9._-]{1,4}+)@"
    r"[\u4e00-\u9fffA-Za-z0-9-]{1,63}(?:\.[\u4e00-\u9fffA-Za-z0-9-]{1,63}){0,9}"
    r"\.(?:中国|中國|公司|网络|網絡)(?![\u4e00-\u9fffA-Za-z0-9])"
)
_HAN_DOMAIN = re.compile(r"\.(?:中国|中國|公司|网络|網絡)")
"""An address may end in Han; a name in Han, of four at most, stands behind a mark or a space."""
_LOCAL = r"(?<![A-Za-z0-9._%+/#-])[A-Za-z0-9._%+-]{1,64}+"
_DOT = r"(?:\.| ?[\[({（【] ?dot ?[\])}）】] ?)"
_DOMAIN = rf"[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{0,4}}{_DOT}[A-Za-z]{{2,12}}(?![A-Za-z0-9])"
_WRITTEN_AT = re.compile(rf"{_LOCAL} ?[\[({{（【<] ?(?:at|@) ?[\])}}）】>] ?{_DOMAIN}", re.IGNORECASE)
"""An address that is written so that no program finds it: name[at]example.org."""

_LONGEST_ADDRESS = 120
_ADDRESS_WORD = re.compile(r"邮\s?箱|信\s?箱|邮\s?件|e-?mail", re.IGNORECASE)
_WORDED_AT = re.compile(
    rf"(?:{_ADDRESS_WORD.pattern})(?:地址)?[^\nA-Za-z0-9]{{0,8}}"
    rf"(?P<address>{_LOCAL}(?: ?[#＃] ?| at ){_DOMAIN})",
    re.IGNORECASE,
)
"""With another sign than @ it takes the word before it: 信箱：name#example.org."""

_MOBILE = re.compile(r"(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:\d{8}| \d{4} \d{4}|-\d{4}-\d{4})")
_MOBILE_ALONE = re.compile(rf"(?<![\d./A-Za-z-]){_MOBILE.pattern}(?!\.?\d)(?![元万亿])")
_MOBILE_IN_GROUPS = re.compile(
    r"1(?<![\d.,/A-Za-z-]1)[3-9](?:\d(?P<joint> {1,2}|-|[.·•‧・] ?)(?:\d{4}(?P=joint)\d{4}|\d{3}(?P=joint)\d{5})"
    r"|\d\d(?P<mark> {1,2}|-|[.·•‧・] ?)\d{4}(?P=mark)\d{3})(?![.,-]?\d)"
)
"""In other groups, or with other signs between them, it takes a word before it."""

_COMMA_BEHIND = re.compile(r", ?\d")
_CONTACT_WORD = re.compile(
    r"电\s{0,4}话|手\s{0,4}机|传\s{0,4}真|热\s{0,4}线|联\s?系\s?(?:方\s?式|人)|座\s?机"
    r"|致电|请电|拨打|来电|专线|联络|洽(?!谈|商|购|接)"
    r"|Tel|tel|TEL|Fax|fax|FAX|Phone|phone|Mobile(?<!\wMobile)|mobile(?<!\wmobile)"
)
_CONTACT = re.compile(rf"(?:{_CONTACT_WORD.pattern})(?:号码?)?[^\n\d。！？]{{0,16}}$")
"""A word that says whose number follows, right before it. Every branch begins with a letter of its own: a pattern that
does is found fastest."""

_CONTACT_LENGTH = 32
_SHORTEST_ALONE = 11
"""A mobile number, one with its area code and an identity number take so many signs; a shorter one takes a word."""

_BETWEEN_NUMBERS = re.compile(r"[^\n\d。！？]{1,6}(?:转\d{1,6}[^\n\d。！？]{1,6})?")
_RUN = re.compile("[0-9][0-9()（） -]{5,30}")
_AT_SIGN = CharacterClass("[@＠]")
_LETTER_T = CharacterClass("[tT]")
_CLOSING, _BEFORE_CLOSING = CharacterClass(r"[\])}）】>]"), CharacterClass("[tT@]")
_MAIL = CharacterClass("[@邮箱]")
_NUMBER_SIGN = CharacterClass("[#＃]")
_DIGIT = CharacterClass("[0-9０-９]")
_FEWEST_DIGITS = 7
"""A telephone number has seven digits in a row, with one sign among them at most; an identity number has more."""

_MARGIN = 6
_NUMBER = re.compile(
    r"(?<![\d.])(?:\+86[ -]?\(?0?\d{2,3}\)?[ -]?\d{3,4}[ -]?\d{4}"
    r"|(?:\+?[(（]?(?:86|852|853|886)[)）]?[ -]?)?"
    r"(?:[(（]?0\d{2,3}[)）]?[ -]{0,3}\d{7,8}|[48]00[ -]?\d{3}[ -]?\d{4}|[48]00[ -]?\d{4}[ -]?\d{3}"
    r"|[2-9]\d{6,7}|\d{4}[ -]\d{4}|0\d[ -]\d{3,4}[ -]\d{4}|09\d\d-?\d{3}-?\d{3}))"
    r"(?:-\d{1,6})?(?![\d.]|[ ]{0,2}(?:万|亿|元|户|人|家|个|次|年|件|台|部|条|吨|%))"
)
_LANDLINE = re.compile(
    r"(?<![\d.,/-])(?:[(（]0(?:10|2\d|[3-9]\d\d)[)）] ?|0(?:10|2\d|[3-9]\d\d)-)"
    r"(?!(?:19|20)\d\d(?:0[1-9]|1[0-2]))[1-9]\d{6,7}(?![\d.,]?\d)"
)
"""A number with its area code set apart needs no word before it."""

_ABROAD = re.compile(
    r"(?<![\d./A-Za-z-])(?:"
    r"[(（]0(?:[2-8]|37|49|8[29]|826|836)[)）] ?(?!(?:19|20)\d\d[- ](?:19|20)\d\d)[2-9]\d{2,3}[- ]\d{4}"
    r"|(?<![A-Za-z] )09\d\d(?:-\d{3}-?| \d{3} )\d{3}"
    r"|\+ ?(?:86[- ]?[(（]?0?\d{2,3}[)）]?[- ]?\d{3,4}[- ]?\d{4}|85[23][- ]?[2-9]\d{3}[- ]?\d{4}"
    r"|886[- ]?(?:[(（]0[)）])?[2-9]\d?[- ]?\d{3,4}[- ]?\d{3,4})"
    r"|[(（]\+?85[23][)）][- ]?[2-9]\d{3}[- ]?\d{4}"
    r")(?![\d.,-]?\d| ?[年月日号元千万亿人户家个次件台部条吨名项种页期批米亩度倍%])"
)
"""The forms of Taiwan, Hong Kong and Macao that no other number has: an area code of one digit in brackets before two
groups, 09 before eight digits in three groups, a country code with its sign. Taiwan's area codes are those of its
numbering plan (02 to 08, 037, 049, 082, 089, 0826, 0836)."""

_ADDRESS, _IDENTITY_NUMBER = "EMAIL", "IDNO"
_DIGITS, _GROUP = re.compile("[0-9][0-9()（） -]{6,}"), re.compile("[0-9]+")
_WIDEST_JOINT = 3
_FIGURE = re.compile(r"(?<=\d[.,])")
_FIGURE_BEHIND = re.compile(r"[.,]\d| {0,2}(?:万|亿|元|户|人|家|个|次|年|件|台|部|条|吨|%)")
_WITH_COUNTRY = re.compile(r"(?:00)?86(1[3-9]\d{9})")
_YEARS = re.compile(r"(?:19|20)\d\d[ -](?:19|20)\d\d")
_IDENTITY = re.compile(
    r"(?:(?<![\dA-Za-z])|(?<=[Ii][Dd])|(?<=[Nn][Oo]))[1-8]\d{5}(?P<joint>[ -]?)(?:19|20)\d{2}(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12]\d|3[01])(?P=joint)\d{3}[\dXx](?![\dA-Za-z])"
)
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10X98765432"
_WIDE = CharacterClass("[０-９＠．]")
_SPACES, _HYPHENS = "\u00a0\u1680\u2000-\u200a\u202f\u205f", "\u2010-\u2015\u2212\ufe58\ufe63－"
_ODD_SIGN, _IDEOGRAPHIC_SPACE = CharacterClass(f"[{_SPACES}{_HYPHENS}]"), CharacterClass("\u3000")
_WIDELY_SPACED = re.compile(
    rf"1[3-9]\d{{1,2}}[ \u3000{_SPACES}.·•‧・]{{2}}\d{{3,4}}[ \u3000{_SPACES}.·•‧・]{{2}}\d{{3,5}}"
)
_END_OF_DIGITS = CharacterClass("[0-9０-９)）]")
# Not marks of a sentence: what stands behind a comma may be the rest of a figure, behind a full-width one it is not.
_PLAIN = {code: plain for code, plain in SHADOW.items() if chr(plain).isalnum() or chr(plain) in "@._%+-/ "}
_PLAIN |= {ord(one): ord(" ") for one in re.findall(f"[{_SPACES}]", "".join(map(chr, range(0x3000))))}
_PLAIN |= {ord(one): ord("-") for one in re.findall(f"[{_HYPHENS}]", "".join(map(chr, range(0x10000))))}


def find_personal_data(view: View) -> Outcome:
    """Mark e-mail addresses, mobile numbers, numbers with an area code or behind a word such as 电话, identity numbers.

    >>> from pipeline.text import Text
    >>> text = Text("联系电话：010-00000000，邮箱：a@example.com，产值12345678901元").revise(find_personal_data)
    >>> [(finding.value, text.value[slice(*finding.span)]) for finding in text.findings]
    [('PHONE', '010-00000000'), ('EMAIL', 'a@example.com')]

    Full-width digits count as well, the forms of Taiwan and Hong Kong, and addresses such as name[at]example.org. Left
    alone: figures (电话用户12345678户), years, document numbers, five-digit hotlines, and every run of digits that no
    such word precedes and that is no mobile or identity number; an identity number counts only with its right check
    digit (GB 11643-1999). A number that was found once is found wherever else it stands, too.
    """
    found = _found(view.text)
    return Outcome((), [Finding("personal", one.token, (one.start, one.end)) for one in found]) if found else NOTHING


def personal_data_in(text: str) -> Iterator[Found]:
    """Where personal data stands in a text with its markup, also where entities or percent signs stand for its signs.

    >>> [*personal_data_in('<a href="mailto:wang%40example.org">')]
    [Found(start=16, end=34, token='EMAIL', written='wang@example.org')]
    """
    yield from _found(text)
    if read := unescaped(text):
        yield from _where_read(read, _found(read.apply(text)))


def numbers_among(found: Iterable[Found]) -> dict[str, str]:
    """The digits of the numbers among pieces of personal data, each with its token.

    >>> numbers_among(personal_data_in("电话：+86 139-0000-0000，邮箱：a@example.org"))
    {'8613900000000': 'PHONE', '13900000000': 'PHONE'}
    """
    numbers = {}
    for one in found:
        if one.token != _ADDRESS:
            digits = "".join(_GROUP.findall(one.written.translate(_PLAIN)))
            numbers[digits] = one.token
            if with_country := _WITH_COUNTRY.fullmatch(digits):
                numbers[with_country[1]] = one.token
    return numbers


def numbers_again(text: str, numbers: Mapping[str, str]) -> Iterator[Found]:
    """Where numbers that are known by their digits stand in a text, whatever is before them, also as entities.

    >>> [*numbers_again(">>>>>>> branch-13900000000", {"13900000000": "PHONE"})]
    [Found(start=15, end=26, token='PHONE', written='13900000000')]
    """
    if numbers:
        read = unescaped(text)
        yield from _again(_plain(text), numbers, [])
        if read is not None:
            yield from _where_read(read, _again(_plain(read.apply(text)), numbers, []))


def _where_read(read: Layer, found: Iterable[Found]) -> Iterator[Found]:
    """What was found in a text without signs that stand for others, where it stands with them."""
    for one in found:
        start, end = read.origin((one.start, one.end))
        yield one._replace(start=start, end=end)


def _found(text: str) -> list[Found]:
    """The personal data in a text, sorted; none shares a character with another."""
    otherwise = list(_written_otherwise(text))
    if not otherwise and not _AT_SIGN.may_occur_in(text) and not _may_hold_number(text):
        return []
    text = _plain(text)
    spans: list[tuple[int, int, str]] = []
    if "@" in text:
        spans += [(*match.span(), "EMAIL") for match in _EMAIL.finditer(text)]
        if _HAN_DOMAIN.search(text):
            spans += [(*match.span(), "EMAIL") for match in _EMAIL_IN_HAN.finditer(text)]
    spans += otherwise
    spans += [(*match.span(), "PHONE") for match in _MOBILE_IN_GROUPS.finditer(text) if _is_said(text, match.start())]
    last_number, seen = None, 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        alone, seen = last_number is None and end - start < _SHORTEST_ALONE and start > seen, end
        if alone and not _CONTACT_WORD.search(text, max(0, start - _CONTACT_LENGTH - _MARGIN), start):
            continue
        found = _in_run(text, max(0, start - _MARGIN), end + _MARGIN, last_number)
        last_number = max((stop for _, stop, kind in found if kind == "PHONE"), default=last_number)
        spans += found
    apart: list[Found] = []
    for start, end, token in sorted(spans):
        if not apart or start >= apart[-1].end:
            apart.append(Found(start, end, token, text[start:end]))
    numbers = numbers_among(apart)
    return sorted([*apart, *_again(text, numbers, apart)]) if numbers else apart


def _plain(text: str) -> str:
    """A text with plain digits and signs in its numbers; offsets stay."""
    return text.translate(_PLAIN) if _WIDE.may_occur_in(text) or _has_odd_number(text) else text


def _again(text: str, numbers: Mapping[str, str], found: Sequence[Found]) -> Iterator[Found]:
    """The other places of numbers that are known by their digits, in a text with plain digits."""
    longest = max(map(len, numbers))
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found), len(text)]
    for end, start in zip(ends, starts, strict=True):
        for run in _DIGITS.finditer(text, end, start):
            groups = [group.span() for group in _GROUP.finditer(text, *run.span())]
            behind = 0
            for at, (first, _) in enumerate(groups):
                if first >= behind and (last := _one_of(text, groups[at : at + longest], numbers, longest)):
                    token = numbers["".join(_GROUP.findall(text, first, last))]
                    behind = last + (token == _IDENTITY_NUMBER and text[last : last + 1] in ("X", "x"))
                    yield Found(first, behind, token, text[first:behind])


def _one_of(text: str, groups: Sequence[Span], numbers: Mapping[str, str], longest: int) -> int | None:
    """Where a known number ends that begins with the first of these groups of digits."""
    first, last = groups[0][0], groups[0][0]
    if _FIGURE.match(text, first):
        return None
    digits = ""
    for start, end in groups:
        if start - last > _WIDEST_JOINT or len(digits) + end - start > longest:
            return None
        digits, last = digits + text[start:end], end
        if digits in numbers and not _FIGURE_BEHIND.match(text, end):
            return end
    return None


def _written_otherwise(text: str) -> Iterator[tuple[int, int, str]]:
    """The addresses that are written with the sign in brackets, or with another sign behind a word such as 邮箱."""
    if _BEFORE_CLOSING.may_occur_in(text):
        closing = _CLOSING.positions_in(text)
        closing = closing[closing > 1]
        for at in closing[_BEFORE_CLOSING.among(text, closing - 1)].tolist():
            if text[at - 1] == "@" or text[at - 2 : at].lower() == "at":
                near = max(0, at - _LONGEST_ADDRESS), at + _LONGEST_ADDRESS
                yield from ((*match.span(), "EMAIL") for match in _WRITTEN_AT.finditer(text, *near))
    # A text may be number signs from end to end; without such a word it has no such address.
    worded = any(True for _ in _other_signs(text)) and _ADDRESS_WORD.search(text) is not None
    for at in _other_signs(text) if worded else ():
        near = max(0, at - _LONGEST_ADDRESS), at + _LONGEST_ADDRESS
        yield from ((*match.span("address"), "EMAIL") for match in _WORDED_AT.finditer(text, *near))


def _other_signs(text: str) -> Iterator[int]:
    """Where a number sign or ` at ` stands that does not begin a line, as that of a heading does."""
    if _NUMBER_SIGN.may_occur_in(text):
        yield from (at for at in _NUMBER_SIGN.positions_in(text).tolist() if text[max(0, at - 2) : at].strip(" #＃\n"))
    if _LETTER_T.may_occur_in(text) and _MAIL.may_occur_in(text):
        at = text.find(" at ")
        while at >= 0:
            yield at
            at = text.find(" at ", at + 1)


def _may_hold_number(text: str) -> bool:
    """Whether seven digits stand together, or one sign among them; two signs are looked for where digits stand so."""
    digits = _DIGIT.positions_in(text)
    more = _FEWEST_DIGITS - 1
    spans = digits[more:] - digits[:-more]
    if (spans <= more + 1).any():
        return True
    return bool((spans == more + 2).any()) and _WIDELY_SPACED.search(text) is not None


def _has_odd_number(text: str) -> bool:
    """Whether a space or a dash of another kind stands among digits."""
    odd = _ODD_SIGN.positions_in(text)
    if (
        len(odd)
        and (_DIGIT.among(text, odd + 1) | _DIGIT.among(text, odd + 2) | _END_OF_DIGITS.among(text, odd - 1)).any()
    ):
        return True
    odd = _IDEOGRAPHIC_SPACE.positions_in(text)
    return len(odd) > 0 and bool(_END_OF_DIGITS.among(text, odd - 1).any())


def _is_said(text: str, start: int) -> bool:
    """Whether a word right before a number says whose it is."""
    return _CONTACT.search(text, max(0, start - _CONTACT_LENGTH), start) is not None


def _in_run(text: str, start: int, end: int, last: int | None) -> list[tuple[int, int, str]]:
    """The numbers within a run of digits and what may stand between them; `last` is where the number before ends."""
    spans = [(*match.span(), "IDNO") for match in _IDENTITY.finditer(text, start, end) if _is_identity(match.group())]
    mobiles = (mobile for mobile in _MOBILE_ALONE.finditer(text, start, end) if _is_no_figure(text, mobile, last))
    spans += [(*mobile.span(), "PHONE") for mobile in mobiles]
    spans += [(*match.span(), "PHONE") for match in _LANDLINE.finditer(text, start, end)]
    run = text[start:end]
    if any(sign in run for sign in ("(", "（", "+", "09")):
        spans += [(*match.span(), "PHONE") for match in _ABROAD.finditer(text, start, end)]
    for number in _NUMBER.finditer(text, start, end):
        goes_on = last is not None and _BETWEEN_NUMBERS.fullmatch(text, last, number.start())
        if (goes_on or _is_said(text, number.start())) and not _YEARS.fullmatch(number.group()):
            spans.append((*number.span(), "PHONE"))
            last = number.end()
    return spans


def _is_no_figure(text: str, mobile: re.Match[str], last: int | None) -> bool:
    """Whether the commas around a number part it from other numbers of its kind, and not the digits of a figure."""
    start, end = mobile.span()
    if _COMMA_BEHIND.match(text, end) and not _MOBILE.match(text, end + 1 + (text[end + 1] == " ")):
        return False
    comma = text.rfind(",", max(0, start - 2), start)
    return comma < 1 or not text[comma - 1].isdigit() or last == comma


def _is_identity(number: str) -> bool:
    digits = number.replace(" ", "").replace("-", "")
    total = sum(int(digit) * weight for digit, weight in zip(digits, _IDENTITY_WEIGHTS, strict=False))
    return _IDENTITY_CHECKS[total % 11] == number[-1].upper()


def mask_personal_data(view: View) -> Outcome:
    """Put a typed token in the place of the personal data that is left in the text.

    >>> from pipeline.text import Text
    >>> Text("邮箱：a@example.com").revise(find_personal_data).revise(mask_personal_data).value
    '邮箱：[EMAIL]'

    Steps before it have put lines and numbers together that stood apart: it looks for what can be seen only now.
    """
    edits = []
    for finding in view.found("personal"):
        start, end = view.here(finding)
        if start < end:
            edits.append(_token(view.text, start, end, finding.value))
    known = Layer.of(view.text, edits)
    fresh = list(_where_read(known, _found(known.apply(view.text))))
    edits += [_token(view.text, one.start, one.end, one.token) for one in fresh]
    if not edits:
        return NOTHING
    findings = [Finding("personal", one.token, (one.start, one.end)) for one in fresh]
    return Outcome(edits, [*findings, Finding("flag", "pii_redacted")])


def _token(text: str, start: int, end: int, token: str) -> Edit:
    return Edit(start, text[start:end], f"[{token}]", f"personal.{token.lower()}")
