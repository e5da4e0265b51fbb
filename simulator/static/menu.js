// The account's menu at the bottom of the chat.

import { byId, icon, isWeb, make } from './dom.js';
import * as panel from './panel.js';

let opened = -1;

function tap(button, path, act) {
  const event = { type: 'menu', path };
  const kind = button.type || '';
  if (kind.startsWith('scancode_')) return panel.scan(act, event);
  if (kind.startsWith('pic_')) return panel.image(act, event);
  if (kind === 'location_select') return panel.place(act, event);
  if (kind === 'view' && isWeb(button.url)) window.open(button.url, '_blank', 'noopener');
  return act(event);
}

function popUp(button, index, act) {
  const items = button.sub_button.map((sub, at) =>
    make('button', { type: 'button', role: 'menuitem', onclick: () => { fold(); tap(sub, [index, at], act); } }, sub.name));
  return make('div', { class: 'menu-pop', role: 'menu', hidden: true }, ...items);
}

export function fold() {
  opened = -1;
  for (const pop of document.querySelectorAll('.menu-pop')) pop.hidden = true;
}

function toggle(index) {
  const before = opened;
  fold();
  if (before === index) return;
  opened = index;
  byId('menu-bar').querySelectorAll('.menu-cell')[index].querySelector('.menu-pop').hidden = false;
}

export function draw(menu, act, toKeyboard) {
  const bar = byId('menu-bar');
  const cells = menu.button.map((button, index) => {
    const has = (button.sub_button || []).length > 0;
    const press = () => (has ? toggle(index) : (fold(), tap(button, [index], act)));
    const mark = has ? make('span', { class: 'menu-mark', 'aria-hidden': 'true' }, '≡') : null;
    return make('div', { class: 'menu-cell' },
      make('button', { type: 'button', class: 'menu-button', 'aria-haspopup': has ? 'menu' : null, onclick: press }, mark, button.name),
      has ? popUp(button, index, act) : null);
  });
  const keyboard = make('button', { type: 'button', class: 'icon', 'aria-label': '切换到键盘', onclick: toKeyboard }, icon('keyboard'));
  bar.replaceChildren(keyboard, ...cells);
}
