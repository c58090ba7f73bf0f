// The page of a trained network: its pictures, its layers, the chosen unit.

function clickThrough(root, data, first) {
  const net = decoded(data.net), [height, width, channels] = net.size;
  let pixels, shown = 0, maps, chosen, everything = false, said = '', colours;
  language = first;
  Object.assign(chinese, data.words);
  root.classList.add('convlab-live', 'convlab-click');
  root.dataset.lmSuppressShortcuts = 'true'; // JupyterLab's keys are the page's here

  const find = (name) => root.querySelector(`[data-${name}]`), all = (name) => [...root.querySelectorAll(`[data-${name}]`)];
  const titleOf = (m) => namesOf(net)[m];
  const readBy = (m) => m ? net.steps[m - 1].of : []; // the maps that map m is made of
  const className = (c) => escaped(fill(data.classes[c] ?? fill('class {0}', c)));

  function paintMap(m) {
    const map = maps[m], canvas = find(`map="${m}"`), most = largestOf(map.v) || 1, { across, side, gap } = layout(map), paint = paintTiles(canvas, map, most, colours);
    const mark = (i, j, c, name, wide) => {
      paint.strokeStyle = `rgb(${colours[name]})`;
      paint.lineWidth = wide;
      paint.strokeRect(((c % across) * (map.w + gap) + j) * side, (Math.floor(c / across) * (map.h + gap) + i) * side, side, side);
    };
    if (readBy(chosen.m).includes(m) && net.steps[chosen.m - 1].kind !== 'softmax' && net.steps[chosen.m - 1].kind !== 'dense') {
      for (const t of termsOf(net, maps, chosen.m - 1, chosen)) if (t.m === m && !t.padding) mark(t.i, t.j, t.c, 'lit', 1);
    }
    if (m === chosen.m) mark(chosen.i, chosen.j, chosen.c, 'ink', 2);
    canvas.closest('.step').toggleAttribute('data-chosen', m === chosen.m);
    canvas.closest('.step').toggleAttribute('data-on', readBy(chosen.m).includes(m));
    canvas.setAttribute('aria-label', `${fill('{0}: arrow keys choose a number', titleOf(m))}${m === chosen.m ? `. ${nameIn(map, chosen)} = ${num(map.v[placeIn(map, chosen.i, chosen.j, chosen.c)])}` : ''}`);
    find(`largest="${m}"`).textContent = `${map.h > 1 || map.w > 1 ? `${map.h}×${map.w}×${map.c}` : map.c} · ${fill('largest {0}', num(most))}`;
  }
  // Shows another picture, or all anew.
  function look(at, bytes, words) {
    [shown, pixels, said] = [at, bytes, words];
    maps = run(net, pixels);
    show();
  }
  function show() {
    colours = coloursOf(root);
    const p = maps[maps.length - 1].v, best = p.indexOf(Math.max(...p)), truth = data.images[shown]?.label;
    all('picture').forEach((button, at) => { button.setAttribute('aria-pressed', at === shown); paintPicture(button.firstChild, bytesOf(data.images[at].pixels), net.size); });
    paintPicture(find('seen-whole'), pixels, net.size);
    find('said').textContent = said || (truth === undefined ? '' : fill('in truth: {0}', fill(data.classes[truth])));
    find('answer').textContent = fill('The network says {0}, {1} %', fill(data.classes[best] ?? fill('class {0}', best)), num(Number((100 * p[best]).toFixed(1))));
    find('probabilities').innerHTML = [...p].map((v, c) => [v, c]).sort((a, b) => b[0] - a[0]).slice(0, 10).map(([v, c]) => `<tr><th scope="row"><button type="button" data-to="${maps.length - 1},0,0,${c}">${className(c)}</button></th>
<td><span class="bar"><span style="width:${100 * v}%"></span></span></td><td data-p="${c}">${(100 * v).toFixed(1)} %</td></tr>`).join('');
    maps.forEach((_, m) => paintMap(m));
    showUnit();
  }
  function showUnit() {
    const { m } = chosen, map = maps[m], box = seenBy(net, maps, m, chosen);
    find('unit').innerHTML = `<h3 data-name>${listed([escaped(titleOf(m)), nameIn(map, chosen)])} = ${num(map.v[placeIn(map, chosen.i, chosen.j, chosen.c)])}</h3>
${explained(net, maps, m, chosen, everything, pixels)}<div class="seen"><canvas role="img" data-seen aria-label="${fill('the picture')}"></canvas><span>${fill('sees rows {0} to {1} and columns {2} to {3} of the picture', box.top, box.bottom, box.left, box.right)}</span></div>`;
    boxOn(paintPicture(find('seen'), pixels, net.size, 6), box, 6, colours.lit);
    find('announced').textContent = find('name').textContent;
  }
  function choose(m, i, j, c) {
    const before = chosen.m;
    chosen = { m, i, j, c };
    everything = everything && before === m;
    new Set([...readBy(before), before, ...readBy(m), m]).forEach(paintMap);
    showUnit();
  }

  function build() {
    root.lang = language === 'zh' ? 'zh-CN' : 'en';
    root.setAttribute('role', 'group');
    root.setAttribute('aria-label', fill('A trained network to click through'));
    const name = (at) => fill('picture {0}: {1}', at + 1, fill(data.classes[data.images[at].label]));
    root.innerHTML = `<div class="head"><b>${fill('A trained network to click through')}</b>
<button type="button" data-language lang="${language === 'zh' ? 'en' : 'zh-CN'}">${language === 'zh' ? 'English' : '中文'}</button></div>
<div class="pictures" role="group" aria-label="${fill('pictures of the test set')}">${data.images.map((_, at) => `<button type="button" data-picture="${at}" aria-label="${escaped(name(at))}" title="${escaped(name(at))}"><canvas></canvas></button>`).join('')}</div>
<div class="file"><label>${fill('a photo of your own')} <input type="file" accept="image/*" data-file></label><span class="hint">${fill('or drop one anywhere here')}</span></div>
<p class="problem" role="alert" data-problem></p>
<div class="answer"><canvas role="img" data-seen-whole aria-label="${fill('the picture')}"></canvas><div><p class="sum" aria-live="polite" data-answer></p><p class="hint" data-said></p></div>
<table><caption hidden>${fill('probabilities')}</caption><tbody data-probabilities></tbody></table></div>
<p class="hint">${fill('Click a number of any layer, or move with the arrow keys: it is computed below or beside, from numbers that can be clicked in turn.')}
<span class="key" style="background:var(--above)"></span> ${fill('above 0')} <span class="key" style="background:var(--below)"></span> ${fill('below 0')}</p>
<div class="columns"><div class="network">${maps.map((_, m) => `<div class="step"><b>${escaped(titleOf(m))}</b><small data-largest="${m}"></small><canvas tabindex="0" role="application" data-map="${m}"></canvas></div>`).join('')}</div>
<div class="unit" tabindex="0" role="region" aria-label="${fill('made of')}" data-unit></div></div><p class="quiet" aria-live="polite" data-announced></p>`;
    show();
  }

  // A photo's middle square, made as small as the network wants it by halves,
  // so that every pixel counts.
  async function photo(file) {
    let image;
    try { image = await createImageBitmap(file); } catch {
      find('problem').textContent = fill('{0} is no picture that this browser can read', file.name);
      return;
    }
    find('problem').textContent = '';
    const side = Math.min(image.width, image.height), sheet = (w, h) => Object.assign(document.createElement('canvas'), { width: w, height: h });
    let from = sheet(side, side);
    from.getContext('2d').drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, side, side);
    for (let size = side; from.width !== width || from.height !== height;) {
      size = size > 2 * Math.max(width, height) ? Math.ceil(size / 2) : 0;
      const to = size ? sheet(size, size) : sheet(width, height), paint = to.getContext('2d');
      paint.imageSmoothingQuality = 'high';
      paint.drawImage(from, 0, 0, to.width, to.height);
      from = to;
    }
    const rgba = from.getContext('2d').getImageData(0, 0, width, height).data, bytes = new Uint8Array(width * height * channels);
    for (let p = 0; p < width * height; p++) {
      const [r, g, b] = rgba.slice(4 * p, 4 * p + 3);
      bytes.set(channels === 1 ? [Math.round(0.299 * r + 0.587 * g + 0.114 * b)] : [r, g, b], p * channels);
    }
    look(-1, bytes, fill('your photo: its middle square, as the network sees it'));
  }

  root.addEventListener('click', (event) => {
    const at = (name) => event.target.closest(`[data-${name}]`), canvas = at('map'), to = at('to'), picture = at('picture');
    if (picture) look(Number(picture.dataset.picture), bytesOf(data.images[picture.dataset.picture].pixels), '');
    else if (to) choose(...to.dataset.to.split(',').map(Number));
    else if (at('everything')) { everything = !everything; showUnit(); find('everything').focus(); }
    else if (at('language')) { language = language === 'zh' ? 'en' : 'zh'; said = shown < 0 ? fill('your photo: its middle square, as the network sees it') : ''; build(); find('language').focus(); }
    else if (canvas) {
      const m = Number(canvas.dataset.map), map = maps[m], { across, side, gap } = layout(map), box = canvas.getBoundingClientRect();
      const x = (event.clientX - box.left) * canvas.width / box.width / side, y = (event.clientY - box.top) * canvas.height / box.height / side;
      const column = Math.min(across - 1, Math.floor(x / (map.w + gap))), c = Math.floor(y / (map.h + gap)) * across + column;
      if (c < map.c) choose(m, Math.min(map.h - 1, Math.floor(y % (map.h + gap))), Math.min(map.w - 1, Math.floor(x % (map.w + gap))), c);
    }
  });
  root.addEventListener('keydown', (event) => {
    const canvas = event.target.closest('[data-map]'), moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }, move = moves[event.key];
    event.stopPropagation(); // slides must not turn a page
    if (!canvas || !(move || event.key === 'Enter' || event.key === ' ')) return;
    event.preventDefault();
    const m = Number(canvas.dataset.map), map = maps[m], { across } = layout(map);
    let { i, j, c } = m === chosen.m ? chosen : { i: Math.floor(map.h / 2), j: Math.floor(map.w / 2), c: 0 };
    if (m === chosen.m && move) { // over a tile's edge to the next tile
      [i, j] = [i + move[0], j + move[1]];
      const next = i < 0 ? c - across : i >= map.h ? c + across : j < 0 ? c - 1 : j >= map.w ? c + 1 : c;
      if (next < 0 || next >= map.c) return;
      [i, j, c] = [(i + map.h) % map.h, (j + map.w) % map.w, next];
    }
    choose(m, i, j, c);
  });
  root.addEventListener('change', (event) => { if (event.target.matches('[data-file]') && event.target.files[0]) photo(event.target.files[0]); });
  root.addEventListener('dragover', (event) => { event.preventDefault(); root.classList.add('over'); });
  root.addEventListener('dragleave', () => root.classList.remove('over'));
  root.addEventListener('drop', (event) => { event.preventDefault(); root.classList.remove('over'); if (event.dataTransfer.files[0]) photo(event.dataTransfer.files[0]); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  new MutationObserver(show).observe(document.body, { attributeFilter: ['data-jp-theme-light'] });
  pixels = bytesOf(data.images[0].pixels);
  maps = run(net, pixels);
  const m = net.steps.findIndex((step) => step.kind === 'conv') + 1;
  chosen = { m, i: Math.floor(maps[m].h / 2), j: Math.floor(maps[m].w / 2), c: 0 };
  build();
}
