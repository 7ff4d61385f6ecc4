"""The kinds of personal data, the words that take their place, and what they are called when the resident is told."""
from __future__ import annotations

from dataclasses import dataclass

ID_CARD, MOBILE, PHONE, BANK_CARD, NUMBER = "id_card", "mobile", "phone", "bank_card", "number"
CASE_NUMBER, DOCUMENT_NUMBER, CERTIFICATE, CREDIT_CODE = "case_number", "document_number", "certificate", "credit_code"
PLATE, ADDRESS, NAME, EMAIL, WECHAT, QQ = "plate", "address", "name", "email", "wechat", "qq"

TITLES = {
    ID_CARD: "身份证号", MOBILE: "手机号", PHONE: "电话", BANK_CARD: "银行卡号", NUMBER: "号码", CASE_NUMBER: "案号", DOCUMENT_NUMBER: "文书号",
    CERTIFICATE: "证件号", CREDIT_CODE: "信用代码", PLATE: "车牌号", ADDRESS: "地址", NAME: "姓名", EMAIL: "邮箱", WECHAT: "微信号", QQ: "QQ号",
}
# What kind of decision a number belongs to is part of the question; the number is not.
PENALTY, RECONSIDERATION, ARBITRATION = "处罚决定书号", "复议案号", "仲裁案号"
_OPEN, _CLOSE = "〔", "〕"
PLACEHOLDERS = tuple(f"{_OPEN}{words}{_CLOSE}" for words in (*TITLES.values(), PENALTY, RECONSIDERATION, ARBITRATION))

OF_A_PERSON = (ID_CARD, MOBILE, PHONE, BANK_CARD)  # numbers that people write after their name
NUMBER_PLACEHOLDERS = frozenset(f"{_OPEN}{TITLES[kind]}{_CLOSE}" for kind in OF_A_PERSON)


@dataclass(frozen=True)
class Span:
    """Something found from `start` to before `end`. `words`: what it is called where that says more than its kind's title."""

    start: int
    end: int
    kind: str
    words: str = ""

    @property
    def placeholder(self) -> str:
        """What takes its place: 〔身份证号〕, unless it has words of its own."""
        return f"{_OPEN}{self.words or TITLES[self.kind]}{_CLOSE}"
