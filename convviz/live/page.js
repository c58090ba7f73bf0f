// The frame of a live picture: examples, undo, reset, the language.

function live(root, cases, first) {
  const page = { id: root.id, refused: '', change };
  let state, body, undone = [], done = [], last = { key: '', time: 0 };
  language = first;
  root.classList.add('convlab-live');
  root.dataset.lmSuppressShortcuts = 'true'; // JupyterLab's keys are the picture's here

  const copy = (v) => JSON.parse(JSON.stringify(v));
  const opened = (at) => ({ at, layer: 0, back: false, ...copy(cases[at]) });
  const names = () => cases.map((c) => c.soft ? fill('softmax and cross entropy') : describe(c.net))
    .map((name, at, all) => all.indexOf(name) === at ? name : `${name} (${all.slice(0, at + 1).filter((v) => v === name).length})`);

  // Changes the state by edit, which returns why it cannot be, or ''. Changes
  // of one control that follow fast are undone together.
  function change(key, edit, show = update) {
    const before = JSON.stringify(state), refused = edit();
    if (refused) {
      state = JSON.parse(before);
      page.refused = fill(refused);
    } else {
      page.refused = '';
      if (JSON.stringify(state) === before) return show();
      if (key !== last.key || Date.now() - last.time > 500) done.push(before);
      last = { key, time: Date.now() };
      undone = [];
    }
    show();
  }
  function update() {
    body.update(state);
    root.querySelector('[data-undo]').disabled = done.length === 0;
    root.querySelector('[data-redo]').disabled = undone.length === 0;
    const select = root.querySelector('[data-examples]');
    if (select) select.value = state.at;
  }
  function travel(from, to) {
    if (from.length === 0) return;
    to.push(JSON.stringify(state));
    const chosen = state.chosen, before = state.soft ? 'soft' : 'net';
    state = { ...JSON.parse(from.pop()), chosen };
    last.key = '';
    page.refused = '';
    if (before in state) update(); else build();
  }
  function open(at) {
    last.key = '';
    change('examples', () => { state = opened(at); return ''; }, build);
    last.key = '';
  }
  function build() {
    root.lang = language === 'zh' ? 'zh-CN' : 'en';
    root.setAttribute('role', 'group');
    root.setAttribute('aria-label', fill('Live picture'));
    const options = names().map((name, at) => `<option value="${at}">${name}</option>`).join('');
    root.innerHTML = `<div class="head">${cases.length > 1 ? `<label>${fill('Examples')} <select data-examples>${options}</select></label>` : ''}
<button type="button" data-undo>${fill('Undo')}</button><button type="button" data-redo>${fill('Redo')}</button><button type="button" data-reset>${fill('Reset')}</button>
<button type="button" data-language lang="${language === 'zh' ? 'en' : 'zh-CN'}">${language === 'zh' ? 'English' : '中文'}</button></div><div data-body></div>`;
    body = (state.soft ? softmaxBody : networkBody)(root.querySelector('[data-body]'), page);
    update();
  }
  root.addEventListener('click', (event) => {
    const t = event.target;
    if (t.matches('[data-undo]')) travel(done, undone);
    else if (t.matches('[data-redo]')) travel(undone, done);
    else if (t.matches('[data-reset]')) open(state.at);
    else if (t.matches('[data-language]')) {
      language = language === 'zh' ? 'en' : 'zh';
      build();
      root.querySelector('[data-language]').focus();
    }
  });
  root.addEventListener('change', (event) => { if (event.target.matches('[data-examples]')) { open(Number(event.target.value)); root.querySelector('[data-examples]').focus(); } });
  root.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
      if (event.shiftKey) travel(undone, done); else travel(done, undone);
      event.preventDefault();
    }
    event.stopPropagation(); // slides must not turn a page
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => update());
  new MutationObserver(() => update()).observe(document.body, { attributeFilter: ['data-jp-theme-light'] });
  state = opened(0);
  build();
}
