// The live picture of softmax and cross entropy on numbers.

function softmaxOf(soft) {
  const most = Math.max(...soft.z), power = soft.z.map((z) => Math.exp(z - most)), sum = power.reduce((a, b) => a + b);
  const p = power.map((v) => v / sum);
  return { p, loss: most + Math.log(sum) - soft.z[soft.target], gradient: p.map((v, c) => v - (c === soft.target ? 1 : 0)), powers: soft.z.map(Math.exp) };
}

function softmaxBody(place, page) {
  let state, rows = 0;
  place.innerHTML = `
<div class="sliders"><label data-classes><span>${fill('number of classes')}</span><output></output><input type="range" min="2" max="10" step="1"></label></div>
<div class="formula" data-formula></div>
<div class="scroll"><table class="softmax"><thead><tr>${['class', 'true class', 'logit z', '', 'exp z', 'probability p', '', 'gradient p − t'].map((h) => h ? `<th scope="col">${fill(h)}</th>` : '<td></td>').join('')}</tr></thead><tbody></tbody></table></div>
<p class="sum" aria-live="polite" data-sum></p>`;
  const find = (name) => place.querySelector(`[data-${name}]`), group = `${page.id}-true`;

  function update(next) {
    state = next;
    const { z, target } = state.soft, { p, loss, gradient, powers } = softmaxOf(state.soft), body = place.querySelector('tbody');
    if (rows !== z.length) {
      body.innerHTML = z.map((_, c) => `<tr><th scope="row">${fill('class {0}', c)}</th><td><input type="radio" name="${group}" data-target="${c}" aria-label="${fill('true class')} ${c}"></td>
<td><input class="number" data-z="${c}" inputmode="decimal" autocomplete="off" aria-label="z[${c}]"></td><td><input type="range" data-slide="${c}" min="-6" max="6" step="0.1" aria-label="z[${c}]"></td>
<td data-power="${c}"></td><td data-p="${c}"></td><td><span class="bar"><span></span></span></td><td data-dz="${c}"></td></tr>`).join('');
      rows = z.length;
    }
    z.forEach((v, c) => {
      const at = (name) => body.querySelector(`[data-${name}="${c}"]`), typed = at('z');
      if (typed !== document.activeElement || parse(typed.value) !== v) typed.value = num(v);
      at('slide').value = v;
      at('target').checked = c === target;
      at('power').textContent = num(powers[c]);
      at('p').textContent = num(p[c]);
      at('p').nextElementSibling.firstChild.firstChild.style.width = `${100 * p[c]}%`;
      at('dz').textContent = num(gradient[c]);
    });
    find('classes').querySelector('input').value = z.length;
    find('classes').querySelector('output').textContent = z.length;
    find('formula').textContent = `p[${target}] = exp(${num(z[target])}) / (${z.map((v) => `exp(${num(v)})`).join(' + ')}) = ${num(powers[target])} / ${num(powers.reduce((a, b) => a + b))} = ${num(p[target])}`;
    find('sum').textContent = `${fill('Loss')} = −ln p[${target}] = −ln ${num(p[target])} = ${num(loss)}`;
  }
  place.addEventListener('input', (event) => {
    const t = event.target, { z, slide, target } = t.dataset, value = parse(t.value);
    if (t.closest('[data-classes]')) page.change('classes', () => { const old = state.soft; old.z = Array.from({ length: value }, (_, c) => old.z[c] ?? 0); old.target = Math.min(old.target, value - 1); return ''; });
    else if (target !== undefined) page.change('target', () => { state.soft.target = Number(target); return ''; });
    else if (Number.isFinite(value) && Math.abs(value) <= 80) page.change(`z${z ?? slide}`, () => { state.soft.z[z ?? slide] = value; return ''; });
  });
  place.addEventListener('focusout', (event) => { if (event.target.matches('[data-z]')) setTimeout(() => update(state)); });
  return { update };
}
