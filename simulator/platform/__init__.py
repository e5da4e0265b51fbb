"""A faithful api.weixin.qq.com, one module per subject."""
