"""Events are told apart as before."""
import json
import subprocess
import sys

from tests.conftest import ROOT

# In a process of its own: the step changes Rasa's classes for good.
SCRIPT = """
import json, sys
from abc import ABC, abstractmethod
from rasa.shared.core import events
from rasa.shared.utils.common import all_subclasses

kinds = [events.Event, *all_subclasses(events.Event)]
made = [events.UserUttered("说"), events.BotUttered("答"), events.SlotSet("a", 1), events.ActionExecuted("action_a"), events.SessionStarted(), events.LoopInterrupted(True),
        events.ActiveLoop("form"), events.LegacyForm("form"), events.EntitiesAdded([]), events.DefinePrevUserUtteredFeaturization(False), None, "event", 1, object()]
if sys.argv[1] == "quick":
    from server.light_events import lighten_events
    lighten_events()
    lighten_events()

class Later(events.Event, ABC):
    type_name = "later"

    @abstractmethod
    def more(self): ...

try:
    Later()
    refused = False
except TypeError:
    refused = True
told = {kind.__name__: [isinstance(one, kind) for one in made] + [issubclass(other, kind) for other in (*kinds, int, Later)] for kind in (*kinds, Later)}
either = [isinstance(one, (events.UserUttered, events.SlotSet)) for one in made]
print(json.dumps([told, either, refused, [type(kind).__name__ for kind in (events.Event, events.SlotSet, Later)]]))
"""


def asked(mode):
    result = subprocess.run([sys.executable, "-c", SCRIPT, mode], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(result.stdout)


def test_every_event_is_of_the_same_kinds():
    *plain, metaclasses = asked("plain")
    *quick, ours = asked("quick")
    assert plain == quick and plain[-1] is True
    assert set(metaclasses) == {"ABCMeta"} and set(ours) == {"PlainMeta"}
