// The words of a text message: line breaks, links, and lines that send a text back when tapped.

import { isWeb, make } from './dom.js';

const ANCHOR = /<a\s+([^>]*)>([\s\S]*?)<\/a>/gi;
const WEB = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/g;

function attribute(text, name) {
  const found = new RegExp(`${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(text);
  return found ? (found[1] ?? found[2]).replace(/&amp;/g, '&') : '';
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// weixin://bizmsgmenu?msgmenucontent=…&msgmenuid=… → {content, id}, or null.
export function menuLine(href) {
  if (!href.startsWith('weixin://bizmsgmenu?')) return null;
  const values = {};
  for (const pair of href.slice(href.indexOf('?') + 1).split('&')) {
    const at = pair.indexOf('=');
    values[pair.slice(0, at)] = decode(pair.slice(at + 1));
  }
  return values.msgmenucontent ? { content: values.msgmenucontent, id: values.msgmenuid || '' } : null;
}

// A link, not a button: buttons are boxes and would not flow with the words before them.
export function tappable(words, tap, line) {
  const send = (event) => { event.preventDefault(); tap(line); };
  return make('a', { href: '#', role: 'button', class: 'tappable', onclick: send }, words);
}

function link(href, words) {
  return make('a', { href, target: '_blank', rel: 'noopener' }, words);
}

function appendPlain(parent, text) {
  let from = 0;
  for (const found of text.matchAll(WEB)) {
    parent.append(text.slice(from, found.index), link(found[0], found[0]));
    from = found.index + found[0].length;
  }
  parent.append(text.slice(from));
}

export function words(text, tap) {
  const parent = make('div', { class: 'words' });
  let from = 0;
  for (const found of text.matchAll(ANCHOR)) {
    appendPlain(parent, text.slice(from, found.index));
    from = found.index + found[0].length;
    const href = attribute(found[1], 'href').trim();
    const line = menuLine(href);
    if (line) {
      parent.append(tappable(found[2], tap, line));
    } else if (isWeb(href)) {
      parent.append(link(href, found[2]));
    } else {
      parent.append(found[2]);
    }
  }
  appendPlain(parent, text.slice(from));
  return parent;
}
