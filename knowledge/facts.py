"""Facts taken from one annual report: the schema of the report-derived knowledge file, and its loader."""
from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, Extra, Field, ValidationError

from knowledge.errors import KnowledgeError

Record = TypeVar("Record", bound=BaseModel)


class FactKind(str, Enum):
    """What sort of thing the value is; decides how a question may ask for it."""

    COUNT = "count"  # 件, 人, 次, 处 …
    MONEY = "money"  # 元 (value normalised to 元)
    PERCENTAGE = "percentage"  # value in percent: 12.9 for 12.9%
    RANK = "rank"  # 第五, 第一个, 首个
    DATE = "date"
    DOCUMENT = "document"  # a document number such as 枣办发〔2020〕7号
    CODE = "code"  # a name made of digits: 4567, 0632, 2+4+N, 12345
    LIST = "list"
    PLACE = "place"
    PERSON = "person"
    TEXT = "text"


class Locator(BaseModel, extra=Extra.forbid, frozen=True):
    """Where in the report: part 五, item （二）, and the 1-based number of the sentence inside that item."""

    part: str
    item: str = ""
    sentence: int = Field(ge=0)

    @property
    def where(self) -> str:
        """For the source line: 二、（三）; 开头 for what stands before the first part."""
        return f"{self.part}{self.item}" or "开头"


class Fact(BaseModel, extra=Extra.forbid, frozen=True):
    """One fact of the report.

    `figure` is the figure as the report writes it, qualifiers and unit included (5万余件（次）, 98％以上); it is what an
    answer shows. `value` is the exact normalised decimal as a string (5万余 → "50000") or a text or list, `unit` the plain
    unit (件, 元, %, 名). `phrase` is the few characters around the figure. `say` is a sentence with `{figure}`,
    `{previous}` or `{items}` as place holders; empty means the standard sentence is used.
    """

    id: str
    kind: FactKind
    subject: str
    measure: str
    value: str | list[str]
    unit: str = ""
    figure: str = ""
    previous: str = ""  # for 由69元提高到74元: the figure before, as written
    qualifiers: tuple[str, ...] = ()
    period: str
    area: str
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    locator: Locator
    source_sha256: str = Field(min_length=64, max_length=64)
    phrase: str
    say: str = ""
    confidence: float = Field(1.0, ge=0, le=1)


class IgnoredFigure(BaseModel, extra=Extra.forbid, frozen=True):
    """A figure in the report that is not a fact, and why."""

    figure: str
    locator: Locator
    reason: str


class ReportHeader(BaseModel, extra=Extra.forbid, frozen=True):
    """The report itself. `source_sha256` is of the text the facts were taken from; `reviewed_by` is empty until a person has reviewed it."""

    title: str
    issuer: str
    year: int
    area: str
    source_sha256: str = Field(min_length=64, max_length=64)
    extractor: str
    reviewed_by: str = ""
    reviewed_at: str = ""


class ReportFile(BaseModel, extra=Extra.forbid, frozen=True):
    """The whole report-derived knowledge file."""

    report: ReportHeader
    facts: tuple[Fact, ...]
    ignored: tuple[IgnoredFigure, ...] = ()


def read_yaml(path: Path) -> object:
    """Parse a YAML file. Raises KnowledgeError with line and column when it is missing or malformed."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError as error:
        raise KnowledgeError(path, "", "找不到这个文件", "请检查文件名和路径") from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(path, f"第{error.start}字节", "不是 UTF-8 文本", "请用 UTF-8 编码另存后再试") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"第{mark.line + 1}行第{mark.column + 1}列" if mark else ""
        raise KnowledgeError(path, where, f"YAML 格式不对（{error.problem}）", "请对照上一行的缩进和冒号改好") from error
    except yaml.YAMLError as error:
        raise KnowledgeError(path, "", f"YAML 格式不对（{error}）", "请删去特殊字符后再试") from error
    except (ValueError, TypeError, AttributeError, OverflowError) as error:  # of a value that only looks like a date or a number: 2027-02-30
        raise KnowledgeError(path, "", f"有一个值读不出来（{error}）", "请检查日期和数字，不是日期的写在引号里") from error
    except RecursionError as error:
        raise KnowledgeError(path, "", "一层套一层，太深了", "请对照别的文件的缩进和括号改好") from error


def parsed(model: type[Record], entry: object, path: Path, where: str = "") -> Record:
    """The entry of a knowledge file as a record of the model. `where`: which entry, such as 第3条, said before the field. Raises KnowledgeError."""
    for key in entry if isinstance(entry, dict) else ():
        if not isinstance(key, str):
            raise KnowledgeError(path, where, f"“{key}”不能当栏目的名字", "请改成文字，或者在两边加引号")  # pydantic cannot take it
    try:
        return model.parse_obj(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = " → ".join(str(step + 1) if isinstance(step, int) else str(step) for step in first["loc"])
        raise KnowledgeError(path, f"{where} → {field}" if where else field, f"内容不合要求（{first['msg']}）", "请对照 docs/knowledge-format.md 改好") from error


def load_report(path: Path) -> ReportFile:
    """Read and validate one report-derived knowledge file. Raises KnowledgeError."""
    report = parsed(ReportFile, read_yaml(path), path)
    seen: set[str] = set()
    for fact in report.facts:
        if fact.id in seen:
            raise KnowledgeError(path, fact.id, "编号重复", "请给其中一条换一个编号")
        seen.add(fact.id)
    return report
