"""Everything that takes input from outside."""
from tests.fuzz.knowledge_files import KNOWLEDGE_TARGETS
from tests.fuzz.real import REAL_TARGETS
from tests.fuzz.socket_io import SOCKET_TARGETS
from tests.fuzz.web import WEB_TARGETS
from tests.fuzz.wechat import WECHAT_TARGETS

IN_PROCESS = (*KNOWLEDGE_TARGETS, *WEB_TARGETS, *SOCKET_TARGETS, *WECHAT_TARGETS)
TARGETS = (*IN_PROCESS, *REAL_TARGETS)
