import pytest

from nlu.closing import closing_words


@pytest.mark.parametrize(("text", "closing"), [
    ("我跟前夫离婚以后孩子判给我,他一直不服,今天他把孩子接走了,说要跳河", "今天他把孩子接走了,说要跳河"),
    ("我跟前夫离婚以后孩子判给我,他一直不服,刚才发来照片说要带孩子跳河", "刚才发来照片说要带孩子跳河"),
    ("短短一句,不看结尾", ""),
    ("没有标点的一大段话从头说到尾也不知道在哪里停下来喘口气", ""),
    ("", ""),
])
def test_the_last_clauses_of_a_long_message(text, closing):
    assert closing_words(text) == closing
