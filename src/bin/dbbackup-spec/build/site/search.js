// Looks through the operations, fields and codes of SEARCH_INDEX; the pages are complete without it.
const form = document.querySelector('form[role=search]');
const input = document.getElementById('search');
const panel = document.getElementById('panel');
const count = document.getElementById('count');
const found = document.getElementById('found');
const root = document.body.dataset.root;
const MOST = 30;

/** How far a name is from what is looked for; operations come before fields that have the words. */
function rank([name, , file], words) {
  const lower = plain(name);
  const isOperation = !file.includes('#');
  const has = (word) => lower.includes(word.replace(/s$/, ''));
  if (isOperation && words.every(has)) return 0;
  if (isOperation && words.some(has)) return 1;
  if (lower === words[0]) return 2;
  return lower.startsWith(words[0]) ? 3 : 4;
}

/** A name as people write it. */
function plain(text) {
  return text.toLowerCase().replaceAll('[]', '');
}

function matches(words) {
  const fits = ([name, place]) => {
    const text = plain(name + ' ' + place);
    return words.every((word) => text.includes(word));
  };
  return SEARCH_INDEX.filter(fits).sort((one, other) => rank(one, words) - rank(other, words));
}

function item([name, place, file]) {
  const link = document.createElement('a');
  link.href = root + file;
  const code = document.createElement('code');
  code.textContent = name;
  link.append(code, ' ' + place);
  const line = document.createElement('li');
  line.append(link);
  return line;
}

function told(all) {
  if (all.length === 0) return 'Nothing is called like that.';
  return all.length > MOST ? `${all.length} found, ${MOST} shown` : `${all.length} found`;
}

function show() {
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  const all = words.length === 0 ? [] : matches(words);
  panel.hidden = words.length === 0;
  count.textContent = told(all);
  found.replaceChildren(...all.slice(0, MOST).map(item));
}

function close() {
  panel.hidden = true;
}

/** From the field to the results and back, with the arrow keys. */
function step(by) {
  const places = [input, ...found.querySelectorAll('a')];
  const next = places[places.indexOf(document.activeElement) + by];
  next?.focus();
}

input.addEventListener('input', show);
input.addEventListener('focus', () => {
  panel.hidden = input.value.trim() === '';
});
form.addEventListener('keydown', (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    step(by);
  } else if (event.key === 'Escape') {
    input.value = '';
    input.focus();
    show();
  }
});
form.addEventListener('focusout', (event) => {
  if (!form.contains(event.relatedTarget)) close();
});
// A result on this page leaves everything else as it is.
found.addEventListener('click', () => setTimeout(close));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  found.querySelector('a')?.click();
});
form.hidden = false;
