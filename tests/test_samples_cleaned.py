"""What the pipeline makes of the sample documents in `raw/` is what the last column of `raw/README.md` says.

Here belongs what becomes of each sample as a whole. What the samples are is tested in `test_samples.py`, and what one
step does to a line in `tests/cases/`. A shortcoming that the table admits ("so far") stands in `SO_FAR`, as a test that
has to fail: whoever mends it moves the expectation up, and takes the two words out of the table.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from collection import Entry, became, clusters, entry

import pipeline
from pipeline.sources.files import find_inputs, read_input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline import Document

RAW: Final = Path(__file__).resolve().parents[1] / "raw"
README: Final = RAW / "README.md"
ROW: Final = re.compile(r"^\| `(?P<file>[^`|]+)` \|.*\| (?P<becomes>[^|]+) \|$", re.MULTILINE)

NOTHING_STATED: Final = ("date_published_missing", "source_missing", "title_missing")
ENTIRE: Final = range(1, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What is expected of one sample; what is left out is not looked at."""

    file: str
    encoding: str = "utf-8"
    kept: range = range(0)
    """Lines of the file, from 1, that the text has word for word, without indents; the text has no other lines."""
    has: tuple[str, ...] = ()
    """Whole lines of the text, or parts of one."""
    lacks: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    dates: tuple[tuple[str, str], ...] | None = None
    """Role and EDTF of each."""
    flags: tuple[str, ...] | None = None
    headings: tuple[str, ...] | None = ()
    """Number and title of each section, as the text has them."""
    captions: tuple[tuple[str, str | None], ...] = ()
    masked: tuple[str, ...] = ()


SAMPLES: Final = (
    Cleaned(
        file="policy/action-plan-header-line.txt",
        has=(
            "《关于加快培育港城智能产业的若干意见》，制定本方案。实施期为2024年至2026年，展望到2030年。\n一、总体思路\n",
            "（东政发〔2023〕41号）",
            "建成公共算力1200P（其中国产昇腾算力不低于六成），培育“小巨人”企业25家",
            "机房面积1,700平方米；",
            "每日09:25前发布",
            "建设2.0版地方语料库。",
        ),
        lacks=("署,", "(", "\u00a0", "ai.example.com", "关键字", "浏览量", "公众号", "青澜市智能产业提升行动方案"),
        fields={
            "title": "青澜市智能产业提升行动方案",
            "title_status": "stated",
            "doc_type": "policy",
            "date_published": dt.date(2024, 3, 12),
            "published_at": dt.datetime(2024, 3, 12, 2, 40, tzinfo=dt.UTC),
            "source_site": "ai.example.com",
            "keywords": ["智能", "算力", "数据", "场景", "人才"],
            "view_count": None,
            "doc_number": None,
            "summary": None,
            "paragraph_count": 25,
        },
        flags=("duplicate_lead_removed", "punct_restored"),
        headings=(
            *("一、总体思路", "（一）工作方针", "（二）基本原则", "（三）主要目标"),
            *("二、重点任务", "（一）夯实算力底座", "1.建设港城智算中心", "2.推进算力并网"),
            *("（二）开放应用场景", "1.智慧码头", "2.织造质检", "3.近海养殖"),
            *("（三）用好公共数据", "1.制（修）订数据目录", "2.建设语料库"),
            *("三、保障措施", "（一）加强统筹", "（二）资金支持", "（三）做好评估"),
        ),
    ),
    Cleaned(
        file="policy/furniture-words-bom.txt",
        kept=ENTIRE,
        lacks=("\ufeff", "升腾", "升思", "干元", "徽升", "借助"),
        flags=NOTHING_STATED,
        headings=(
            *("一、支持3D打印走进车间", "二、规范分享经济发展", "三、推广扫码乘车", "四、振兴中华老字号"),
            *("五、完善容错机制", "六、健全服务响应", "七、用好国产算力", "八、其他"),
        ),
    ),
    Cleaned(
        file="policy/interpretation-labelled.txt",
        has=(
            "2024年6月18日，云栈县人民政府印发《云栈县推进智慧文旅与人工智能融合发展三年行动方案（2024-2026年）》",
            "现将有关内容说明如下：\n一、为什么要出台《方案》\n云栈县有古栈道、梯田、温泉三类资源",
            "\n二是育一批讲解员。",
            "群众可以在政务大厅提出意见。",
        ),
        lacks=("总结", "链接", "关键词", "AI技术", "行业", "重大事件", "<<<", "===", ">>>", "\u3000", "新闻网消息"),
        fields={
            "url": "https://news.example.com/2024/06/18/ARTIsample0000000240618.shtml",
            "title": "《云栈县推进智慧文旅与人工智能融合发展三年行动",
            "title_status": "truncated",
            "doc_type": "interpretation",
            "date_published": dt.date(2024, 6, 18),
            "date_basis": "url",
            "source_site": "news.example.com",
            "source_name": "云栈新闻网",
            "summary": None,
            "keywords": [],
            "paragraph_count": 11,
            "labels_raw": [
                {"label": "标题", "value": "《云栈县推进智慧文旅与人工智能融合发展三年行动...", "line": 1},
                {
                    "label": "链接",
                    "value": "https://news.example.com/2024/06/18/ARTIsample0000000240618.shtml",
                    "line": 2,
                },
                {"label": "总结", "value": "@text", "line": 3},
                {"label": "关键词", "value": "", "line": 4},
                {"label": "AI技术", "value": "", "line": 5},
                {"label": "行业", "value": "", "line": 6},
                {"label": "重大事件摘要", "value": "", "line": 9},
            ],
        },
        flags=(
            *("conflict_markers_removed", "conflict_resolved", "empty_labels"),
            *("summary_label_holds_body", "title_truncated"),
        ),
        headings=("一、为什么要出台《方案》", "二、《方案》有哪些目标", "三、重点做哪些事", "四、怎样保证落实"),
    ),
    Cleaned(
        file="policy/interpretation-questions-gbk.txt",
        encoding="gb18030",
        has=(
            "近日，云麓区数据局印发《云麓区数据标注产业扶持办法》（云数规〔2024〕2号，以下简称《办法》）。",
            "问：怎样申报？\n答：每年4月、10月集中受理，",
            "残疾人占员工三成以上的，补助比例上浮五个百分点。",
        ),
        lacks=("首页", "字体", "&nbsp;", "来源", "责任编辑", "相关阅读", "下一页", "打印", "关闭"),
        fields={
            "title": "《云麓区数据标注产业扶持办法》政策解读",
            "doc_type": "interpretation",
            "published_at": dt.datetime(2024, 5, 20, 0, 30, tzinfo=dt.UTC),
            "source_name": "云麓区数据局",
            "editors": ["公孙例"],
            "doc_number": None,
            "view_count": None,
            "paragraph_count": 9,
        },
        flags=(),
    ),
    Cleaned(
        file="policy/rare-characters-gb18030.txt",
        encoding="gb18030",
        kept=ENTIRE,
        has=("“㟁头村”“䢺子沟”", "“𬱖”“㛃”“䶮”", "GB 18030—2022"),
        lacks=("\r",),
    ),
    Cleaned(
        file="notices/official-notice-gbk.txt",
        encoding="gb18030",
        kept=range(4, 21),
        fields={
            "title": "青澜市数据局关于征集人工智能应用场景的通知",
            "doc_type": "policy",
            "doc_number": "青数发〔2024〕7号",
            "issuer": "青澜市数据局",
            "date_published": None,
            "date_best": dt.date(2024, 4, 3),
            "date_best_kind": "document",
            "rights_status": "cn_art5_exempt",
        },
        dates=(("document", "2024-04-03"),),
        flags=("date_published_missing", "source_missing"),
        headings=(
            *("一、征集范围", "（一）工业制造类", "（二）公共服务类", "（三）农业农村类"),
            *("二、申报要求", "三、时间安排"),
        ),
    ),
    Cleaned(
        file="notices/official-notice-gateway.txt",
        has=(
            "各县（区）数据主管部门，市直有关单位：\n为摸清各行业对智慧技术的实际需要，",
            "涉及个人资讯的，",
            "于6月底前公布入选名单，并安排不少于两场对接活动。",
            "附件：1.应用场景申报表\n2.数据安全说明（样式）\n青澜市数据局\n2024年4月3日\n（此件公开发布）",
        ),
        lacks=("big5", "點", "点击", "大 中 小", "打印", "版权"),
        fields={
            "title": "青澜市数据局关于征集人工智慧应用场景的通知",
            "raw_language": "zh-Hant",
            "published_at": dt.datetime(2024, 4, 8, 1, 12, 30, tzinfo=dt.UTC),
            "source_name": "青澜资讯港",
            "source_site": "big5.example.com",
            "issuer": "青澜市数据局",
            "paragraph_count": 17,
        },
        dates=(("published", "2024-04-08T09:12:30+08:00"), ("document", "2024-04-03")),
        flags=("gateway_vocabulary", "script_converted"),
        headings=(
            *("一、征集范围", "（一）工业制造类", "（二）公共服务类", "（三）农业农村类"),
            *("二、申报要求", "三、时间安排"),
        ),
    ),
    *(
        Cleaned(
            file=file,
            has=(
                "《石湾谷智能网联汽车道路测试管理细则（征求意见稿）》",
                "\n通信地址：石湾谷科创路1号管理委员会政策研究室，邮政编码：000000\n",
                "\n电子邮箱：[EMAIL]，联系电话：[PHONE]\n石湾谷管理委员会\n2024年6月14日",
            ),
            lacks=("分享到", "打印", "关闭窗口"),
            fields={"issuer": "石湾谷管理委员会", "date_published": None, "date_best": dt.date(2024, 6, 14)},
            flags=("date_published_missing", "pii_redacted", "source_missing", "title_missing"),
            masked=("opinions@example.com", "0440-55550100"),
        )
        for file in ("notices/solicitation-contact.txt", "notices/solicitation-same-bytes.txt")
    ),
    Cleaned(
        file="news/launch-captions-folded.txt",
        has=(
            "11月8日，以“让工厂会思考”为主题的澄湖智能制造开放日开幕，",
            "一是诊断服务。由12名工程师组成的团队免费上门，帮企业找出最值得改的工序；\n二是算力服务。",
            "（CNN、YOLO等均可）；",
            "市民可以凭身份证免费入场。",
        ),
        lacks=(",", "供图", "司马样", "(", "完)", "（完）", "分享让更多人看到"),
        fields={"doc_type": "news", "date_published": None, "date_best": dt.date(2023, 11, 8), "paragraph_count": 11},
        dates=(("event", "2023-11-08"), ("event", "2023-11-08"), ("mentioned", "2023-03-02")),
        flags=("date_published_missing", "punct_restored", "source_missing", "title_missing"),
        headings=("展馆变成生产线", "三项服务同步启用"),
        captions=(
            ("2023年11月8日，澄湖智能制造开放日在澄湖会展中心开幕。", "澄湖新区融媒体中心"),
            ("青年工程师在开放日调试机械臂。", "司马样"),
        ),
    ),
    Cleaned(
        file="news/harbour-forum-machine-english.txt",
        has=(
            "On June 2nd, the Harbor City Intelligent Shipping Forum opened in Chenghu New District, Qinglan City.",
            "Qinglan City. Harbor” plan, the district hopes",
            "work on the same map, and to shorten",
            "a yard of 1,250 square meters has been set aside for young teams, who may borrow",
            "an order from the port, instead of only a certificate.",
            "“Several Measures for Supporting “Smart Harbor””, the highest subsidy",
            "the “practice-evaluation-order” -mechanism will be tried out",
        ),
        lacks=(" ,", "Sima Yang", "Editors", "Share to let"),
        fields={
            "language": "en",
            "doc_type": "news",
            "dateline": "Qinglan Daily Online, Qinglan, June 3rd (Reporter Sima Yang)",
            "authors": ["Sima Yang"],
            "editors": ["Sima Yang", "Gongsun Li"],
            "source_name": "Qinglan Daily Online",
            "is_translation": True,
            "date_published": None,
            "date_best_kind": "inferred_year",
            "paragraph_count": 8,
        },
        flags=(
            *("date_year_missing", "machine_translation_suspected", "quotes_unbalanced"),
            *("text_gap_suspected", "title_missing"),
        ),
        headings=(
            "The terminal becomes a test field for algorithms",
            "“Dock Night School” trains crane drivers into data workers",
        ),
    ),
    Cleaned(
        file="news/alliance-pinyin.txt",
        has=(
            "沿江十二市人工智能产业协作网于2022年9月16日在澄湖新区成立。",
            "《沿江十二市人工智能产业协作网章程（草案）》和《数据共享公约》。澄湖新区发展规划局副局长东方例在会上表示，",
            "\n理事长：\n澄湖精密铸造有限公司总经理 司马样\n副理事长：\n",
            "\n秘书长（专职）：\n上官试\n",
            "参加单位可在协作网网站查询课程安排。\n加入协作网请联系：[EMAIL]",
        ),
        lacks=("(", "ɡ", "\u0304", "特别声明", "\n澄湖新区发展规划局副局长东方例\n"),
        fields={"raw_language": "zh-Hant", "doc_type": "news", "date_published": None},
        flags=(
            *("date_published_missing", "pii_redacted", "pinyin_artifacts_removed", "pseudo_traditional"),
            *("punct_restored", "script_converted", "source_missing", "title_missing"),
        ),
        captions=(("澄湖新区发展规划局副局长东方例", None),),
        masked=("join@example.org",),
    ),
    Cleaned(
        file="news/taipei-software-big5.txt",
        encoding="big5hkscs",
        has=(
            "云港大学与示范资讯公司昨日签署合作备忘录，将共同开发长照机构使用的语音纪录软体，",
            "这套软体的演算法在校内伺服器执行，",
            "接着标出用药、跌倒、饮食等重点，",
            "并着手建立专用词库。使用者介面则",
            "这项计划自民国113年3月1日起执行，",
        ),
        lacks=("记者", "报导", "软件", "算法在校内服务器", "信息", "图／"),
        fields={
            "raw_language": "zh-Hant-TW",
            "doc_type": "news",
            "dateline": "〔記者司馬樣／台北報導〕",
            "authors": ["司馬樣"],
            "paragraph_count": 4,
        },
        flags=("date_published_missing", "script_converted", "source_missing", "title_missing"),
        captions=(("云港大学师生在护理之家测试语音纪录软体。", "云港大学"),),
    ),
    Cleaned(
        file="news/hongkong-clinic-utf16le.txt",
        encoding="utf-16-le",
        has=(
            "协助长者在屋邨里做健康检查；另一个项目为卫生中心编排覆诊时间，减少病人在登记台前轮候。",
            "「坐在这里等两个钟头，心里总是不踏实」",
            "市民可经线上登记参加，",
            "存放在本港的伺服器，",
        ),
        lacks=("\ufeff", "\r", "衞", "裏", "綫", "枱", "“"),
        fields={"raw_language": "zh-Hant-HK", "language": "zh-Hans", "paragraph_count": 6},
        flags=("date_published_missing", "script_converted", "source_missing", "title_missing"),
    ),
    Cleaned(
        file="news/bozhou-gloss.txt",
        has=(
            "在安徽亳(bó)州的一处药材仓库里，",
            "轻量化的图像模型(AI)。",
            "亳州下辖的涡(guō)阳县也引进了这套系统。",
            "入药仍须按照国家药典检验。",
        ),
        lacks=("新青网", "记者", "责编", "“识药”"),
        fields={
            "title": "中药材交易有了“识药”模型",
            "doc_type": "news",
            "source_name": "新青网",
            "dateline": "新青网合肥4月21日电（记者司马样）",
            "authors": ["司马样"],
            "editors": ["公孙例", "诸葛示"],
            "date_published": None,
            "paragraph_count": 4,
        },
        dates=(("published", "XXXX-04-21"),),
        flags=("date_year_missing",),
    ),
    Cleaned(
        file="speeches/opening-remarks.txt",
        kept=ENTIRE,
        has=("石湾谷管理委员会主任\u3000上官\u3000试", "（2024年9月5日，根据录音整理）"),
        fields={"doc_type": "speech", "title": None},
        flags=NOTHING_STATED,
    ),
    Cleaned(
        file="speeches/closing-remarks-utf16be.txt",
        encoding="utf-16-be",
        kept=ENTIRE,
        fields={"doc_type": "speech"},
        flags=NOTHING_STATED,
    ),
    Cleaned(
        file="hard/conflict-resolvable.txt",
        has=(
            "累计接待参观者1.3万人次。\n开放周共发布数据集214个，涵盖潮汐、公交、停车和农产品价格。\n参加活动的二十支队伍",
            "继续得到支持。\n评委会还为三位退休工程师颁发了特别贡献奖，",
            "每季度更新一次。\n下一届开放周计划于明年5月举行，地点仍在市图书馆。",
        ),
        lacks=("<<<", "===", ">>>", "HEAD", "origin"),
        fields={"paragraph_count": 7},
        flags=("conflict_markers_removed", "conflict_resolved", *NOTHING_STATED),
    ),
    Cleaned(
        file="hard/conflict-rival-prose.txt",
        has=(
            "\n试点办公室介绍，平均每单配送时间由原来的三小时缩短到二十五分钟，没有发生伤人事故。\n村医说，",
            "\n明年，试点航线将增加到十八条，并尝试夜间飞行。\n",
        ),
        lacks=("<<<", "|||", "===", ">>>", "四十分钟", "十二条", "十五条"),
        fields={"paragraph_count": 6},
        flags=("conflict_in_prose", "conflict_markers_removed", "conflict_resolved", *NOTHING_STATED),
    ),
    Cleaned(
        file="hard/git-lesson-untouched.md",
        kept=ENTIRE,
        has=(
            "合并冲突怎么读\n=======\n",
            "\n```\n<<<<<<< HEAD\n全市设立三个试点。\n=======\n全市设立五个试点。\n>>>>>>> draft-b\n```\n",
            "\n||||||| 旧稿\n办法自发布之日起施行。\n=======\n",
        ),
        flags=NOTHING_STATED,
    ),
    Cleaned(
        file="hard/pdf-spaces.txt",
        has=(
            "澄湖新区政府信息公开年度报告（摘要）\n本报告由澄湖新区管理委员会办公室编制，",
            "自2023年1月1日起至2023年12月31日止。",
            "全年主动公开政府信息1846条，",
            "仍以图片形式发布，无法检索；",
            "正在使用 OCR 工具补录，计划用 Python 3 编写的脚本",
        ),
        headings=("一、总体情况", "二、智能检索试点", "三、存在的不足"),
    ),
    Cleaned(
        file="hard/forum-html-remains.txt",
        has=(
            "据说能“看”出叶子生的是什么病。",
            "传到村委会的小机房。\n模型判断之后，把结果发到种植户的手机上，时延<10毫秒那是宣传册上的话，",
            "一起做R&D，请老把式把照片一张张重新标过。",
            "\n我问要多少钱，",
            "县里补一半。合作社的人算了一笔账：",
        ),
        lacks=("<p>", "<br", "<kbd", "&nbsp;", "&#160;", "ldquo", "发表于", "只看该作者"),
        fields={
            "title": "村里来了“会看病的大棚”",
            "published_at": dt.datetime(2023, 8, 15, 13, 7, tzinfo=dt.UTC),
        },
        flags=("source_missing",),
    ),
    Cleaned(
        file="hard/content-farm-wrapper.txt",
        has=(
            "石湾谷智能网联汽车道路测试管理细则（试行）\n石管发〔202318\n第一条 为规范",
            "第三条 申请道路测试的单位应当具备下列条件：\n（一）在中华人民共和国境内登记注册；\n",
            "第六条 本细则自2023年10月1日起施行，试行期两年。",
        ),
        lacks=("六合彩", "发票", "文档简介", "版权说明", "下载本文档", "kbd", "Copyright", "ICP"),
        fields={"doc_number": None, "doc_type": "policy"},
    ),
    Cleaned(
        file="hard/damaged-characters.txt",
        kept=ENTIRE,
        has=("使用率只有\ufffd\ufffd%，", "理由是锟斤拷锟斤拷，", "相关改进\ufffd施"),
        flags=("date_published_missing", "mojibake_lossy", "replacement_characters", "source_missing", "title_missing"),
    ),
    Cleaned(
        file="hard/mojibake-repairable.txt",
        has=("智慧图书馆不只是自助借书\n",),
        lacks=("æ", "\ufffd"),
        flags=("date_published_missing", "mojibake_repaired", "source_missing", "title_missing"),
        headings=None,
    ),
    Cleaned(
        file="hard/pinyin-byte-shift.txt",
        has=(
            "产线数据由人工抄写",
            "要等师傅走完一圈才会发现，现在手机上立刻收到提醒；产量、能耗和故障次数汇成一张表，",
            "十家产业基础较好的工厂，",
            "逐步推广到全市的产业园区。",
            *("当地的做法是先选", "试用半年后再从中总结经验", "?yōu)"),
        ),
        lacks=("?shù)", "?gòu)", "(chǎn)", "(shù)", "(fā)", "(xiàn)", "(guī)", "(yè)", "(qū)"),
        flags=(
            *("date_published_missing", "pinyin_artifacts_removed", "pinyin_damage", "pseudo_traditional"),
            *("script_converted", "source_missing", "title_missing"),
        ),
    ),
    Cleaned(
        file="collections/bulletins.zip!/简报/第一期.txt",
        kept=ENTIRE,
        flags=NOTHING_STATED,
    ),
    Cleaned(
        file="collections/bulletins.zip!/简报/第二期.txt",
        encoding="gb18030",
        kept=ENTIRE,
        flags=NOTHING_STATED,
    ),
    Cleaned(
        file="collections/minutes.tar.gz!/minutes/meeting.txt",
        kept=ENTIRE,
        has=("\n时间：2024年3月12日\n地点：档案馆二楼会议室\n",),
        flags=NOTHING_STATED,
    ),
    Cleaned(
        file="collections/minutes.tar.gz!/minutes/catalogue.txt",
        kept=ENTIRE,
        flags=NOTHING_STATED,
        headings=("一、童谣", "二、渔业口述", "三、集市叫卖"),
    ),
    Cleaned(
        file="collections/notices.jsonl#L1",
        has=("为方便视障乘客出行，自2024年6月1日起，", "更换期间，站台仍可正常候车。\n咨询电话：[PHONE]。"),
        lacks=("{", '"', "\\", "4101", "title", "琴澜市交通运输服务站"),
        fields={
            "title": "关于开展公交站台盲文铭牌更换工作的通告",
            "url": "https://transport.example.org/2024/05/20/4101.html",
            "published_at": dt.datetime(2024, 5, 20, 0, 30, tzinfo=dt.UTC),
            "date_basis": "label",
            "source_name": "琴澜市交通运输服务站",
            "source_site": "transport.example.org",
            "keywords": ["公交", "无障碍"],
            "paragraph_count": 3,
        },
        flags=("pii_redacted",),
        masked=("0440-55550166",),
    ),
    Cleaned(
        file="collections/notices.jsonl#L2",
        has=("现征集熟悉旧城的志愿者协助核对。\n志愿者只需说出照片里的街名和年代，",),
        lacks=("徵", "檔"),
        fields={
            "title": "关于征集老照片辨认志愿者的启事",
            "url": "https://archive.example.org/4102",
            "date_published": dt.date(2024, 5, 21),
            "raw_language": "zh-Hant",
        },
        flags=("script_converted",),
    ),
    Cleaned(
        file="collections/market-reports.csv#L2",
        encoding="gb18030",
        has=("预告拥挤程度。\n船工公孙例说，“以前全凭眼睛数，现在心里有了底”，",),
        lacks=("琴澜日报", "2023"),
        fields={
            "title": "渡口安装客流计数器",
            "date_published": dt.date(2023, 11, 2),
            "source_name": "琴澜日报",
            "paragraph_count": 2,
        },
        flags=(),
    ),
    Cleaned(
        file="collections/market-reports.csv#L4",
        encoding="gb18030",
        has=("电子秤,摊主把菜放上秤盘,品名和单价自动显示。",),
        fields={"title": '菜市场试用"会报价"的秤', "date_published": dt.date(2023, 11, 9)},
        flags=(),
    ),
    Cleaned(
        file="pages/street-lights-gb2312.html",
        encoding="gb18030",
        has=(
            "优先改造坡道、桥洞和学校周边；灯具亮度由居民共同商定。",
            "故障报修在R&D平台上全程可查，响应时间<24小时。\n片区\t路灯（盏）\n河西\t700\n河东\t500",
        ),
        lacks=("首页", "统计代码", "分享", "关于推广社区智能照明", "<b>", "&ldquo", "&lt", "indent", "管理委员会"),
        fields={
            "title": "关于推广社区智能照明的实施意见",
            "url": "http://www.shiwangu.example.org/zcwj/202209/t20220915_3071.html",
            "doc_type": "policy",
            "published_at": dt.datetime(2022, 9, 15, 2, 20, tzinfo=dt.UTC),
            "source_name": "石湾谷新区规划局",
            "keywords": ["智能照明", "社区"],
            "summary": None,
        },
        flags=(),
        headings=("一、基本原则", "二、工作任务"),
    ),
    Cleaned(
        file="pages/harvest.warc.gz#R2",
        has=("琴澜港的三十条渔船最近装上了天气助手。", "“鱼鳞天，不雨也风颠”"),
        lacks=("WARC", "HTTP", "首页", "新闻", "渔船用上会认云的天气助手"),
        fields={
            "title": "渔船用上会认云的天气助手",
            "url": "https://news.qinlan.example.org/2024/03/weather.html",
            "source_site": "news.qinlan.example.org",
            "date_published": None,
            "paragraph_count": 3,
        },
        flags=("date_published_missing",),
    ),
)
"""Every sample that is published, or would be if no other had its bytes."""

SET_ASIDE: Final = {"hard/truncated-picture.txt": "binary"}
NOT_READ: Final = {
    "collections/minutes.tar.gz!/minutes/latest.txt": "unreadable",
    "collections/notices.jsonl#L3": "unreadable",
    "pages/harvest.warc.gz#R3": "unreadable",
}
DUPLICATES: Final = {"notices/solicitation-same-bytes.txt": "notices/solicitation-contact.txt"}
NEAR: Final = {"notices/official-notice-gbk.txt": "notices/official-notice-gateway.txt"}
"""The gateway's version alone has a date of publication, so it stands for both."""

SO_FAR: Final = (
    Cleaned(
        file="hard/pdf-spaces.txt",
        has=("检索模型采用开源底座，由新区档案馆提供语料，并由法制机构逐条审核答案。",),
        lacks=("— 1 —", "— 2 —"),
        headings=None,
    ),
    Cleaned(file="hard/forum-html-remains.txt", lacks=("H0 v9", "q3 k)", "w2 N7"), headings=None),
    Cleaned(file="hard/content-farm-wrapper.txt", lacks=("第1页", "第2页"), headings=None),
)
"""What the table admits to be missing."""


INPUTS: Final = {found.raw_path: found for found in find_inputs(RAW)}


@functools.cache
def cleaned(file: str) -> Document:
    """A sample after the whole pipeline, as a run cleans it; made once for all tests."""
    found = INPUTS[file]
    return pipeline.clean(read_input(found), source=file, header=found.header, encoding=found.encoding)


def headings_of(document: Document) -> tuple[str, ...]:
    """The sections as number and title, in order."""
    return tuple(section["marker"] + section["title"] for section in document.fields["sections"])


def named(sample: Cleaned) -> str:
    """What a test of this sample is called."""
    return sample.file


def check_text(expected: Cleaned, text: str) -> None:
    """The text has what it should have, and lacks what it should lack."""
    assert [] == [part for part in expected.has if part not in text]
    assert [] == [part for part in expected.lacks if part in text]


def test_every_sample_is_expected_to_become_something() -> None:
    """No input of `raw/` is left out here, and none is expected that is not there."""
    assert sorted(INPUTS) == sorted([*(sample.file for sample in SAMPLES), *SET_ASIDE, *NOT_READ])


@pytest.mark.parametrize(("file", "reason"), NOT_READ.items())
def test_what_is_not_read(file: str, reason: str) -> None:
    """It has a reason before anything is cleaned."""
    assert reason == INPUTS[file].reason


@pytest.mark.parametrize("expected", SAMPLES, ids=named)
def test_the_text(expected: Cleaned) -> None:
    """What should stay stands in the text, what should go does not, and no line begins or ends with white space."""
    text = cleaned(expected.file).text
    assert text is not None
    check_text(expected, text)
    assert [line.strip() for line in text.split("\n") if line.strip()] == text.split("\n")


@pytest.mark.parametrize("expected", [sample for sample in SAMPLES if sample.kept], ids=named)
def test_what_is_kept_word_for_word(expected: Cleaned) -> None:
    """The text is exactly those lines of the file, apart from blank lines, indents and the byte order mark."""
    document = cleaned(expected.file)
    lines = [line.strip("\ufeff\u3000 \r") for line in document.history.original.split("\n")]
    kept = [line for number, line in enumerate(lines, 1) if number in expected.kept and line]
    assert "\n".join(kept) == document.text


@pytest.mark.parametrize("expected", SAMPLES, ids=named)
def test_encoding_fields_and_flags(expected: Cleaned) -> None:
    """The encoding is found, and every column that is looked at holds what the document says, or nothing."""
    document = cleaned(expected.file)
    assert [expected.encoding] == [run.encoding for run in document.decoding.runs]
    assert expected.fields == {name: document.fields[name] for name in expected.fields}
    if expected.dates is not None:
        assert list(expected.dates) == [(date["role"], date["edtf"]) for date in document.fields["dates"]]
    if expected.flags is not None:
        assert expected.flags == document.flags


@pytest.mark.parametrize("expected", SAMPLES, ids=named)
def test_headings_and_captions(expected: Cleaned) -> None:
    """All headings and captions, in order, and no others."""
    document = cleaned(expected.file)
    if expected.headings is not None:
        assert expected.headings == headings_of(document)
    assert list(expected.captions) == [(row["text"], row["credit"]) for row in document.fields["captions"]]


@pytest.mark.parametrize("expected", SAMPLES, ids=named)
def test_personal_data(expected: Cleaned) -> None:
    """Exactly the personal data of a sample is found, and neither the text nor any column shows it."""
    document = cleaned(expected.file)
    found = [document.history.original[start:end] for start, end in document.personal]
    assert list(expected.masked) == found
    shown = f"{document.text}{document.fields}"
    assert [] == [datum for datum in expected.masked if datum in shown]


@pytest.mark.parametrize(("file", "reason"), SET_ASIDE.items())
def test_what_is_set_aside(file: str, reason: str) -> None:
    """It has a reason and no text."""
    document = cleaned(file)
    assert (reason, None) == (document.verdict.reason, document.text)


@pytest.mark.parametrize("file", [*(sample.file for sample in SAMPLES), *SET_ASIDE])
def test_every_sample_rebuilds_exactly(file: str) -> None:
    """The account leads back to the bytes, whatever was done to them."""
    assert read_input(INPUTS[file]) == pipeline.rebuild(cleaned(file))


def entries() -> list[Entry]:
    """The samples as the step sees them that decides what is published."""
    return [entry(file, cleaned(file)) for file in [*(sample.file for sample in SAMPLES), *SET_ASIDE]]


def test_what_is_published() -> None:
    """Everything but the one copy and the one picture."""
    path_of = {one.id: one.path for one in entries() if one.path not in DUPLICATES}
    found = became(entries())
    assert set(SET_ASIDE) == {path for path, standing in found.items() if standing.status == "quarantined"}
    copies = {path: path_of[s.duplicate_of or ""] for path, s in found.items() if s.status == "duplicate"}
    assert copies == DUPLICATES


def test_near_duplicates_share_a_cluster() -> None:
    """The notice and its gateway's version belong together, and nothing else does."""
    canonical = clusters([one for one in entries() if one.path not in (*SET_ASIDE, *DUPLICATES)])
    assert {**{path: path for path in canonical}, **NEAR} == canonical


@pytest.mark.xfail(strict=True, reason="raw/README.md says so: not so far")
@pytest.mark.parametrize("expected", SO_FAR, ids=named)
def test_what_is_still_to_come(expected: Cleaned) -> None:
    """As soon as one of these holds, it belongs among the expectations above."""
    check_text(expected, cleaned(expected.file).text or "")


def test_the_table_admits_what_is_still_to_come() -> None:
    """`raw/README.md` says "so far" of exactly the samples that fall short."""
    rows = {row["file"]: row["becomes"] for row in ROW.finditer(README.read_text(encoding="utf-8"))}
    admitted = {file for file, becomes in rows.items() if "so far" in becomes}
    assert admitted == {sample.file for sample in SO_FAR}
