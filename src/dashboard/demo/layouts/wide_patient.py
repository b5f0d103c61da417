"""One patient of the oligometastasis workbook, and the headers of its main sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.demo.layouts.reports import Report
from dashboard.demo.layouts.texts import chosen, is_missing

# So many places the main sheet has for a lesion, and for a repeated examination.
LESIONS = 5
SERIES = range(1, 5)
SEE_MAIN = "见总表"

Row = Mapping[str, Any]
Cells = dict[str, Any]


@dataclass
class Patient:
    """One patient's canonical rows and laboratory reports; what the main sheet takes is removed."""

    row: Row
    tables: dict[str, list[Row]]
    reports: list[Report]
    is_one_cell: bool

    @property
    def identifier(self) -> str:
        """Pseudonym of the study."""
        return str(self.row["patient_id"])

    def take(self, table: str, wanted: Callable[[Row], bool]) -> list[Row]:
        """Remove and give the rows of a table that are as wanted."""
        taken = [row for row in self.tables[table] if wanted(row)]
        self.tables[table] = [row for row in self.tables[table] if not wanted(row)]
        return taken

    def remove(self, table: str, row: Row) -> None:
        """Remove one row of a table."""
        self.tables[table] = [one for one in self.tables[table] if one is not row]


def written_day(value: Any, key: str) -> str:
    """A date in one of the forms that stand side by side in such files."""
    if is_missing(value):
        return ""
    forms = (
        f"{value.year}.{value.month}.{value.day}",
        f"{value.year}/{value.month}/{value.day}",
        f"{value.year}年{value.month}月{value.day}日",
        value.isoformat(),
    )
    return chosen(f"{key} {value}", forms)


def main_columns() -> list[str]:
    """Headers of the main sheet in order."""
    columns = [
        "编号",
        "中心编号",
        "姓名",
        "联系电话",
        "性别",
        "年龄",
        "出生日期",
        "筛选日期",
        "知情同意日期",
        "入组日期",
    ]
    columns += [
        "诊断",
        "原发部位",
        "病理",
        "ICD-10",
        "分期",
        "初诊日期",
        "KRAS",
        "NRAS",
        "BRAF",
        "MSI",
        "基因检测取材日期",
    ]
    columns += ["初诊即转移", "既往肝转移", "吸烟史", "首次转移日期", "NED日期", "NED方式", "肺转移发现日期"]
    columns += ["病灶数", "侧别", "病灶测量日期"]
    parts = ("位置", "大小(cm)", "治疗方式", "剂量/分割", "BED", "开始日期", "结束日期")
    columns += [f"病灶{number}{part}" for number in range(1, LESIONS + 1) for part in parts]
    columns += [
        "CEA(治疗前)",
        "CEA(治疗前)日期",
        *(f"CEA{n}{part}" for n in SERIES for part in ("", "日期")),
    ]
    columns += [f"ctDNA{n}{part}" for n in SERIES for part in ("结果", "MAF", "日期")]
    columns += [
        "影像(治疗前)日期",
        "影像(治疗前)结论",
        *(f"影像{n}{part}" for n in SERIES for part in ("日期", "结论")),
    ]
    return [*columns, "开始全身治疗日期", "方案", "原因", "生存", "死亡日期", "死因"]
