// Building elements by text only: nothing that an account sends is ever read as HTML.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick' || name === 'onsubmit' || name === 'onchange') {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `/static/icons.svg#${name}`);
  svg.setAttribute('class', 'drawn');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

export const isWeb = (url) => /^https?:\/\//i.test(url || '');

export function clockText(seconds, withSeconds = false) {
  const date = new Date(seconds * 1000);
  const options = { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false };
  if (withSeconds) options.second = '2-digit';
  const time = new Intl.DateTimeFormat('zh-CN', options).format(date);
  const day = (value) => new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai' }).format(value);
  if (withSeconds || day(date) === day(new Date())) return time;
  const monthDay = { timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric' };
  return `${new Intl.DateTimeFormat('zh-CN', monthDay).format(date)} ${time}`;
}
