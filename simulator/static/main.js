// The phone: whose it is, what it shows, what is typed.

import { follow, get, post } from './api.js';
import { bubble, timeLine } from './bubbles.js';
import { byId, make } from './dom.js';
import * as inspector from './inspector.js';
import * as menu from './menu.js';
import * as panel from './panel.js';
import * as sheets from './sheets.js';

const PAUSE = 300;
const state = { seq: 0, openid: '', users: [], menu: null, keyboard: false, lastAt: 0, drawn: 0, epoch: null };
const accountName = byId('title').textContent;

const me = () => state.users.find((user) => user.openid === state.openid);

async function act(spec) {
  menu.fold();
  try {
    return await post('/send', { user: state.openid, ...spec });
  } catch (error) {
    sheets.toast(error.message);
    return null;
  }
}

const tapLine = (line) => act({ type: 'text', content: line.content, bizmsgmenuid: line.id });

function draw(entry) {
  if (entry.seq <= state.drawn) return;
  state.drawn = entry.seq;
  const chat = byId('chat');
  if (entry.at - state.lastAt > PAUSE) chat.append(timeLine(entry.at));
  state.lastAt = entry.at;
  chat.append(bubble(entry, { user: me().name[0], account: accountName[0] }, tapLine));
  scrollDown();
  for (const image of chat.lastElementChild.querySelectorAll('img')) image.addEventListener('load', scrollDown);
}

function scrollDown() {
  const chat = byId('chat');
  chat.scrollTop = chat.scrollHeight;
}

// The menu bar or the panel takes room from the chat: its last line stays in sight, as in WeChat.
new ResizeObserver(scrollDown).observe(byId('chat'));

function drawPeople() {
  const faces = state.users.map((user) =>
    make('button', { type: 'button', class: 'person', 'aria-pressed': String(user.openid === state.openid),
      title: user.openid, onclick: () => choose(user.openid) },
    make('span', { class: 'avatar user-avatar', 'aria-hidden': 'true' }, user.name[0]), make('span', { class: 'person-name' }, user.name)));
  const add = make('button', { type: 'button', class: 'person', title: '添加一个人', onclick: addPerson },
    make('span', { class: 'avatar add-avatar', 'aria-hidden': 'true' }, '＋'), make('span', { class: 'person-name' }, '添加'));
  byId('people').replaceChildren(...faces, add);
}

function addPerson() {
  sheets.form('添加一个人', [{ name: 'name', label: '称呼', placeholder: '例如：赵大爷' }], '添加', async ({ name }) => {
    try {
      const user = await post('/users', { name });
      state.users = (await get('/users')).users;
      await choose(user.openid);
    } catch (error) {
      sheets.toast(error.message);
    }
  });
}

async function choose(openid) {
  const { chat } = await get(`/users/${openid}/chat`);
  Object.assign(state, { openid, drawn: 0, lastAt: 0 });
  localStorage.setItem('openid', openid);
  document.cookie = `simulator_openid=${openid}; path=/; SameSite=Lax`;
  byId('chat').replaceChildren();
  drawPeople();
  chat.forEach(draw);
  drawFrame();
}

function drawFrame() {
  const user = me();
  if (!user) return;
  byId('profile').hidden = user.followed;
  byId('foot').hidden = !user.followed;
  byId('title').textContent = user.typing ? '对方正在输入…' : accountName;
  const withMenu = Boolean(state.menu) && !state.keyboard;
  byId('menu-bar').hidden = !withMenu;
  byId('input-bar').hidden = withMenu;
  byId('to-menu').hidden = !state.menu;
}

function setMenu(next) {
  if (JSON.stringify(next) === JSON.stringify(state.menu)) return;
  state.menu = next;
  if (next) menu.draw(next, act, () => { state.keyboard = true; drawFrame(); byId('words').focus(); });
}

function seen(news) {
  if (state.epoch && news.epoch !== state.epoch) return location.reload();
  state.epoch = news.epoch;
  const changed = JSON.stringify(state.users.map((u) => [u.openid, u.name])) !== JSON.stringify(news.users.map((u) => [u.openid, u.name]));
  state.users = news.users;
  if (changed) drawPeople();
  if (news.user === state.openid) news.chat.forEach(draw);
  setMenu(news.menu);
  drawFrame();
  inspector.show(news);
  return null;
}

async function setFollowing(following) {
  try {
    await post(`/users/${state.openid}/${following ? 'follow' : 'unfollow'}`);
  } catch (error) {
    sheets.toast(error.message);
  }
}

function showProfile() {
  const user = me();
  const flip = () => { sheets.close(); setFollowing(!user.followed); };
  sheets.open(accountName,
    make('p', { class: 'sheet-hint' }, `${user.name}的 openid：`, make('code', {}, user.openid)),
    make('button', { type: 'button', class: user.followed ? 'primary danger' : 'primary', onclick: flip },
      user.followed ? '取消关注' : '关注'));
}

function submit(event) {
  event.preventDefault();
  const content = byId('words').value;
  if (!content.trim()) return;
  byId('words').value = '';
  byId('send').hidden = true;
  byId('plus').hidden = false;
  act({ type: 'text', content });
}

function listen() {
  byId('input-bar').addEventListener('submit', submit);
  byId('words').addEventListener('input', () => {
    const empty = !byId('words').value.trim();
    byId('send').hidden = empty;
    byId('plus').hidden = !empty;
  });
  byId('to-menu').addEventListener('click', () => { state.keyboard = false; byId('panel').hidden = true; drawFrame(); });
  byId('plus').addEventListener('click', () => { byId('panel').hidden = !byId('panel').hidden; });
  byId('follow').addEventListener('click', () => setFollowing(true));
  byId('scan-follow').addEventListener('click', () => panel.scan(act));
  byId('more').addEventListener('click', showProfile);
  byId('chat').addEventListener('click', () => { menu.fold(); byId('panel').hidden = true; });
}

async function start() {
  listen();
  panel.fill(act, () => state.openid);
  inspector.build();
  state.users = (await get('/users')).users;
  const remembered = localStorage.getItem('openid');
  await choose((state.users.find((user) => user.openid === remembered) || state.users[0]).openid);
  follow(state, seen);
}

start();
