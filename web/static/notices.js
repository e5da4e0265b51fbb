// Hands the page's signature to WeChat and says what became of a tap; without WeChat's script it says so.
(() => {
  const box = document.getElementById('notice');
  const button = document.getElementById('subscribe');
  if (!box || !button) return;
  const said = box.querySelector('[data-said]');
  const FAULTS = {
    10002: '网络不好，没有订阅成功，请再点一次。',
    10003: '网络不好，没有订阅成功，请再点一次。',
    20004: '您在微信里关闭了接收通知。请在本公众号右上角的设置里打开后再点。',
  };
  const UNABLE = '您的微信版本不能在这里订阅。在公众号里发“最新活动”也能看到。';

  function say(words, isWarning) {
    said.textContent = words;
    said.classList.toggle('note_warn', isWarning);
    said.hidden = false;
  }

  function unable() {
    button.hidden = true;
    say(UNABLE, true);
  }

  if (!window.wx) {
    unable();
    return;
  }
  document.addEventListener('WeixinOpenTagsError', unable);
  button.addEventListener('success', (event) => {
    const isAgreed = JSON.stringify((event.detail || {}).subscribeDetails || '').includes('accept');
    say(isAgreed ? '订阅好了，有消息会通知您。' : '您没有同意，不会收到通知。想订阅时再点一次。', !isAgreed);
  });
  button.addEventListener('error', (event) => {
    say(FAULTS[(event.detail || {}).errCode] || '没有订阅成功，请稍后再试。', true);
  });
  window.wx.error(unable);
  window.wx.config({
    appId: box.dataset.app,
    timestamp: Number(box.dataset.timestamp),
    nonceStr: box.dataset.nonce,
    signature: box.dataset.signature,
    jsApiList: ['checkJsApi'],
    openTagList: ['wx-open-subscribe'],
  });
})();
