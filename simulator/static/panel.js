// The + panel: pictures, voice, place, scan, link, file, notices.

import { get, post } from './api.js';
import { byId, icon, isWeb, make } from './dom.js';
import * as sheets from './sheets.js';

async function withFile(file, then) {
  if (!file) return sheets.toast('没有选择文件');
  return then(await sheets.readFile(file));
}

export function image(act, event) {
  sheets.form('发图片', [{ name: 'file', label: '选择图片', type: 'file', accept: 'image/*' }], '发送',
    ({ file }) => withFile(file, async (data) => {
      if (event) await act(event);
      await act({ type: 'image', data });
    }));
}

function voice(act) {
  sheets.form('发语音', [
    { name: 'recognition', label: '说的话', type: 'textarea', placeholder: '例如：帮我查一下某某公司' },
    { name: 'silent', label: '不带语音识别结果', type: 'checkbox' },
  ], '发送', ({ recognition, silent }) =>
    act(silent || !recognition ? { type: 'voice' } : { type: 'voice', recognition }));
}

export function place(act, event) {
  sheets.form('发位置', [
    { name: 'label', label: '地点', value: '湖南省长沙市岳麓区' },
    { name: 'latitude', label: '纬度', type: 'number', value: 28.2282 },
    { name: 'longitude', label: '经度', type: 'number', value: 112.9388 },
  ], '发送', async (values) => {
    const spot = { label: values.label, latitude: Number(values.latitude), longitude: Number(values.longitude) };
    if (event) await act({ ...event, ...spot });
    await act({ type: 'location', scale: 16, ...spot });
  });
}

export function scan(act, event) {
  sheets.form('扫一扫', [
    { name: 'result', label: '二维码的内容', type: 'textarea', placeholder: '粘贴二维码里的文字或网址；本公众号的带参二维码也可以' },
  ], '扫描', async ({ result }) => {
    const text = result.trim();
    const report = await act(event ? { ...event, result: text } : { type: 'scan', result: text });
    if (report && isWeb(report.open)) window.open(report.open, '_blank', 'noopener');
  });
}

function link(act) {
  sheets.form('发链接', [
    { name: 'title', label: '标题', value: '一篇文章' },
    { name: 'description', label: '描述' },
    { name: 'url', label: '网址', value: 'https://example.com/' },
  ], '发送', (values) => act({ type: 'link', ...values }));
}

function file(act) {
  sheets.form('发文件', [{ name: 'file', label: '选择文件', type: 'file' }], '发送',
    ({ file: chosen }) => withFile(chosen, (data) => act({ type: 'file', title: chosen.name, data })));
}

async function notices(act, openid) {
  const { templates } = await get('/account');
  const say = async (template, status) => {
    sheets.close();
    await post(`/users/${openid}/subscriptions`, { template_id: template.template_id, status });
  };
  const rows = templates.filter((each) => each.kind !== 'template').map((each) =>
    make('div', { class: 'notice-choice' },
      make('div', {}, make('strong', {}, each.title),
        make('small', {}, each.kind === 'once' ? '一次性订阅' : '长期订阅')),
      make('button', { type: 'button', class: 'small', onclick: () => say(each, 'accept') }, '允许'),
      make('button', { type: 'button', class: 'small quiet', onclick: () => say(each, 'reject') }, '取消'),
      make('button', { type: 'button', class: 'small quiet', onclick: () => say(each, 'refuse') }, '关闭')));
  sheets.open('订阅通知', make('p', { class: 'sheet-hint' }, '如同在网页里点了订阅按钮：公众号申请向你发送下列通知。'), ...rows);
}

const CHOICES = [
  ['图片', 'image', image],
  ['语音', 'voice', voice],
  ['位置', 'place', place],
  ['扫一扫', 'scan', scan],
  ['链接', 'link', link],
  ['文件', 'file', file],
  ['订阅通知', 'bell', notices],
];

export function fill(act, openid) {
  byId('panel').replaceChildren(...CHOICES.map(([name, sign, run]) => {
    const begin = () => {
      byId('panel').hidden = true;
      run(act, run === notices ? openid() : null);
    };
    return make('button', { type: 'button', class: 'choice', onclick: begin },
      make('span', { class: 'choice-sign' }, icon(sign)), name);
  }));
}
