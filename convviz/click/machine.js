// A training to scrub through: every panel shows the epoch that the slider
// stands at.

function timeMachine(root, data, first) {
  const { moments, size } = data, kept = moments.map((at) => ({ ...at, kernels: floatsOf(at.kernels), influence: eighths(at.influence), examples: at.examples.map((e) => ({ ...e, p: floatsOf(e.p), first: eighths(e.first), last: eighths(e.last), cam: eighths(e.cam) })) }));
  let at = kept.length - 1, example = 0, timer = 0;
  language = first;
  Object.assign(chinese, data.words);
  root.classList.add('convlab-live', 'convlab-click');
  root.dataset.lmSuppressShortcuts = 'true';
  const find = (name) => root.querySelector(`[data-${name}]`), all = (name) => [...root.querySelectorAll(`[data-${name}]`)];
  const className = (c) => fill(data.classes[c]), percent = (v) => `${(100 * v).toFixed(1)} %`;
  const pictureName = (i) => fill('picture {0}: {1}', i + 1, className(data.images[i].label));

  // Numbers of 8 bits: −1 to 1 of the largest.
  function eighths(text) { return Float32Array.from(new Int8Array(bytesOf(text).buffer), (v) => v / 127); }

  // Bilinear between the places of a small map, for every pixel of the picture.
  function spread(values, h, w) {
    const [height, width] = size, out = new Float32Array(height * width);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const v = Math.min(Math.max((y + 0.5) * h / height - 0.5, 0), h - 1), u = Math.min(Math.max((x + 0.5) * w / width - 0.5, 0), w - 1);
      const i = Math.floor(v), j = Math.floor(u), read = (a, b) => values[Math.min(a, h - 1) * w + Math.min(b, w - 1)];
      out[y * width + x] = (1 - v + i) * ((1 - u + j) * read(i, j) + (u - j) * read(i, j + 1)) + (v - i) * ((1 - u + j) * read(i + 1, j) + (u - j) * read(i + 1, j + 1));
    }
    return out;
  }

  // The kernels as tiles: a column for each filter, a row for each input channel.
  function kernelTiles(values) {
    const [h, w, ins, outs] = data.kernel.shape, map = { ...newMap(h, w, ins * outs), across: outs };
    for (let i = 0; i < h; i++) for (let j = 0; j < w; j++) for (let c = 0; c < ins; c++) for (let o = 0; o < outs; o++) map.v[placeIn(map, i, j, c * outs + o)] = values[((i * w + j) * ins + c) * outs + o];
    return map;
  }

  // The loss as an SVG: training, validation, the test pictures, and where the
  // slider stands.
  function curve() {
    const lines = [['training', 'g0', data.curves.map((e) => [e.epoch, e.loss])], ['validation', 'g1', data.curves.map((e) => [e.epoch, e.valid])], ['test', 'ink', kept.map((m) => [m.epoch, m.loss])]]
      .map(([name, colour, points]) => [name, colour, points.filter(([, y]) => Number.isFinite(y))]).filter(([, , points]) => points.length > 0);
    const ys = lines.flatMap(([, , points]) => points.map(([, y]) => y)), last = Math.max(...kept.map((m) => m.epoch), 1), low = Math.min(...ys), high = Math.max(...ys, low + 1e-6);
    const x = (epoch) => 44 + 320 * epoch / last, y = (loss) => 12 + 130 * (high - loss) / (high - low);
    const drawn = lines.map(([, colour, points]) => `<polyline points="${points.map(([e, l]) => `${x(e)},${y(l)}`).join(' ')}" fill="none" stroke="var(--${colour})" stroke-width="2"/>${points.map(([e, l]) => `<circle cx="${x(e)}" cy="${y(l)}" r="3" fill="var(--${colour})"/>`).join('')}`).join('');
    const names = lines.map(([name, colour]) => `<span><span class="key" style="background:var(--${colour})"></span> ${fill(name)}</span>`).join(' ');
    return `<svg viewBox="0 0 380 172" width="380" role="img" aria-label="${fill('Loss')}" fill="currentColor" font-size="12"><line x1="${x(kept[at].epoch)}" x2="${x(kept[at].epoch)}" y1="6" y2="148" stroke="var(--chosen)" stroke-width="3"/>
<text x="38" y="${y(high) + 4}" text-anchor="end">${num(Number(high.toFixed(2)))}</text><text x="38" y="${y(low) + 4}" text-anchor="end">${num(Number(low.toFixed(2)))}</text><text x="${x(0)}" y="164" text-anchor="middle">0</text><text x="${x(last)}" y="164" text-anchor="middle">${last}</text>${drawn}</svg><small>${names}</small>`;
  }

  function confusion(counts) {
    const head = data.classes.map((_, c) => `<th scope="col" title="${escaped(className(c))}"><span>${escaped(className(c))}</span></th>`).join('');
    const rows = counts.map((row, truth) => {
      const sum = row.reduce((a, b) => a + b) || 1;
      return `<tr><th scope="row">${escaped(className(truth))}</th>${row.map((n, said) => `<td style="background:color-mix(in srgb, var(--${truth === said ? 'above' : 'below'}) ${Math.round(42 * n / sum)}%, var(--card))">${n || ''}</td>`).join('')}</tr>`;
    }).join('');
    return `<table class="confusion"><thead><tr><td></td>${head}</tr></thead><tbody>${rows}</tbody></table>`;
  }

  function update() {
    const colours = coloursOf(root), moment = kept[at], shown = moment.examples[example], image = bytesOf(data.images[example].pixels), label = data.images[example].label;
    find('slider').value = at;
    find('slider').setAttribute('aria-valuetext', fill('epoch {0}', moment.epoch));
    find('epoch').textContent = moment.epoch === 0 ? fill('before training') : fill('epoch {0} of {1}', moment.epoch, kept[kept.length - 1].epoch);
    find('result').textContent = fill('test set: loss {0}, {1} right', moment.loss === null ? '—' : num(moment.loss), percent(moment.accuracy));
    find('play').textContent = fill(timer ? 'Pause' : 'Play');
    all('picture').forEach((button, i) => button.setAttribute('aria-pressed', i === example));
    find('curve').innerHTML = curve();
    find('confusion').innerHTML = confusion(moment.confusion);
    paintTiles(find('kernels'), kernelTiles(moment.kernels), data.kernel.most || 1, colours);
    for (const name of ['first', 'last']) paintTiles(find(name), { h: data[name].shape[0], w: data[name].shape[1], c: data[name].shape[2], v: shown[name] }, 1, colours);
    const [h, w] = data.last.shape;
    paintPicture(find('whole'), image, size, 5);
    paintPicture(find('cam'), image, size, 5, spread(shown.cam, h, w), colours);
    find('cam-most').textContent = fill('for {0}, largest {1}', className(label), shown.most === null ? '—' : num(shown.most));
    boxOn(paintPicture(find('influence'), image, size, 5, moment.influence.map((v) => Math.sqrt(v)), colours), data.sees, 5, colours.chosen);
    find('half').textContent = fill('half of the influence comes from {0} pixels', moment.half);
    const best = shown.p.indexOf(Math.max(...shown.p));
    find('answer').textContent = `${fill('in truth: {0}', className(label))} · ${fill('The network says {0}, {1} %', className(best), num(Number((100 * shown.p[best]).toFixed(1))))}`;
    find('probabilities').innerHTML = [...shown.p].map((v, c) => `<tr><th scope="row">${escaped(className(c))}</th><td><span class="bar"><span style="width:${100 * v}%"></span></span></td><td data-p="${c}">${percent(v)}</td></tr>`).join('');
  }
  function play(on) {
    clearInterval(timer);
    timer = on ? setInterval(() => { if (root.isConnected) { at = (at + 1) % kept.length; update(); } else play(false); }, 900) : 0;
    update();
  }

  function build() {
    root.lang = language === 'zh' ? 'zh-CN' : 'en';
    root.setAttribute('role', 'group');
    root.setAttribute('aria-label', fill('A training to scrub through'));
    const tiles = (name) => `<canvas role="img" data-${name} aria-label="${escaped(data[name].title)}"></canvas>`;
    const mapNote = (name) => data[name].channels > data[name].shape[2] ? ` · ${fill('the first {0} of {1} channels', data[name].shape[2], data[name].channels)}` : '';
    const panel = (title, content, note = '') => `<div class="step"><b>${title}</b>${note ? `<small>${note}</small>` : ''}${content}</div>`;
    root.innerHTML = `<div class="head"><b>${fill('A training to scrub through')}</b><button type="button" data-language lang="${language === 'zh' ? 'en' : 'zh-CN'}">${language === 'zh' ? 'English' : '中文'}</button></div>
<div class="scrub"><button type="button" data-play></button><input type="range" min="0" max="${kept.length - 1}" step="1" data-slider aria-label="${fill('Epoch')}"><output data-epoch aria-live="polite"></output> <span data-result></span></div>
<div class="pictures" role="group" aria-label="${fill('pictures of the test set')}">${data.images.map((_, i) => `<button type="button" data-picture="${i}" aria-label="${escaped(pictureName(i))}" title="${escaped(pictureName(i))}"><canvas></canvas></button>`).join('')}</div>
<p class="hint">${fill('Everything below is of this epoch. Kernels and maps have the same scale of colours in all epochs.')} <span class="key" style="background:var(--above)"></span> ${fill('above 0')} <span class="key" style="background:var(--below)"></span> ${fill('below 0')}</p>
<div class="network">${panel(fill('Loss'), '<div data-curve></div>')}
${panel(fill('the picture'), `<div class="answer"><canvas role="img" data-whole aria-label="${fill('the picture')}"></canvas><table><caption class="quiet">${fill('probabilities')}</caption><tbody data-probabilities></tbody></table></div><p class="sum" data-answer></p>`)}
${panel(fill('kernels of {0}', escaped(data.first.title)), `<canvas role="img" data-kernels aria-label="${fill('kernels of {0}', escaped(data.first.title))}"></canvas>`, fill('{0} filters side by side, their {1} input channels below each other', data.kernel.shape[3], data.kernel.shape[2]))}
${panel(fill('feature maps of {0}', escaped(data.first.title)), tiles('first'), fill('largest {0}', num(data.first.most)) + mapNote('first'))}
${panel(fill('feature maps of {0}', escaped(data.last.title)), tiles('last'), fill('largest {0}', num(data.last.most)) + mapNote('last'))}
${panel('Grad-CAM', `<canvas role="img" data-cam aria-label="Grad-CAM"></canvas><small data-cam-most></small>`)}
${panel(fill('receptive field of the unit in the middle'), `<canvas role="img" data-influence aria-label="${fill('receptive field of the unit in the middle')}"></canvas><small data-half></small>`, fill('what it can see is boxed, what moves it is tinted'))}
${panel(fill('confusion matrix of the test set'), '<div class="scroll" tabindex="0" data-confusion></div>', fill('row: true class, column: what the network says'))}</div>`;
    all('picture').forEach((button, i) => paintPicture(button.firstChild, bytesOf(data.images[i].pixels), size));
    update();
  }
  root.addEventListener('input', (event) => { if (event.target.matches('[data-slider]')) { at = Number(event.target.value); if (timer) play(false); else update(); } });
  root.addEventListener('click', (event) => {
    const picture = event.target.closest('[data-picture]');
    if (picture) { example = Number(picture.dataset.picture); update(); }
    else if (event.target.matches('[data-play]')) play(!timer);
    else if (event.target.matches('[data-language]')) { language = language === 'zh' ? 'en' : 'zh'; build(); find('language').focus(); }
  });
  root.addEventListener('keydown', (event) => event.stopPropagation()); // slides must not turn a page
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', update);
  new MutationObserver(update).observe(document.body, { attributeFilter: ['data-jp-theme-light'] });
  build();
}
