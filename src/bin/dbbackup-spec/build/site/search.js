// Looks through the operations and fields of SEARCH_INDEX; the pages are complete without it.
const form = document.querySelector('form[role=search]');
const input = document.getElementById('search');
const found = document.getElementById('found');
const root = document.body.dataset.root;

function matches(words) {
  const rank = ([name]) => {
    const lower = name.toLowerCase();
    return lower === words[0] ? 0 : lower.startsWith(words[0]) ? 1 : 2;
  };
  const fits = ([name, place]) => {
    const text = (name + ' ' + place).toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return SEARCH_INDEX.filter(fits).sort((one, other) => rank(one) - rank(other));
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

function show() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.replaceChildren();
  if (words.length === 0) return;
  const all = matches(words);
  found.append(...all.slice(0, 30).map(item));
  const rest = document.createElement('li');
  rest.textContent = all.length === 0 ? 'Nothing is called like that.' : `${all.length} found`;
  found.append(rest);
}

input.addEventListener('input', show);
input.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    input.value = '';
    show();
  }
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  found.querySelector('a')?.click();
});
form.hidden = false;
