"""How often an account may push to one resident: 客服消息下发规则. A new trigger gives its number anew; numbers do not add up."""
from __future__ import annotations

GRANTS = {"message": (5, 48 * 3600.0), "click": (3, 60.0)}  # pushes, and for how many seconds; click: menu, msgmenu item, subscribe, scan
WINDOW_SECONDS = 48 * 3600.0
OUT_OF_WINDOW, USED_UP = 45015, 45047


class Rights:
    def __init__(self) -> None:
        self._left: dict[str, tuple[int, float]] = {}
        self.latest = -1e12

    def heard(self, trigger: str, now: float) -> None:
        if trigger:
            number, seconds = GRANTS[trigger]
            self._left[trigger] = (number, now + seconds)
            self.latest = now

    def spend(self, now: float) -> int:
        """Take one push, those that end first before others; 0 or the platform's error code."""
        for trigger in ("click", "message"):
            number, until = self._left.get(trigger, (0, 0.0))
            if number and until > now:
                self._left[trigger] = (number - 1, until)
                return 0
        return USED_UP if now - self.latest < WINDOW_SECONDS else OUT_OF_WINDOW

    def any_left(self, now: float) -> bool:
        return any(number and until > now for number, until in self._left.values())

    def use_up(self) -> None:
        """As if pushes had been sent already."""
        self._left = {trigger: (0, until) for trigger, (_, until) in self._left.items()}
