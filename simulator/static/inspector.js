// The inspector: what went over the wire, both ways, and the knobs for what can go wrong.

import { byId, clockText, make } from './dom.js';
import * as knobs from './knobs.js';

const KEPT = 200;
const records = new Map();

const OUTCOMES = {
  sending: '投递中', reply: '已回复', nothing: '无回复', no_answer: '没有回答', invalid: '回复无效',
};

function pretty(xml) {
  return xml.replace(/(<\/\w+>)(?=<)/g, '$1\n').replace(/(<\w+>)(?=<\w)/g, '$1\n');
}

function block(title, text) {
  if (text === null || text === undefined || text === '') return null;
  return make('div', { class: 'block' }, make('h4', {}, title), make('pre', {}, text));
}

function headers(values) {
  return Object.entries(values || {}).map(([name, value]) => `${name}: ${value}`).join('\n');
}

function attempt(each, index, total) {
  const status = each.status === null ? each.error : `HTTP ${each.status}`;
  const fault = each.fault ? ` · 故障 ${each.fault}` : '';
  return make('section', { class: 'try' },
    make('h3', {}, `第 ${index + 1}/${total} 次 · ${clockText(each.at, true)} · ${status} · ${each.ms} ms${fault}`),
    block('请求', `POST ${each.url}\n${headers(each.headers)}`),
    block('请求正文', pretty(each.body)),
    block('回答头', headers(each.answer_headers)),
    block('回答正文', each.answer === '' ? '（空）' : each.answer && pretty(each.answer)));
}

function summary(direction, title, good, detail, at) {
  return make('summary', {}, make('span', { class: `direction ${direction}` }, direction === 'push' ? '推送' : '接口'),
    make('span', { class: 'record-title' }, title),
    make('span', { class: good ? 'good' : 'bad' }, detail), make('time', {}, clockText(at, true)));
}

function drawDelivery(item) {
  const last = item.tries[item.tries.length - 1];
  const again = item.tries.length > 1 ? ` · ${item.tries.length} 次` : '';
  const good = ['reply', 'nothing', 'sending'].includes(item.outcome);
  const detail = `${OUTCOMES[item.outcome] || item.outcome} · ${last ? last.ms : 0} ms${again}`;
  return [summary('push', item.label, good, detail, item.at),
    item.reason ? make('p', { class: 'reason' }, item.reason) : null,
    block('消息明文', pretty(item.xml)),
    block('回复明文', item.reply_xml && pretty(item.reply_xml)),
    ...item.tries.map((each, index) => attempt(each, index, item.tries.length))];
}

function prettyJson(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function drawCall(item) {
  const detail = `${item.errcode || item.status !== 200 ? item.errcode || item.status : 'ok'} · ${item.ms} ms`;
  return [summary('call', item.path, !item.errcode && item.status === 200, detail, item.at),
    item.fault ? make('p', { class: 'reason' }, `故障：${item.fault}`) : null,
    block('请求', `${item.method} ${item.path}${item.query ? `?${item.query}` : ''}`),
    block('请求正文', prettyJson(item.request)),
    block(`回答 HTTP ${item.status} · rid ${item.rid}`, prettyJson(item.response))];
}

function put(item, draw) {
  let element = records.get(item.id);
  if (!element) {
    element = make('details', { class: 'record' });
    records.set(item.id, element);
    byId('records').prepend(element);
  }
  element.replaceChildren(...draw(item).filter(Boolean));
  byId('no-records').hidden = true;
  while (records.size > KEPT) {
    const [oldest, old] = records.entries().next().value;
    old.remove();
    records.delete(oldest);
  }
}

export function show(news) {
  const fresh = [...news.deliveries.map((item) => [item, drawDelivery]), ...news.calls.map((item) => [item, drawCall])];
  fresh.sort(([left], [right]) => left.id - right.id);
  for (const [item, draw] of fresh) put(item, draw);
  knobs.showFaults(news.faults);
  knobs.showWaiting(news.waiting);
}

function tab(name, target, chosen) {
  const choose = () => {
    for (const each of document.querySelectorAll('.tab')) {
      const own = each.dataset.target === target;
      each.setAttribute('aria-selected', String(own));
      byId(each.dataset.target).hidden = !own;
    }
  };
  return make('button', { type: 'button', role: 'tab', class: 'tab', 'data-target': target,
    'aria-selected': String(chosen), onclick: choose }, name);
}

function flip() {
  const open = document.body.classList.toggle('inspecting');
  byId('inspector-toggle').setAttribute('aria-expanded', String(open));
}

export function build() {
  byId('inspector').append(
    make('div', { class: 'tabs', role: 'tablist' }, tab('往来', 'wire', true), tab('故障', 'faults', false), tab('设置', 'settings', false),
      make('button', { type: 'button', class: 'inspector-close', 'aria-label': '收起检查器', onclick: flip }, '✕')),
    make('div', { id: 'wire', role: 'tabpanel' },
      make('p', { id: 'no-records', class: 'hint' }, '这里显示每一次往来：微信推给你的服务器的消息（明文与密文）、它的回复，以及它调用的接口。'),
      make('div', { id: 'records' })),
    make('div', { id: 'faults', role: 'tabpanel', hidden: true }),
    make('div', { id: 'settings', role: 'tabpanel', hidden: true }));
  byId('inspector-toggle').addEventListener('click', flip);
  if (window.innerWidth >= 900) flip();
  knobs.build();
}
