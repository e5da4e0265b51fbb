// One chat entry as WeChat draws it.

import { clockText, icon, isWeb, make } from './dom.js';
import { tappable, words } from './text.js';

function picture(url, className) {
  const image = make('img', { src: url, alt: '图片', class: className, loading: 'lazy' });
  image.addEventListener('error', () => image.replaceWith(make('span', { class: `${className} no-picture` })));
  return image;
}

const shown = (url) => isWeb(url) || (url || '').startsWith('/mmbiz/');

function wrapLink(url, className, ...children) {
  return isWeb(url)
    ? make('a', { href: url, target: '_blank', rel: 'noopener', class: className }, ...children)
    : make('div', { class: className }, ...children);
}

function voice(data) {
  const line = make('div', { class: 'voice' }, icon('waves'));
  line.append('语音消息');
  if (!data.recognition) return line;
  return make('div', {}, line, make('div', { class: 'recognised' }, data.recognition));
}

function article(item, index, count) {
  const image = shown(item.pic_url) ? picture(item.pic_url, 'article-picture') : null;
  const title = make('span', { class: 'article-title' }, item.title || '（无标题）');
  const lead = count === 1 && item.description ? make('span', { class: 'article-lead' }, item.description) : null;
  const className = index === 0 ? 'article first' : 'article';
  return wrapLink(item.url, count === 1 ? 'article only' : className, image, title, lead);
}

function articles(data) {
  const list = data.articles || [];
  return make('div', { class: 'articles' }, ...list.map((item, index) => article(item, index, list.length)));
}

function notice(data) {
  const rows = (data.rows || []).map((row) =>
    make('div', { class: 'notice-row' }, make('span', {}, row.name), make('span', {}, row.value)));
  const foot = isWeb(data.url) ? make('div', { class: 'notice-foot' }, '查看详情', make('span', {}, '›')) : null;
  return wrapLink(data.url, 'notice', make('div', { class: 'notice-title' }, data.title), ...rows, foot);
}

function msgmenu(data, tap) {
  const parent = make('div', { class: 'words' });
  if (data.head) parent.append(`${data.head}\n`);
  for (const item of data.list) {
    parent.append(tappable(item.content, tap, { content: item.content, id: item.id }), '\n');
  }
  if (data.tail) parent.append(data.tail);
  return parent;
}

function place(data) {
  return make('div', { class: 'place' }, make('div', { class: 'place-name' }, data.label || '位置'),
    make('div', { class: 'place-map' }, icon('place'), `${data.latitude}, ${data.longitude}`));
}

function card(title, detail, url, mark) {
  return wrapLink(url, 'link-card', make('span', { class: 'link-title' }, title || '（无标题）'),
    make('span', { class: 'link-row' }, make('span', { class: 'link-lead' }, detail || ''),
      make('span', { class: 'link-mark' }, icon(mark))));
}

const KINDS = {
  text: (data, tap) => words(data.content, tap),
  image: (data) => picture(data.media_id ? `/mmbiz/${data.media_id}` : data.pic_url || data.url, 'picture'),
  voice,
  video: (data) => make('div', { class: 'video' }, icon('play'), data.title || '视频'),
  shortvideo: () => make('div', { class: 'video' }, icon('play'), '小视频'),
  location: place,
  link: (data) => card(data.title, data.description, data.url, 'link'),
  file: (data) => card(data.title, `${data.file_total_len || 0} 字节`, '', 'file'),
  miniprogrampage: (data) => card(data.title, '小程序', '', 'mini'),
  music: (data) => card(data.title, data.description, data.url, 'music'),
  news: articles,
  msgmenu,
  template: notice,
  subscription: notice,
};
const WIDE = new Set(['news', 'template', 'subscription']);
const BARE = new Set(['image', 'location', 'link', 'file', 'miniprogrampage', 'music', ...WIDE]);

function centred(entry) {
  if (entry.kind === 'transfer_customer_service') return '已转接人工客服';
  return entry.data.content || '';
}

export function bubble(entry, faces, tap) {
  const draw = KINDS[entry.kind];
  if (entry.side === 'system' || !draw) {
    const className = entry.kind === 'unavailable' ? 'line unavailable' : 'line';
    return make('div', { class: className, 'data-seq': entry.seq }, make('span', {}, centred(entry)));
  }
  const className = BARE.has(entry.kind) ? 'bubble bare' : 'bubble';
  const body = make('div', { class: className }, draw(entry.data, tap));
  if (WIDE.has(entry.kind)) {
    const mark = entry.data.preview ? make('div', { class: 'line' }, make('span', {}, '群发预览')) : null;
    return make('div', { class: `row wide ${entry.side}`, 'data-seq': entry.seq }, mark, body);
  }
  const face = make('span', { class: `avatar ${entry.side}-avatar`, 'aria-hidden': 'true' }, faces[entry.side]);
  return make('div', { class: `row ${entry.side}`, 'data-seq': entry.seq }, face, body);
}

export function timeLine(at) {
  return make('div', { class: 'line time' }, make('span', {}, clockText(at)));
}
