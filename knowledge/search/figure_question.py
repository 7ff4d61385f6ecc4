"""Does a message ask for a quantity? Then the report is looked at before any guide."""
from __future__ import annotations

import re

QUANTITY = re.compile(
    r"多少|几[件个张次条项名人户家处篇期成起回千万百辆部支轮]|百分之几|第几|[率比]$|率|占比|占多|比例|满意度|哪年|总数|数量")


def asks_for_quantity(text: str) -> bool:
    """True for 受理了多少件, 占几成, 纠错率; such words also stand in many guide questions, so this alone decides nothing."""
    return bool(QUANTITY.search(text))
