"""Speaks WeChat: in by the webhook, out by the gateway."""
