"""The WeChat Official Account channel (docs/wechat.md)."""
from channels.wechat.channel import WeChatInput

__all__ = ["WeChatInput"]
