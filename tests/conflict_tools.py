"""Real conflicts: git, Mercurial and Subversion, each run on three versions of documents in a folder of its own.

Here belongs how a tool is started, what it is asked to write, and which labels it writes then. What has to be found in
the documents that it leaves behind stands in ``test_conflict_tools.py``.
"""

from __future__ import annotations

import functools
import itertools
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    _Merge: TypeAlias = "Callable[[Path, Sequence[Versions]], Conflicted]"
    _GitCommand: TypeAlias = "Callable[[Path, Sequence[Versions], str, str], Labels]"
    _HgCommand: TypeAlias = "Callable[[Path, Sequence[Versions]], tuple[str, str, str]]"


class Versions(NamedTuple):
    """Three versions of a document: what two people began with, and what each of them made of it."""

    base: str
    ours: str
    theirs: str


class Labels(NamedTuple):
    """What a tool writes behind its signs; `base` is None where it writes no base."""

    ours: str
    base: str | None
    theirs: str


class Conflicted(NamedTuple):
    """The documents after a merge, in the order in which their versions were given, and the labels in them."""

    texts: tuple[str, ...]
    labels: Labels


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, and how it writes what it cannot merge.

    `keeps_shared` is true where lines that both sides begin or end with stay inside the conflict, `ends_last_line`
    where a line without an end gets one before a marker; `since` is the first version that can do it.
    """

    name: str
    program: str
    style: str
    work: _Merge
    size: int = 7
    keeps_shared: bool = False
    ends_last_line: bool = True
    since: tuple[int, ...] = ()

    @property
    def missing(self) -> str:
        """Why the tool cannot be run here; empty where it can."""
        if shutil.which(self.program) is None:
            return (
                f"{self.program} is not installed: `apt-get install {_PACKAGES[self.program]}`, or what does the same"
            )
        if self.since and _version(self.program) < self.since:
            return f"{self.name} needs {self.program} {'.'.join(map(str, self.since))}"
        return ""

    def merge(self, documents: Sequence[Versions]) -> Conflicted:
        """Merge documents in a folder that is removed afterwards."""
        with tempfile.TemporaryDirectory() as name:
            return self.work(Path(name), documents)


_PACKAGES = {"git": "git", "hg": "mercurial", "svn": "subversion"}

SUBJECT = "第二稿 (revised)"
"""What the commit of theirs is called; with a space, because a bare word may as well be the name of a branch."""


@functools.cache
def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, check=True).stdout
    return tuple(int(number) for number in re.findall(rb"\d+", said)[:2])


def _run(home: Path, *command: str, folder: str = "", conflicts: bool = False, takes: str = "") -> str:
    """Run a command that knows nothing of this machine's user, and give what it says; `takes` is its input."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(home),
        "GIT_EDITOR": "true",
        "GIT_AUTHOR_DATE": "2020-02-02T02:02:02Z",
        "GIT_COMMITTER_DATE": "2020-02-02T02:02:02Z",
        "HGRCPATH": str(home / "hgrc"),
        "HGENCODING": "utf-8",
    }
    done = subprocess.run(
        command, cwd=home / folder, env=environment, input=takes.encode(), capture_output=True, check=False
    )
    # How they say that there were conflicts differs, from 1 to 128; whether there were, the documents tell.
    if done.returncode and not conflicts:
        message = f"{command} ended with {done.returncode}: {done.stderr.decode()}"
        raise RuntimeError(message)
    return done.stdout.decode()


_moments = itertools.count(1_600_000_000_123_456_789, 1_000_000_000)
"""A time for each writing: a tool sees no change of a file that is as long as before and written in the same tick.

None is a whole second, for then Subversion takes seconds for all that the disk can tell apart, and waits for the next.
"""


def _write(folder: Path, texts: Iterable[str]) -> None:
    folder.mkdir(exist_ok=True)
    moment = next(_moments)
    for number, text in enumerate(texts):
        file = folder / f"{number:02}.txt"
        file.write_bytes(text.encode())
        os.utime(file, ns=(moment, moment))


def _read(folder: Path) -> tuple[str, ...]:
    return tuple(path.read_bytes().decode() for path in sorted(folder.glob("??.txt")))


def _in_order(documents: Sequence[Versions]) -> tuple[list[str], list[str], list[str]]:
    """All bases, all of ours, all of theirs."""
    return [one.base for one in documents], [one.ours for one in documents], [one.theirs for one in documents]


# ---------------------------------------------------------------------------------------------------- git merge-file

FILE_LABELS = Labels("ours.txt", "base.txt", "theirs.txt")


def merge_file(versions: Versions, *options: str, labels: Labels = FILE_LABELS) -> str:
    """A document as `git merge-file` leaves it; git always takes three labels, and writes two without a base."""
    with tempfile.TemporaryDirectory() as name:
        return _merge_file(Path(name), versions, *options, labels=labels)


def _merge_file(home: Path, versions: Versions, *options: str, labels: Labels) -> str:
    for name, text in zip(Versions._fields, versions, strict=True):
        (home / name).write_bytes(text.encode())
    asked = [part for label in (labels.ours, labels.base or "", labels.theirs) for part in ("-L", label)]
    return _run(home, "git", "merge-file", "-p", *options, *asked, "ours", "base", "theirs", conflicts=True)


def _by_file(*options: str) -> _Merge:
    labels = FILE_LABELS if {"--diff3", "--zdiff3"}.intersection(options) else FILE_LABELS._replace(base=None)

    def work(home: Path, documents: Sequence[Versions]) -> Conflicted:
        return Conflicted(tuple(_merge_file(home, one, *options, labels=labels) for one in documents), labels)

    return work


# -------------------------------------------------------------------------------------------------- git repositories

_GIT_CONFIG = """\
[user]
  name = Wen
  email = wen@example.org
[commit]
  gpgSign = false
[core]
  autocrlf = false
  hooksPath = {nowhere}
[merge]
  conflictStyle = {style}
"""


def _git(home: Path, *arguments: str, conflicts: bool = False, takes: str = "") -> str:
    return _run(home, "git", *arguments, folder="work", conflicts=conflicts, takes=takes)


def _git_repository(home: Path, style: str, attributes: str = "") -> None:
    (home / ".gitconfig").write_text(_GIT_CONFIG.format(nowhere=os.devnull, style=style), "utf-8")
    (home / "work").mkdir()
    _git(home, "init", "--quiet")
    _git(home, "checkout", "--quiet", "-b", "main")
    (home / "work" / ".gitattributes").write_text(attributes, "utf-8")


def _git_commit(home: Path, texts: Iterable[str], subject: str) -> None:
    _write(home / "work", texts)
    _git(home, "add", "--all")
    _git(home, "commit", "--quiet", "--allow-empty", "--message", subject)


def _git_forked(home: Path, documents: Sequence[Versions], style: str, attributes: str = "") -> None:
    """A repository in which `main`, with our version, and `topic`, with theirs, stand on one commit."""
    base, ours, theirs = _in_order(documents)
    _git_repository(home, style, attributes)
    _git_commit(home, base, "初稿")
    _git(home, "checkout", "--quiet", "-b", "topic")
    _git_commit(home, theirs, SUBJECT)
    _git(home, "checkout", "--quiet", "main")
    _git_commit(home, ours, "Ours")


def _git_tool(name: str, does: _GitCommand, *, style: str, configured: str = "merge", size: int = 7) -> Tool:
    """A command of git in a repository that is configured to write `merge`, `diff3` or `zdiff3`."""
    has_base = configured != "merge"

    def work(home: Path, documents: Sequence[Versions]) -> Conflicted:
        attributes = "" if size == 7 else f"*.txt conflict-marker-size={size}\n"
        labels = does(home, documents, configured, attributes)
        return Conflicted(_read(home / "work"), labels if has_base else labels._replace(base=None))

    return Tool(
        " ".join([name, *[configured] * has_base, *[f"of size {size}"] * (size != 7)]),
        "git",
        f"{style} diff3" if has_base else style,
        work,
        size=size,
        keeps_shared=configured == "diff3",
        since=(2, 35) if configured == "zdiff3" else (),
    )


# Each of these leaves conflicts in a repository that is configured so, and gives the labels that they have to have.


def _git_merge(home: Path, documents: Sequence[Versions], style: str, attributes: str) -> Labels:
    _git_forked(home, documents, style, attributes)
    _git(home, "merge", "--quiet", "topic", conflicts=True)
    return Labels("HEAD", _git(home, "rev-parse", "--short", "main~").strip(), "topic")


def _git_stash(home: Path, documents: Sequence[Versions], style: str, attributes: str) -> Labels:
    base, ours, theirs = _in_order(documents)
    _git_repository(home, style, attributes)
    _git_commit(home, base, "初稿")
    _write(home / "work", theirs)
    _git(home, "stash", "--quiet")
    _git_commit(home, ours, "Ours")
    _git(home, "stash", "pop", "--quiet", conflicts=True)
    return Labels("Updated upstream", "Stash base", "Stashed changes")


def _replayed(home: Path, commit: str) -> Labels:
    name = _git(home, "log", "-1", "--format=%h (%s)", commit).strip()
    return Labels("HEAD", f"parent of {name}", name)


def _git_rebase(home: Path, documents: Sequence[Versions], style: str, attributes: str) -> Labels:
    _git_forked(home, documents, style, attributes)
    _git(home, "rebase", "--quiet", "main", "topic", conflicts=True)
    return _replayed(home, "topic")


def _git_cherry_pick(home: Path, documents: Sequence[Versions], style: str, attributes: str) -> Labels:
    _git_forked(home, documents, style, attributes)
    _git(home, "cherry-pick", "topic", conflicts=True)
    return _replayed(home, "topic")


def _git_revert(home: Path, documents: Sequence[Versions], style: str, attributes: str) -> Labels:
    base, ours, theirs = _in_order(documents)
    _git_repository(home, style, attributes)
    for texts, subject in ((theirs, "Theirs"), (base, SUBJECT), (ours, "Ours")):
        _git_commit(home, texts, subject)
    _git(home, "revert", "--no-edit", "HEAD~", conflicts=True)
    name = _git(home, "log", "-1", "--format=%h (%s)", "HEAD~").strip()
    return Labels("HEAD", name, f"parent of {name}")


def _git_am(home: Path, documents: Sequence[Versions], style: str, attributes: str) -> Labels:
    _git_forked(home, documents, style, attributes)
    mail = _git(home, "format-patch", "--stdout", "-1", "topic")
    _git(home, "am", "--3way", "--keep-cr", "--quiet", conflicts=True, takes=mail)
    return Labels("HEAD", "constructed merge base", SUBJECT)


def _git_apply(home: Path, documents: Sequence[Versions], style: str, attributes: str) -> Labels:
    _git_forked(home, documents, style, attributes)
    patch = _git(home, "diff", "main~", "topic")
    _git(home, "apply", "--3way", conflicts=True, takes=patch)
    return Labels("ours", "base", "theirs")


def _git_checkout(home: Path, documents: Sequence[Versions], style: str, attributes: str) -> Labels:
    _git_forked(home, documents, style, attributes)
    _git(home, "checkout", "--quiet", "-b", "old", "main~")
    _write(home / "work", _in_order(documents)[2])
    _git(home, "checkout", "--quiet", "--merge", "main", conflicts=True)
    return Labels("main", "old", "local")


class CrissCross(NamedTuple):
    """A document that two people changed, and that each of them merged with the other's change, differently."""

    base: str
    one: str
    two: str
    ours: str
    theirs: str


def criss_cross(document: CrissCross, style: str = "diff3") -> str:
    """A document after a merge of two merges: what they had in common is a conflict, too, with longer markers."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        _git_repository(home, style)
        _git_commit(home, [document.base], "初稿")
        _git(home, "checkout", "--quiet", "-b", "topic")
        _git_commit(home, [document.two], "Two")
        _git(home, "checkout", "--quiet", "main")
        _git_commit(home, [document.one], "One")
        _git(home, "branch", "one")
        _git(home, "merge", "--quiet", "topic", conflicts=True)
        _git_commit(home, [document.ours], "Ours")
        _git(home, "checkout", "--quiet", "topic")
        _git(home, "merge", "--quiet", "one", conflicts=True)
        _git_commit(home, [document.theirs], "Theirs")
        _git(home, "checkout", "--quiet", "main")
        _git(home, "merge", "--quiet", "topic", conflicts=True)
        return _read(home / "work")[0]


# -------------------------------------------------------------------------------------------------------- Mercurial

_HG_CONFIG = """\
[ui]
username = Wen
mergemarkers = {markers}
merge = {merge}
[extensions]
rebase =
[devel]
default-date = 0 0
"""


def _hg(home: Path, *arguments: str, conflicts: bool = False) -> str:
    return _run(home, "hg", *arguments, folder="work", conflicts=conflicts)


def _hg_commit(home: Path, texts: Iterable[str], subject: str) -> None:
    _write(home / "work", texts)
    _hg(home, "commit", "--quiet", "--addremove", "--message", subject)


def _hg_forked(home: Path, documents: Sequence[Versions]) -> None:
    """A repository in which revisions 1, with their version, and 2, with ours, stand on revision 0."""
    base, ours, theirs = _in_order(documents)
    _hg(home, "init")
    _hg_commit(home, base, "初稿")
    _hg_commit(home, theirs, SUBJECT)
    _hg(home, "update", "--quiet", "--clean", "0")
    _hg_commit(home, ours, "Ours")


# Each of these leaves conflicts, and gives the labels, each with the revision that it names if commits are asked for.


def _hg_merge(home: Path, documents: Sequence[Versions]) -> tuple[str, str, str]:
    _hg_forked(home, documents)
    _hg(home, "merge", "--quiet", "1", conflicts=True)
    return "working copy/2", "common ancestor/0", "merge rev/1"


def _hg_update(home: Path, documents: Sequence[Versions]) -> tuple[str, str, str]:
    base, ours, theirs = _in_order(documents)
    _hg(home, "init")
    _hg_commit(home, base, "初稿")
    _hg_commit(home, theirs, SUBJECT)
    _hg(home, "update", "--quiet", "--clean", "0")
    _write(home / "work", ours)
    _hg(home, "update", "--quiet", "1", conflicts=True)
    return "working copy/0", "working copy parent/0", "destination/1"


def _hg_rebase(home: Path, documents: Sequence[Versions]) -> tuple[str, str, str]:
    _hg_forked(home, documents)
    _hg(home, "rebase", "--quiet", "--rev", "1", "--dest", "2", conflicts=True)
    return "dest/2", "parent of source/0", "source/1"


def _hg_graft(home: Path, documents: Sequence[Versions]) -> tuple[str, str, str]:
    _hg_forked(home, documents)
    _hg(home, "graft", "--quiet", "1", conflicts=True)
    return "local/2", "parent of graft/0", "graft/1"


def _hg_tool(name: str, does: _HgCommand, *, merge: str = ":merge", is_detailed: bool = False) -> Tool:
    """A command of Mercurial with one of its own ways to write conflicts, and with commits in the labels or without."""
    has_base = merge != ":merge"

    def work(home: Path, documents: Sequence[Versions]) -> Conflicted:
        markers = "detailed" if is_detailed else "basic"
        (home / "hgrc").write_text(_HG_CONFIG.format(merge=merge, markers=markers), "utf-8")
        (home / "work").mkdir()
        labels = [label.split("/") for label in does(home, documents)]
        if is_detailed:
            log = _hg(home, "log", "--template", "{node|short} - {author|user}: {desc|firstline}\n").splitlines()
            ours, base, theirs = (f"{label}: {log[-1 - int(revision)]}" for label, revision in labels)
        else:
            ours, base, theirs = (label for label, _ in labels)
        return Conflicted(_read(home / "work"), Labels(ours, base if has_base else None, theirs))

    return Tool(
        " ".join([name, merge, *["with commits"] * is_detailed]),
        "hg",
        "hg diff3" if has_base else "hg",
        work,
        keeps_shared=has_base,
        ends_last_line=False,
    )


# ------------------------------------------------------------------------------------------------------- Subversion


def _svn(home: Path, folder: str, *arguments: str) -> None:
    # Text that is Chinese for the most part is binary data for Subversion, which it does not merge, unless it is told.
    told = (
        *("--config-option", "config:miscellany:enable-auto-props=yes"),
        *("--config-option", "config:auto-props:*.txt=svn:mime-type=text/plain"),
    )
    _run(home, "svn", "--non-interactive", "--quiet", *told, *arguments, folder=folder)


def _svn_repository(home: Path) -> str:
    _run(home, "svnadmin", "create", "repository")
    address = (home / "repository").as_uri()
    _svn(home, "", "checkout", address, "work")
    return address


def _svn_update(home: Path, documents: Sequence[Versions]) -> Conflicted:
    base, ours, theirs = _in_order(documents)
    address = _svn_repository(home)
    _write(home / "work", base)
    _svn(home, "work", "add", "--force", ".")
    _svn(home, "work", "commit", "--message", "Base")
    _svn(home, "", "checkout", address, "other")
    _write(home / "other", theirs)
    _svn(home, "other", "commit", "--message", "Theirs")
    _write(home / "work", ours)
    _svn(home, "work", "update", "--accept=postpone")
    return Conflicted(_read(home / "work"), Labels(".mine", ".r1", ".r2"))


def _svn_merge(home: Path, documents: Sequence[Versions]) -> Conflicted:
    base, ours, theirs = _in_order(documents)
    _svn_repository(home)
    _write(home / "work" / "trunk", base)
    _svn(home, "work", "add", "trunk")
    _svn(home, "work", "commit", "--message", "Base")
    _svn(home, "work", "copy", "trunk", "branch")
    _svn(home, "work", "commit", "--message", "Branch")
    _write(home / "work" / "trunk", ours)
    _write(home / "work" / "branch", theirs)
    _svn(home, "work", "commit", "--message", "Both")
    _svn(home, "work", "update")
    _svn(home, "work/trunk", "merge", "--accept=postpone", "^/branch")
    return Conflicted(_read(home / "work" / "trunk"), Labels(".working", ".merge-left.r1", ".merge-right.r3"))


# ------------------------------------------------------------------------------------------------------------ tools

MERGE_FILES = (
    Tool("merge-file", "git", "merge", _by_file()),
    Tool("merge-file --diff3", "git", "merge diff3", _by_file("--diff3"), keeps_shared=True),
    Tool("merge-file --zdiff3", "git", "merge diff3", _by_file("--zdiff3"), since=(2, 35)),
    *(
        Tool(f"merge-file --marker-size={size}", "git", "merge", _by_file(f"--marker-size={size}"), size=size)
        for size in (3, 4, 5, 6, 9, 15, 40)
    ),
    Tool(
        "merge-file --diff3 --marker-size=15",
        "git",
        "merge diff3",
        _by_file("--diff3", "--marker-size=15"),
        size=15,
        keeps_shared=True,
    ),
)
"""`git merge-file` in each style and with markers of each size: a process for each document."""

REPOSITORIES = (
    _git_tool("git merge", _git_merge, style="merge"),
    _git_tool("git merge", _git_merge, style="merge", configured="diff3"),
    _git_tool("git merge", _git_merge, style="merge", configured="zdiff3"),
    _git_tool("git merge", _git_merge, style="merge", size=15),
    _git_tool("git stash pop", _git_stash, style="stash"),
    _git_tool("git stash pop", _git_stash, style="stash", configured="diff3"),
    _git_tool("git rebase", _git_rebase, style="rebase"),
    _git_tool("git rebase", _git_rebase, style="rebase", configured="zdiff3"),
    _git_tool("git cherry-pick", _git_cherry_pick, style="rebase"),
    _git_tool("git cherry-pick", _git_cherry_pick, style="rebase", configured="diff3"),
    _git_tool("git revert", _git_revert, style="rebase", configured="diff3"),
    _git_tool("git am", _git_am, style="rebase", configured="diff3"),
    _git_tool("git apply", _git_apply, style="merge", configured="diff3"),
    _git_tool("git checkout --merge", _git_checkout, style="merge", configured="diff3"),
    _hg_tool("hg merge", _hg_merge),
    _hg_tool("hg merge", _hg_merge, merge=":merge3", is_detailed=True),
    _hg_tool("hg merge", _hg_merge, merge=":mergediff", is_detailed=True),
    _hg_tool("hg update", _hg_update, merge=":merge3"),
    _hg_tool("hg rebase", _hg_rebase, merge=":merge3", is_detailed=True),
    _hg_tool("hg graft", _hg_graft, is_detailed=True),
    Tool("svn update", "svn", "svn diff3", _svn_update, keeps_shared=True, ends_last_line=False),
    Tool("svn merge", "svn", "svn diff3", _svn_merge, keeps_shared=True, ends_last_line=False),
)
"""Whatever leaves conflicts in a repository: many documents at once."""
