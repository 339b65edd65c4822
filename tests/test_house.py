"""The house around the code: what stands in the repository's files, the lock, the Makefile, the documentation.

Here belongs what no single module can answer for. What a module does is tested in the file named after it.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance
from dagster._core.instance.ref import InstanceRef
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import pipeline

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = {
    name: (ROOT / name).read_text("utf-8")
    for name in ("requirements.lock", "requirements-ray.lock", "requirements-fuzz.lock")
}

DOCUMENTS = ("raw/", "tests/samples/")
"""Folders of documents as they were crawled, which may say anything."""

MUST_NOT_STAND = {
    "the host of a package registry": r"pypi\.org|pythonhosted\.org|anaconda\.(?:org|com)|npmjs\.(?:org|com)",
    "a path of one machine": r"(?<![\w.~-])/(?:work|root|home|Users)/",
    "the address of a package": r"https?://\S+\.(?:whl|tar\.gz|tgz|zip|deb)\b",
}


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)


def _is_checkout() -> bool:
    if shutil.which("git") is None:
        return False
    top = _git("rev-parse", "--show-toplevel")
    return top.returncode == 0 and Path(top.stdout.strip()).resolve() == ROOT


in_a_checkout = pytest.mark.skipif(not _is_checkout(), reason="the project's folder is not a git checkout")


@cache
def _repository_texts() -> dict[str, str]:
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    names = {name for name in listed if name and not name.startswith(DOCUMENTS)}
    return {name: (ROOT / name).read_text("utf-8", "replace") for name in sorted(names) if (ROOT / name).is_file()}


def _requirements(kind: str) -> dict[str, Requirement]:
    project = PROJECT["project"]
    kinds = {"runtime": project["dependencies"], **project["optional-dependencies"], **PROJECT["dependency-groups"]}
    lines = kinds[kind]
    return {canonicalize_name(requirement.name): requirement for requirement in map(Requirement, lines)}


def _locked(lock: str = "requirements.lock") -> dict[str, str]:
    """Each requirement of a lock with everything that belongs to it."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCKS[lock])
    return {canonicalize_name(re.split(r"[=\[ ]", block, maxsplit=1)[0]): block for block in blocks}


@in_a_checkout
@pytest.mark.parametrize("what", MUST_NOT_STAND)
def test_no_file_of_the_repository_names(what: str) -> None:
    """A file that a clone holds says nothing about the machine or the registry that it was made with."""
    pattern = re.compile(MUST_NOT_STAND[what], re.IGNORECASE)
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in _repository_texts().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]

    assert [] == found


@pytest.mark.parametrize(
    ("what", "text", "stands"),
    [
        ("the host of a package registry", "see https://pypi" + ".org/simple", True),
        ("the host of a package registry", "the registry of packages", False),
        ("a path of one machine", "RAW=" + "/root" + "/raw", True),
        ("a path of one machine", "https://example.org/home/a.shtml", False),
        ("the address of a package", "https://example.org/a-1.0-py3-none-any" + ".whl", True),
        ("the address of a package", "https://example.org/whl", False),
    ],
)
def test_the_search_finds_what_must_not_stand(what: str, text: str, *, stands: bool) -> None:
    """The patterns of the test above find what they are for, and leave ordinary addresses alone."""
    assert stands == bool(re.search(MUST_NOT_STAND[what], text, re.IGNORECASE))


@in_a_checkout
def test_output_is_ignored_and_its_page_is_not() -> None:
    """Git keeps the page that says what will be in output/, and nothing that a run puts there."""
    ignored = _git("check-ignore", "output/README.md", "output/dataset/README.md", "output/stages", ".dagster/x").stdout

    assert ["output/dataset/README.md", "output/stages", ".dagster/x"] == ignored.split()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_of_the_lock_has_hashes_and_an_exact_version(lock: str) -> None:
    """Pip installs the lock with --require-hashes: one version for each requirement, at least one hash for each."""
    loose = [name for name, block in _locked(lock).items() if "==" not in block or "--hash=sha256:" not in block]

    assert [] == loose


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_has_no_address(lock: str) -> None:
    """Where packages come from is the business of the machine that installs them."""
    assert [] == re.findall(r".*(?:://|--index|--find-links|--extra|--trusted).*", LOCKS[lock])


@pytest.mark.parametrize(
    ("lock", "kind"),
    [
        ("requirements.lock", "runtime"),
        ("requirements.lock", "dev"),
        ("requirements-ray.lock", "runtime"),
        ("requirements-ray.lock", "ray"),
        ("requirements-fuzz.lock", "fuzz"),
    ],
)
def test_the_lock_holds_what_the_project_asks_for(lock: str, kind: str) -> None:
    """Each requirement in pyproject.toml stands in the lock, in a version that it allows."""
    locked = {name: re.search(r"==([^\s;]+)", block) for name, block in _locked(lock).items()}
    unmet = [
        str(requirement)
        for name, requirement in _requirements(kind).items()
        if not (version := locked.get(name)) or not requirement.specifier.contains(version[1])
    ]

    assert [] == unmet


def test_the_lock_of_ray_has_the_versions_of_the_other_one() -> None:
    """The machines of a cluster write the bytes that this one writes; and Ray is in its own lock alone."""
    core, ray = (
        {name: re.findall(r"==(\S+)", block.partition("--hash")[0]) for name, block in _locked(lock).items()}
        for lock in ("requirements.lock", "requirements-ray.lock")
    )
    assert {name: core[name] for name in ray if name in core} == {name: ray[name] for name in ray if name in core}
    assert {"ray", "msgpack"} == set(ray) - set(core)


def test_the_lock_holds_one_opencc() -> None:
    """Two packages install a folder opencc/, the later over the earlier; only the one asked for may be locked."""
    assert ["opencc-python-reimplemented"] == [name for name in _locked() if "opencc" in name]


def test_every_package_that_the_pipeline_imports_is_declared() -> None:
    """What is imported is asked for in pyproject.toml, and does not stand in the environment by luck."""
    optional = PROJECT["project"].get("optional-dependencies", {}).values()
    declared = {*_requirements("runtime"), *(canonicalize_name(Requirement(line).name) for g in optional for line in g)}
    modules: set[str] = set()
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                modules.add(node.module.partition(".")[0])
    distributions = packages_distributions()
    undeclared = [
        module
        for module in sorted(modules - sys.stdlib_module_names - {"pipeline"})
        if not declared & {canonicalize_name(name) for name in distributions.get(module, [module])}
    ]

    assert [] == undeclared


def test_floor_0_is_forbidden_every_dependency_but_numpy() -> None:
    """The import-linter contract of floor 0 lists the import name of each runtime dependency except numpy."""
    distributions = packages_distributions()
    contracts = {contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}
    forbidden = {
        canonicalize_name(name)
        for module in contracts["floor-0"]["forbidden_modules"]
        for name in distributions.get(module, [module])
    }

    assert set(_requirements("runtime")) - {"numpy"} == forbidden


def test_the_changelog_has_the_packages_version() -> None:
    """The newest version in the changelog is the one in pyproject.toml."""
    versions = re.findall(r"^## \[?(\d[\w.]*)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert PROJECT["project"]["version"] == versions[0]


def test_the_package_says_the_version_that_the_project_has() -> None:
    """What `pipeline.__version__` says is what pyproject.toml says."""
    assert PROJECT["project"]["version"] == pipeline.__version__


def test_the_package_has_every_name_that_it_promises() -> None:
    """What is imported when it is first asked for is there, and a name that is not promised is not."""
    missing = [name for name in pipeline.__all__ if getattr(pipeline, name).__name__ != name]

    assert [] == missing
    assert not hasattr(pipeline, "no_such_name")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_help_shows_every_target() -> None:
    """Each target has a sentence beside it, and `make` alone shows all of them, from whatever folder it is called."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split()
    shown = subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT)], capture_output=True, text=True, check=True, cwd=ROOT.parent
    ).stdout

    assert phony == re.findall(r"^  ([a-z]+) +[A-Z]", shown, re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "CONTRIBUTING.md", "output/README.md"])
def test_a_page_names_targets_and_files_that_exist(page: str) -> None:
    """A reader who follows a page finds the make target that it names and the file that it links to."""
    text = (ROOT / page).read_text("utf-8")
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    missing = [name for name in named if name not in targets]
    missing += [link for link in links if not ((ROOT / page).parent / link).exists()]

    assert [] == missing


def _literal(page: str) -> dict[str, set[str]]:
    """What of a page is the same in every language: its build, and everything that a person types or looks for."""
    text = (ROOT / page).read_text("utf-8")
    fenced = "\n".join(re.findall(r"```.*?```", text, re.DOTALL))
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return {
        "headings": {f"{n}: {hashes}" for n, hashes in enumerate(re.findall(r"^#+(?= )", prose, re.MULTILINE))},
        "code": set(re.findall(r"`([^`]+)`", prose)),
        "links": {link.replace(".zh.", ".") for link in re.findall(r"\]\(([^)#]+)", prose) if "README." not in link},
        "commands": set(re.findall(r"^(?:make|python) .*?(?=  )", fenced, re.MULTILINE)),
        "files": set(re.findall(r"^ +([\w./*<>-]+\.(?:parquet|jsonl?|md|html))\b", fenced, re.MULTILINE)),
        "options": set(
            re.findall(r"^\| (.*`ZHENGWEN_\w+`) \|", prose.replace("启动面板中：", "in the launchpad: "), re.MULTILINE)
        ),
    }


def test_the_chinese_readme_says_what_the_english_one_says() -> None:
    """Section by section: no command, option, file, column or page is named in English alone."""
    english, chinese = _literal("README.md"), _literal("README.zh.md")

    assert {name: set() for name in english} == {name: said - chinese[name] for name, said in english.items()}
    assert {"headings", "commands", "files", "options"} <= {name for name in english if english[name] == chinese[name]}


def test_dagster_sends_nothing_home(tmp_path: Path) -> None:
    """With the project's dagster.yaml, as `make ui` and a plain `dagster dev` read it, telemetry is off."""
    with DagsterInstance.from_ref(InstanceRef.from_dir(str(tmp_path), config_dir=str(ROOT))) as instance:
        assert instance.telemetry_enabled is False


def test_every_test_that_a_promise_names_is_there() -> None:
    """The page names tests by their files, and more of the same file by `::` alone."""
    page = (ROOT / "docs" / "guarantees.md").read_text("utf-8")
    file, named = "", 0
    for stated, test in re.findall(r"`(tests/[\w/]+\.py)?(?:::(\w+))?`", page):
        file = stated or file
        content = (ROOT / file).read_text("utf-8")
        assert f"def {test}" in content, f"{file} has no {test}"
        named += bool(test)
    assert named > 30
