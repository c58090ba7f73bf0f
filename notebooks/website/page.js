// Search, slides and the list of contents on narrow screens. Without this script the
// pages can still be read.
'use strict';
(() => {
  const body = document.body, find = (name) => document.querySelector(name);
  const input = find('input[type="search"]'), results = find('.results'), button = find('[data-slides]');
  if (matchMedia('(max-width: 50rem)').matches) find('.contents').open = false;

  // What is wider than the page can be moved with the arrow keys too.
  const reachable = () => document.querySelectorAll('pre, .wide').forEach((e) => {
    if (e.scrollWidth > e.clientWidth) e.tabIndex = 0;
    else e.removeAttribute('tabindex');
  });
  reachable();
  addEventListener('resize', reachable);

  // The index is a script, since a page that is opened as a file may read no other file.
  let loading;
  const index = () => loading ??= new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = body.dataset.index + 'search.js';
    script.onload = () => resolve(window.convlabIndex);
    document.head.append(script);
  });
  const plain = (text) => text.toLowerCase().normalize('NFKC');
  async function search() {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const all = words.length ? await index() : [];
    results.hidden = !words.length;
    results.replaceChildren();
    const score = ([, page, title]) => words.filter((word) => plain(title).includes(word)).length * 2 + words.filter((word) => plain(page).includes(word)).length;
    const hits = all.filter((entry) => words.every((word) => plain(entry.slice(1).join(' ')).includes(word)));
    hits.sort((a, b) => score(b) - score(a));
    const list = document.createElement('ul');
    for (const [to, page, title, text] of hits.slice(0, 20)) {
      const item = document.createElement('li'), link = document.createElement('a'), at = plain(text).indexOf(words[0]);
      link.href = body.dataset.index + to;
      link.textContent = title && title !== page ? `${page}: ${title}` : page;
      item.append(link, at < 0 ? '' : ' … ' + text.slice(Math.max(0, at - 40), at + 80) + ' …');
      list.append(item);
    }
    results.append(hits.length || !words.length ? list : body.dataset.nothing);
  }
  input.addEventListener('input', search);
  input.form.addEventListener('submit', async (event) => {
    event.preventDefault();
    await search();
    results.querySelector('a')?.focus();
  });

  // Each section is a slide: arrow keys, page keys, Escape.
  const slides = [...document.querySelectorAll('main > section')];
  let at = 0;
  function show(to) {
    at = Math.max(0, Math.min(slides.length - 1, to));
    slides.forEach((slide, i) => slide.classList.toggle('now', i === at));
    scrollTo(0, 0);
    slides[at].tabIndex = -1;
    slides[at].focus();
  }
  function present(on) {
    body.classList.toggle('slides', on);
    button.setAttribute('aria-pressed', on);
    if (on) show(Math.max(0, slides.findIndex((slide) => slide.getBoundingClientRect().bottom > 100)));
    else slides[at].scrollIntoView();
  }
  button.addEventListener('click', () => present(!body.classList.contains('slides')));
  addEventListener('keydown', (event) => {
    if (!body.classList.contains('slides') || event.defaultPrevented || event.target.closest('input, select, textarea, [role="grid"], .convlab-live, pre')) return;
    const move = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (move) { event.preventDefault(); show(at + move); }
    if (event.key === 'Escape') present(false);
  });
})();
