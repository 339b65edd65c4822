"""Learning a furniture lexicon: what is furniture of a site, what only repeats, and the file that comes of it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from pipeline.__main__ import main
from pipeline.furniture import read_lexicon
from pipeline.learning import FEWEST_DOCUMENTS, learn, write_lexicon
from pipeline.options import Choices
from pipeline.recipe import clean
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.furniture import Lexicon

STORIES = (
    ("算力中心开工", "位于新区的算力中心昨日破土，建成后将向三百家中小企业开放机时，首批设备年底前到位。"),
    ("港口启用无人集卡", "夜班调度员在大屏前点击确认，二十四台没有驾驶室的卡车便依次驶向七号泊位装卸货柜。"),
    ("山区诊所用上影像助手", "村医把胸片传上平台，几分钟后就收到提示：右下肺有一处阴影，建议转往县医院复查。"),
    ("高校开设交叉学科", "哲学、统计与计算机三个系共同排课，第一学期只招四十人，报名者却超过了五百。"),
    ("纺织厂改造老车间", "织机旁装上摄像头以后，断纱不再靠人眼去找，挡车工从看十台机器变成看三十台。"),
    ("市民热线接入语音识别", "来电先由机器听写，再按办理部门分拣，话务员说方言识别仍要靠他们自己补正。"),
    ("气象台试用短临预报", "雷暴到来前四十分钟，系统给出了冰雹落区，果农来得及把防雹网拉上。"),
    ("博物馆修复古画", "研究人员用光谱扫描出绢本下的墨线，让缺失的飞檐有了依据，修复历时两年。"),
    ("法院推出文书校对", "错别字、前后矛盾的金额、漏写的当事人，都会在盖章之前被标成红色交法官核对。"),
    ("渔民卫星导航升级", "出海的船只每隔十五分钟上报一次位置，遇险时岸台能在海图上看到最近的施救者。"),
    ("盲文图书数字化", "志愿者把教材逐页校读，转成点字文件，视障学生开学当天就能在点显器上摸读。"),
    ("地铁换乘更从容", "早高峰的客流被提前半小时推算出来，站台据此调整导流栏，换乘时间缩短了两成。"),
)
MENU = ("甲市之窗", "网站支持IPv6", "政务公开", "办事服务", "今天是2024年{month}月{day}日 星期三")
FOOTER = ("甲市大数据中心 主办维护", "凡本网注明来源甲市之窗的作品，未经授权不得转载。", "您是第{visits}位访问者")
SLOGAN = "创新是引领发展的第一动力"


def page(number: int, *, above: tuple[str, ...] = (), below: tuple[str, ...] = (), body: str = "") -> str:
    """A page of a site: menu, title, body, footer; the counter and the day differ from page to page."""
    title, story = STORIES[number % len(STORIES)]
    values = {"month": number % 12 + 1, "day": number % 27 + 1, "visits": 1000 + 37 * number}
    lines = (*above, title, body or story, *below)
    return "".join(f"{line.format(**values)}\n" for line in lines)


def write(folder: Path, pages: list[str], *, site: str = "www.jia.gov.cn") -> Path:
    """The pages as a crawl lays them down, in a folder named after the host."""
    (folder / site).mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(pages):
        (folder / site / f"{number:02}.txt").write_text(text, "utf-8")
    return folder


def lines(lexicon: Lexicon, zone: str = "") -> list[str]:
    """The lines of a lexicon, or those of one end."""
    return [entry.line for entry in lexicon.entries if zone in ("", entry.zone)]


@pytest.fixture
def two_sites(tmp_path: Path) -> Path:
    """Twelve pages each of a portal with a menu and a footer, and of a news site with a line at either end."""
    write(tmp_path / "raw", [page(number, above=MENU, below=FOOTER) for number in range(12)])
    news = [page(number, above=("乙网首页",), below=("关于乙网 | 广告服务",)) for number in range(12)]
    for number in range(12):  # the same stories would be the same documents
        news[number] = news[number].replace("，", f"，乙网记者{STORIES[-number][0]}获悉，", 1)
    return write(tmp_path / "raw", news, site="news.yi.cn")


# ------------------------------------------------------------------------------------------------ what is learned
def test_the_furniture_of_each_site_is_learned(two_sites: Path) -> None:
    """Menus, footers, disclaimers and counters, by the end where they stand; nothing of the articles."""
    learned = learn(two_sites)

    assert (24, 2) == (learned.documents, learned.sites)
    menus = ["乙网首页", "今天是#年#月#日 星期三", "办事服务", "政务公开", "甲市之窗", "网站支持ipv6"]
    assert menus == lines(learned.lexicon, "head")
    assert [
        "关于乙网 | 广告服务",
        "凡本网注明来源甲市之窗的作品,未经授权不得转载。",
        "您是第#位访问者",
        "甲市大数据中心 主办维护",
    ] == lines(learned.lexicon, "tail")


def test_what_was_learned_is_cut_and_nothing_else(two_sites: Path, tmp_path: Path) -> None:
    """The page comes out as if it had had no menu and no footer."""
    write_lexicon(two_sites, tmp_path / "furniture.json")
    choices = Choices(furniture=str(tmp_path / "furniture.json"))
    for number in range(12):
        bare = clean(page(number).encode())
        cleaned = clean((two_sites / "www.jia.gov.cn" / f"{number:02}.txt").read_bytes(), choices=choices)
        assert bare.text == cleaned.text


def test_fewer_documents_than_enough_teach_nothing(tmp_path: Path) -> None:
    """One less than enough, and then enough."""
    pages = [page(number, above=("甲市之窗",)) for number in range(FEWEST_DOCUMENTS)]
    assert [] == lines(learn(write(tmp_path / "few", pages[:-1])).lexicon)
    assert ["甲市之窗"] == lines(learn(write(tmp_path / "enough", pages)).lexicon)


def test_the_same_document_counts_once(tmp_path: Path) -> None:
    """However many copies of it a crawl has brought."""
    pages = [page(number, above=("甲市之窗",)) for number in range(FEWEST_DOCUMENTS - 1)]
    assert [] == lines(learn(write(tmp_path, pages * 9)).lexicon)


def test_near_copies_of_one_document_count_once(tmp_path: Path) -> None:
    """Here and there another word, and another title: still one document."""
    story = "".join(story for _, story in STORIES[:6])
    copies = [page(n, below=("甲市之窗专稿",), body=story + STORIES[n][0] + "。") for n in range(12)]
    assert [] == lines(learn(write(tmp_path, copies)).lexicon)


def test_the_body_of_a_form_is_no_furniture(tmp_path: Path) -> None:
    """A form that is filled in for each case repeats whole; the same line on different pages would be learned."""
    form = "经本人申请、社区初审、街道复核，{name}符合公共租赁住房保障条件，现将有关情况予以公示，公示期为七个工作日。"
    told = "公示期内可到窗口反映情况"
    forms = [page(n, below=(told,), body=form.format(name=f"{'赵钱孙李周吴郑王冯陈褚卫'[n]}某")) for n in range(12)]

    assert [] == lines(learn(write(tmp_path / "form", forms)).lexicon)
    different = [page(number, below=(told,)) for number in range(12)]
    assert [told] == lines(learn(write(tmp_path / "different", different)).lexicon)


def test_a_sentence_of_policy_that_many_quote_is_no_furniture(tmp_path: Path) -> None:
    """As a sentence it is prose wherever it stands."""
    pages = [page(number, below=(f"{SLOGAN}。", "甲市之窗")) for number in range(12)]
    assert ["甲市之窗"] == lines(learn(write(tmp_path, pages)).lexicon)


def test_a_slogan_that_stands_within_documents_too_is_no_furniture(tmp_path: Path) -> None:
    """At the end of ten documents, in the middle of two."""
    stories = [story for _, story in STORIES] * 2
    long = "\n".join([*stories, SLOGAN, *stories])
    pages = [page(number, below=(SLOGAN,)) for number in range(10)]
    within = [page(number, body=f"{long}\n{STORIES[number][1]}") for number in (10, 11)]

    assert [] == lines(learn(write(tmp_path / "within", pages + within)).lexicon)
    assert [SLOGAN] == lines(learn(write(tmp_path / "ends", pages)).lexicon)


def test_what_a_small_part_of_a_site_says_is_no_furniture(tmp_path: Path) -> None:
    """Eight documents of a series, of forty that the site has."""
    pages = [page(number, below=("创新发展系列谈",)) for number in range(8)]
    rest = [page(number, body=f"{story}{'，'.join(STORIES[number - k][0] for k in range(k))}。")
            for number, (_, story) in enumerate(STORIES) for k in (1, 2, 3)]  # fmt: skip

    assert [] == lines(learn(write(tmp_path / "part", pages + rest)).lexicon)
    assert ["创新发展系列谈"] == lines(learn(write(tmp_path / "whole", pages)).lexicon)


@pytest.mark.parametrize(
    "below",
    [
        ("特此通知", "甲市数据局", "2020年1月2日"),
        ("甲市人民政府办公厅", "2020年1月2日", "（此件公开发布）"),
        ("附件：1.任务清单",),
        ("附件1",),
        ("联系电话 0531-66000000",),
        ("第三章 附则", "第九条 本办法自公布之日起施行。"),
        ("责任编辑：乙某",),
    ],
    ids=lambda below: below[-1],
)
def test_what_ends_official_documents_is_no_furniture(below: tuple[str, ...], tmp_path: Path) -> None:
    """Formulas, who signs, the day, notes and annexes repeat on every page, and are the document's."""
    assert [] == lines(learn(write(tmp_path, [page(number, below=below) for number in range(12)])).lexicon)


@pytest.mark.parametrize(
    "above",
    [
        ("甲市人民政府令", "第12号"),
        ("国务院办公厅关于印发",),
        ("国办发〔2020〕5号", "各县区人民政府："),
        ("甲市数据局关于开展试点工作的通知",),
        ("第一章 总则",),
        ("标题：周报",),
        ("人工智能周报", "2024年第12期"),
    ],
    ids=lambda above: above[0],
)
def test_what_begins_official_documents_is_no_furniture(above: tuple[str, ...], tmp_path: Path) -> None:
    """Numbers, salutations, titles that only differ in their second line."""
    assert [] == lines(learn(write(tmp_path, [page(number, above=above) for number in range(12)])).lexicon)


def test_the_title_of_a_series_is_no_furniture(tmp_path: Path) -> None:
    """It stands above the header line or the body on every page, and a rule reads it there or may."""
    headed = [f"人工智能周报\n2020-01-{n + 10} 09:25 来源：甲网\n{STORIES[n][1]}\n" for n in range(12)]
    bare = [f"人工智能周报\n{STORIES[n][1]}\n" for n in range(12)]

    assert [] == lines(learn(write(tmp_path / "headed", headed)).lexicon)
    assert [] == lines(learn(write(tmp_path / "bare", bare)).lexicon)


def test_documents_that_tell_no_site_are_taken_for_one(tmp_path: Path) -> None:
    """A folder of files without a host."""
    folder = write(tmp_path, [page(number, above=("甲市之窗",)) for number in range(9)], site="pages")
    assert (["甲市之窗"], 1) == (lines((learned := learn(folder)).lexicon), learned.sites)


def test_labelled_fields_below_furniture_do_not_hide_it(tmp_path: Path) -> None:
    """They become columns; they themselves are not learned."""
    pages = [page(number, below=("甲市之窗专供", "责任编辑：乙某")) for number in range(9)]
    assert ["甲市之窗专供"] == lines(learn(write(tmp_path, pages)).lexicon)


# ------------------------------------------------------------------------------------------------ the file
def test_the_same_documents_give_the_same_bytes(two_sites: Path, tmp_path: Path) -> None:
    """Whatever the files are called, in whatever order they lie, and wherever the lexicon is written."""
    other = tmp_path / "other"
    for folder in sorted(two_sites.iterdir()):
        (other / folder.name).mkdir(parents=True)
        for number, file in enumerate(sorted(folder.iterdir(), reverse=True)):
            shutil.copy(file, other / folder.name / f"page-{number:02}.html")
    write_lexicon(two_sites, tmp_path / "one.json")
    write_lexicon(other, tmp_path / "two.json", choices=Choices(furniture=str(tmp_path / "one.json")))

    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_the_file_says_how_it_was_learned(two_sites: Path, tmp_path: Path) -> None:
    """Numbers and options; no time, no path."""
    choices = Choices(script="keep", maximum_bytes=9_999)
    learned = write_lexicon(two_sites, tmp_path / "furniture.json", choices=choices)
    written = json.loads((tmp_path / "furniture.json").read_text("utf-8"))

    assert {
        "documents": 24,
        "fewest_documents": 8,
        "greatest_share_elsewhere": 0.1,
        "least_share_of_a_site": 0.25,
        "options": {"maximum_bytes": 9_999, "script": "keep"},
        "same_template_from_similarity": 0.3,
        "sites": 2,
    } == written["learned"]
    assert learned.lexicon == read_lexicon(tmp_path / "furniture.json")
    assert {"documents": 12, "line": "甲市之窗", "zone": "head"} in written["entries"]


def test_a_lexicon_is_not_written_among_the_documents(two_sites: Path) -> None:
    """The raw folder is never written to."""
    with pytest.raises(BadInput, match="is never written to: name another place"):
        write_lexicon(two_sites, two_sites / "furniture.json")
    assert not (two_sites / "furniture.json").exists()


def test_nothing_is_left_where_learning_fails(tmp_path: Path) -> None:
    """Neither half a lexicon nor another file; one that was there stays."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "furniture.json").write_text("{}", "utf-8")
    with pytest.raises(BadInput, match="holds no document"):
        write_lexicon(tmp_path / "raw", tmp_path / "furniture.json")
    assert ["furniture.json", "raw"] == sorted(path.name for path in tmp_path.iterdir())
    assert "{}" == (tmp_path / "furniture.json").read_text("utf-8")


# ------------------------------------------------------------------------------------------------ the command
def test_learn_writes_a_lexicon_that_clean_takes(
    two_sites: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the command line, from the one to the other."""
    lexicon, file = str(tmp_path / "furniture.json"), str(two_sites / "www.jia.gov.cn" / "00.txt")
    assert 0 == main(["learn", "--raw", str(two_sites), lexicon])
    assert f"{lexicon}: 10 lines learned from 24 documents of 2 sites\n" == capsys.readouterr().out
    assert 0 == main(["clean", file, "--furniture", lexicon])
    assert clean(page(0).encode()).text == capsys.readouterr().out.rstrip("\n")
    assert 0 == main(["explain", file, "--furniture", lexicon, "--rule", "boilerplate.learned"])
    assert "8 edits" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["learn"], "required: LEXICON"),
        (["learn", "--raw", "no-such-folder", "a.json"], "'no-such-folder' does not exist"),
        (["learn", "--raw", "tests", "."], "'.' is a folder: name a file for the lexicon, such as furniture.json"),
        (["learn", "--raw", "tests", "no-such-folder/a.json"], "lies in a folder that does not exist"),
        (["learn", "--raw", "tests", "tests/a.json"], "lies in the folder of the documents"),
        (["learn", "--furniture", "a.json", "b.json"], "unrecognized arguments"),
        (["learn", "--script", "latin", "a.json"], "--script is 'latin'"),
    ],
)
def test_bad_use_of_learn_ends_in_one_line(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and nothing on standard output."""
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(stop.code or 0)
    said = capsys.readouterr()
    assert (2, "") == (code, said.out)
    assert 1 == len(said.err.splitlines())
    assert problem in said.err
