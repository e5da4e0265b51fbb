// Talking to the simulator's control API.

async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`/simulate${path}`, options);
  const data = await response.json();
  if (!response.ok) throw new Error(data.error || `HTTP ${response.status}`);
  return data;
}

export const get = (path) => ask('GET', path);
export const post = (path, body = {}) => ask('POST', path, body);
export const remove = (path) => ask('DELETE', path);

// Long poll: calls `seen` with everything new, for ever; waits a moment when the simulator is away.
export async function follow(state, seen) {
  for (;;) {
    try {
      const query = new URLSearchParams({ after: state.seq, user: state.openid, chat_after: state.drawn, wait: 20 });
      const news = await get(`/updates?${query}`);
      seen(news);
      state.seq = Math.max(state.seq, news.seq);
      await new Promise((resolve) => setTimeout(resolve, 50));
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}
