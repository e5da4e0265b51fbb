// A practice JS-SDK: checks the page's signature at the simulator, then brings <wx-open-subscribe> to life.
(() => {
  const base = new URL(document.currentScript.src).origin;
  const failed = [];
  let config = {};

  async function call(path, more) {
    const body = new URLSearchParams({ ...config, url: location.href.split('#')[0], ...more });
    const response = await fetch(`${base}/open/js/${path}`, { method: 'POST', body, credentials: 'include' });
    return response.json();
  }

  class Subscribe extends HTMLElement {
    connectedCallback() {
      const shadow = this.attachShadow({ mode: 'open' });
      for (const part of this.querySelectorAll('script[type="text/wxtag-template"]')) {
        shadow.append(document.createRange().createContextualFragment(part.textContent));
      }
      shadow.addEventListener('click', () => this.ask());
    }

    async ask() {
      const id = this.getAttribute('template');
      const status = window.confirm('允许公众号给您发送这一项通知吗？') ? 'accept' : 'reject';
      const answer = await call('subscribe', { template_id: id, status });
      const details = JSON.stringify({ [id]: JSON.stringify({ status }) });
      const detail = answer.errcode ? { errCode: answer.errcode } : { errMsg: 'subscribe:ok', subscribeDetails: details };
      this.dispatchEvent(new CustomEvent(answer.errcode ? 'error' : 'success', { detail }));
    }
  }

  window.wx = {
    error(handler) { failed.push(handler); },
    ready() {},
    async config(given) {
      config = { appId: given.appId, timestamp: given.timestamp, nonceStr: given.nonceStr, signature: given.signature };
      const answer = await call('config', {});
      if (answer.errcode) failed.forEach((handler) => handler({ errMsg: `config:${answer.errmsg}` }));
      else if ((given.openTagList || []).includes('wx-open-subscribe')) {
        customElements.define('wx-open-subscribe', Subscribe);
      }
    },
  };
})();
