"""Does a message ask for a quantity, or even for a statistic? Then the report is looked at before any guide."""
from __future__ import annotations

import re

QUANTITY = re.compile(
    r"多少|几[件个张次条项名人户家处篇期成起回千万百辆部支轮趟类级]|百分之几|百分之多|第几|[率比量数]$|率|占比|占多|比例|满意度|哪年|总数|数量"
    r"|了还是[多少高低涨降升]|趋势|走势|一年比一年|逐年|历年|比(?:去|前|上一?|往)年|同比")
STATISTIC = re.compile(
    r"(多少|几)(件|起|例|人次|名|家|批|万|亿|座席|窗口|场|位|户|篇|所|部)"
    r"|(有|一共|总共)(多少|几)(个|人|次|场)"
    r"|(开|接|办|收|受理|处理|查处|撤回|终止|驳回|维持|拒绝|取消)(了|过)(多少|几)(个|人|次|场|回)?$"
    r"|(率|占比|总数|总量|总额|人数|经费|标的额|浓度)(是|有|为)?(多少|多高|几)?[?？。]?$|第几|排名|平均[每一接用]")

PROCEDURE = re.compile(
    r"怎么(办|申请|提|弄|走|收|交|去|找)|如何(办理|申请|提出)|咋(办|弄|申请|走)|材料|手续|流程|步骤|(准备|带|拿|交)(点|些)?(啥|什么)"
    r"|去哪|(找|归)谁|哪个(部门|窗口|地方|机关)|(能|可|可以|应|该|会|给|管|收|用|要)不(能|可|可以|应|该|会|给|管|收|用|要)"
    r"|(能|可以|要|用)[^，,。？?]{0,14}(吗|不|么)[？?。]?$|(行|成|中)(吗|不|么)|干啥的|是干什么|什么意思|讲讲|替我|代我|帮我|凭据|投诉$|核实")


def asks_for_quantity(text: str) -> bool:
    """True for 受理了多少件, 占几成, 纠错率, 多了还是少了; such words also stand in many guide questions, so this alone decides nothing."""
    return bool(QUANTITY.search(text))


def asks_for_statistic(text: str) -> bool:
    """True for questions that count cases, people or offices (复议撤回几件, 接通率); few guide questions look like that."""
    return bool(STATISTIC.search(text))


def asks_for_procedure(text: str) -> bool:
    """True for 要带什么材料, 能不能代办, 怎么申请: a number would be no answer to these."""
    return bool(PROCEDURE.search(text)) and not asks_for_quantity(text)
