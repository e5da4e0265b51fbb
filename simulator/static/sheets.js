// Sheets that rise from the bottom of the phone, and the short word in its middle.

import { byId, make } from './dom.js';

let fading = 0;

export function toast(text) {
  const element = byId('toast');
  element.textContent = text;
  element.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { element.hidden = true; }, 2600);
}

export function close() {
  byId('sheet').close();
}

export function open(title, ...children) {
  const sheet = byId('sheet');
  const head = make('div', { class: 'sheet-head' }, make('h2', {}, title),
    make('button', { type: 'button', class: 'sheet-close', 'aria-label': '关闭', onclick: close }, '✕'));
  sheet.replaceChildren(head, ...children.filter(Boolean));
  if (!sheet.open) sheet.showModal();
  sheet.querySelector('input, textarea')?.focus();
}

function field(spec) {
  if (spec.type === 'checkbox') {
    return make('label', { class: 'check' }, make('input', { type: 'checkbox', name: spec.name }), spec.label);
  }
  const input = spec.type === 'textarea'
    ? make('textarea', { name: spec.name, rows: 3, placeholder: spec.placeholder })
    : make('input', { type: spec.type || 'text', name: spec.name, placeholder: spec.placeholder,
      accept: spec.accept, step: spec.type === 'number' ? 'any' : null, autocomplete: 'off' });
  if (spec.value !== undefined) input.value = spec.value;
  return make('label', { class: 'field' }, make('span', {}, spec.label), input);
}

// A form sheet; `done` gets the values by name.
export function form(title, fields, button, done) {
  const submit = (event) => {
    event.preventDefault();
    const values = {};
    for (const input of event.target.elements) {
      if (!input.name) continue;
      if (input.type === 'checkbox') values[input.name] = input.checked;
      else if (input.type === 'file') values[input.name] = input.files[0];
      else values[input.name] = input.value;
    }
    close();
    done(values);
  };
  open(title, make('form', { class: 'sheet-form', onsubmit: submit }, ...fields.map(field),
    make('button', { type: 'submit', class: 'primary' }, button)));
}

export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
