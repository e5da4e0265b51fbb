"""A WeChat to practise against: a phone in the browser and a faithful api.weixin.qq.com, on one port."""
