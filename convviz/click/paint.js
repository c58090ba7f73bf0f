// Numbers and pictures on canvases, for pages of trained networks.

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const floatsOf = (text) => text ? new Float32Array(bytesOf(text).buffer) : null;

const newMap = (h, w, c) => ({ h, w, c, v: new Float32Array(h * w * c) });
const placeIn = (map, i, j, c) => (i * map.w + j) * map.c + c;

const hasPlaces = (map) => map.h > 1 || map.w > 1;
const largestOf = (values) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

// The style sheet's colours as red, green, blue.
function coloursOf(root) {
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true }), i = document.createElement('i');
  root.append(i);
  const colours = Object.fromEntries(['above', 'below', 'card', 'lit', 'ink', 'chosen'].map((name) => {
    i.style.color = `var(--${name})`;
    probe.fillStyle = getComputedStyle(i).color;
    probe.fillRect(0, 0, 1, 1);
    return [name, [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3)];
  }));
  i.remove();
  return colours;
}

// How the channels of a map lie on its canvas: as tiles of numbers, each
// number side pixels wide. A map may say itself how many stand in a row.
function layout(map) {
  if (!hasPlaces(map)) { const across = Math.min(map.c, 24); return { across, down: Math.ceil(map.c / across), side: map.c > 200 ? 8 : 12, gap: 0 }; }
  const size = map.c > 48 ? 22 : map.c > 12 ? 44 : 60, side = Math.max(1, Math.min(12, Math.round(size / map.w))), room = Math.max(1, Math.floor(400 / (side * (map.w + 1))));
  if (map.across) return { across: map.across, down: Math.ceil(map.c / map.across), side, gap: 1 };
  const down = Math.ceil(map.c / room); // rows of the same length, as far as it goes
  return { across: Math.ceil(map.c / down), down, side, gap: 1 };
}

// An image on a canvas, each of its pixels side pixels wide.
function paintImage(canvas, image, side) {
  const small = document.createElement('canvas'), paint = canvas.getContext('2d');
  [small.width, small.height, canvas.width, canvas.height] = [image.width, image.height, image.width * side, image.height * side];
  small.getContext('2d').putImageData(image, 0, 0);
  paint.imageSmoothingEnabled = false;
  paint.drawImage(small, 0, 0, canvas.width, canvas.height);
  return paint;
}

// The colour of a number: on its way from the page's to that of above or below
// zero, as far as it is on its way to most.
function colourOf(v, most, colours) {
  const end = v < 0 ? colours.below : colours.above, share = Math.sqrt(Math.min(1, Math.abs(v) / most));
  return colours.card.map((c, k) => c + share * (end[k] - c));
}
function paintTiles(canvas, map, most, colours) {
  const { across, down, side, gap } = layout(map), image = new ImageData(across * (map.w + gap), down * (map.h + gap));
  for (let i = 0; i < map.h; i++) for (let j = 0; j < map.w; j++) for (let c = 0; c < map.c; c++) {
    const at = 4 * ((Math.floor(c / across) * (map.h + gap) + i) * image.width + (c % across) * (map.w + gap) + j);
    image.data.set([...colourOf(map.v[placeIn(map, i, j, c)], most, colours), 255], at);
  }
  return paintImage(canvas, image, side);
}

// A picture of size [height, width, channels] from its bytes; over, if given,
// is a number for each pixel by which it is tinted.
function paintPicture(canvas, bytes, [height, width, channels], side = 1, over = null, colours = null) {
  const image = new ImageData(width, height);
  for (let p = 0; p < width * height; p++) {
    let rgb = [0, 1, 2].map((k) => bytes[p * channels + Math.min(k, channels - 1)]);
    if (over) {
      const grey = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2], share = 0.8 * Math.min(1, Math.abs(over[p])), end = over[p] < 0 ? colours.below : colours.above;
      rgb = end.map((e) => grey * (1 - share) + e * share);
    }
    image.data.set([...rgb, 255], 4 * p);
  }
  return paintImage(canvas, image, side);
}
function boxOn(paint, box, side, colour) {
  paint.strokeStyle = `rgb(${colour})`;
  paint.lineWidth = 3;
  paint.strokeRect(box.left * side + 1, box.top * side + 1, (box.right - box.left + 1) * side - 2, (box.bottom - box.top + 1) * side - 2);
}
