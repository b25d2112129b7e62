// Images of 28×28 bytes, 0 for paper and 255 for ink.

export const SIDE = 28;
export const SIZE = SIDE * SIDE;
export const DIGITS = "೦೧೨೩೪೫೬೭೮೯";

export function toBase64(bytes) { return btoa(String.fromCharCode(...bytes)); }

export function fromBase64(text) { return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)); }

/// Draws an image, one canvas pixel each: the page shows them large and crisp.
export function paint(canvas, pixels) {
  if (canvas.width !== SIDE) canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIDE, SIDE);
  for (let place = 0; place < SIZE; place++) {
    image.data.fill(255 - pixels[place], 4 * place, 4 * place + 3);
    image.data[4 * place + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/// Draws where one image has more ink than another, and where less.
export function paintDifference(canvas, pixels, clean) {
  if (canvas.width !== SIDE) canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIDE, SIDE);
  for (let place = 0; place < SIZE; place++) {
    const difference = pixels[place] - clean[place];
    const rest = 255 - Math.abs(difference);
    const color = difference > 0 ? [185 + rest * 70 / 255, rest, rest] : [rest, rest, 200 + rest * 55 / 255];
    image.data.set(difference === 0 ? [255, 255, 255, 255] : [...color, 255], 4 * place);
  }
  context.putImageData(image, 0, 0);
}

/// "೩ 3", with the Kannada digit marked as such.
export function digitName(label) {
  const name = document.createElement("span");
  const kannada = document.createElement("span");
  kannada.lang = "kn";
  kannada.textContent = DIGITS[label] ?? "";
  name.append(kannada, ` ${label}`);
  return name;
}

/// "97 %", and near certainty "99.8 %".
export function percent(value) { return `${(100 * value).toFixed(value > 0.99 && value < 0.9995 ? 1 : 0)} %`; }
