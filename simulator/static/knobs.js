// Faults and settings in the inspector.

import { get, post, remove } from './api.js';
import { byId, clockText, make } from './dom.js';
import { toast } from './sheets.js';

const ERRCODES = [-1, 40001, 45009, 45015, 45047, 40164];
const SWITCHES = [
  ['speech_recognition', '语音带识别结果'],
  ['mass_protection', '群发保护（群发须管理员确认）'],
  ['snapshot_user', '网页授权给出快照页用户'],
];
let kinds = { api: {}, webhook: {} };
let faultsShown = '';

async function trying(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message);
    return null;
  }
}

function option(value, words) {
  return make('option', { value }, words);
}

function label(words, control, className = 'field') {
  return make('label', { class: className }, make('span', {}, words), control);
}

function fillKinds() {
  const side = byId('fault-side').value;
  byId('fault-kind').replaceChildren(...Object.entries(kinds[side]).map(([kind, words]) => option(kind, words)));
  for (const each of document.querySelectorAll('.api-only')) each.hidden = side !== 'api';
}

function readFault() {
  const side = byId('fault-side').value;
  const times = byId('fault-times').value;
  const fault = { side, kind: byId('fault-kind').value, times: times === '' ? null : Number(times), path: byId('fault-path').value || '*' };
  if (byId('fault-seconds').value) fault.seconds = Number(byId('fault-seconds').value);
  if (side === 'api') Object.assign(fault, { errcode: Number(byId('fault-errcode').value), when: byId('fault-when').value });
  return fault;
}

function buildFaults() {
  const add = (event) => {
    event.preventDefault();
    trying(() => post('/faults', readFault()));
  };
  byId('faults').append(
    make('form', { class: 'knobs', onsubmit: add },
      label('哪一边', make('select', { id: 'fault-side', onchange: fillKinds }, option('webhook', '推送消息时'), option('api', '调用接口时'))),
      label('什么故障', make('select', { id: 'fault-kind' })),
      label('路径或类型', make('input', { id: 'fault-path', placeholder: '* 或 /cgi-bin/message/* 或 text' })),
      label('次数（空 = 直到清除）', make('input', { id: 'fault-times', type: 'number', min: 1, value: 1 })),
      label('秒数', make('input', { id: 'fault-seconds', type: 'number', step: 'any', min: 0, placeholder: '默认' })),
      label('错误码', make('select', { id: 'fault-errcode' }, ...ERRCODES.map((code) => option(code, code))), 'field api-only'),
      label('发生在', make('select', { id: 'fault-when' }, option('before', '处理之前'), option('after', '处理之后')), 'field api-only'),
      make('button', { type: 'submit', class: 'primary' }, '加上故障')),
    make('div', { id: 'fault-list' }));
}

export function showFaults(faults) {
  const text = JSON.stringify(faults);
  if (text === faultsShown) return;
  faultsShown = text;
  byId('fault-list').replaceChildren(...faults.map((fault) => make('div', { class: 'fault' },
    make('span', {}, `${fault.side === 'api' ? '接口' : '推送'} ${fault.path} · ${kinds[fault.side][fault.kind] || fault.kind} · ${fault.times === null ? '直到清除' : `还有 ${fault.times} 次`}`),
    make('button', { type: 'button', class: 'small quiet', onclick: () => trying(() => remove(`/faults/${fault.id}`)) }, '清除'))));
}

// Mass sends that wait for the administrator, who is asked here instead of on a phone of his own.
export function showWaiting(waiting) {
  const answer = (id, verdict) => () => trying(() => post(`/mass/${id}/${verdict}`));
  byId('waiting')?.replaceChildren(...waiting.map((id) => make('div', { class: 'fault' },
    make('span', {}, `群发 ${id} 等待管理员确认`),
    make('button', { type: 'button', class: 'small', onclick: answer(id, 'confirm') }, '确认'),
    make('button', { type: 'button', class: 'small quiet', onclick: answer(id, 'refuse') }, '拒绝'))));
}

async function verify() {
  const verdict = await trying(() => post('/verify'));
  if (verdict) byId('verdict').replaceChildren(make('span', { class: verdict.ok ? 'good' : 'bad' }, verdict.ok ? '成功：' : '失败：'), verdict.reason);
}

function advance(seconds) {
  return async () => {
    const moved = await trying(() => post('/clock', { advance: seconds }));
    if (moved) byId('sim-time').textContent = clockText(moved.now);
  };
}

function knob(words, action) {
  return make('button', { type: 'button', class: 'small', onclick: action }, words);
}

async function buildSettings() {
  const [account, settings] = await Promise.all([get('/account'), get('/settings')]);
  const modes = { plain: '明文', compatible: '兼容', safe: '安全' };
  const rows = [['公众号', account.name], ['原始ID', account.account_id], ['AppID', account.app_id], ['服务器地址', account.webhook], ['消息加解密', modes[account.mode]]];
  const checks = SWITCHES.map(([name, words]) => {
    const box = make('input', { type: 'checkbox', onchange: (event) => trying(() => post('/settings', { [name]: event.target.checked })) });
    box.checked = settings[name];
    return make('label', { class: 'check' }, box, words);
  });
  byId('settings').append(
    make('dl', {}, ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])),
    make('div', { class: 'knob-row' }, knob('验证服务器 URL', verify), make('span', { id: 'verdict' })),
    ...checks,
    make('div', { id: 'waiting' }),
    make('h3', {}, '时间 ', make('span', { id: 'sim-time' }, clockText(account.now))),
    make('div', { class: 'knob-row' }, knob('快 1 分钟', advance(60)), knob('快 2 小时', advance(7200)), knob('快 48 小时', advance(172800)), knob('快 31 天', advance(2678400))),
    make('h3', {}, '凭证与重来'),
    make('div', { class: 'knob-row' }, knob('让 access_token 失效', () => trying(() => post('/tokens/expire'))),
      knob('全部重来', () => { if (window.confirm('清空所有用户、菜单、额度和记录？')) trying(() => post('/reset')); })));
}

export async function build() {
  kinds = (await get('/faults')).kinds;
  buildFaults();
  fillKinds();
  await buildSettings();
}
