"""The channel of the website's widget: Socket.IO under /website/socket.io (docs/architecture.md)."""
from channels.website.channel import WebsiteInput

__all__ = ["WebsiteInput"]
