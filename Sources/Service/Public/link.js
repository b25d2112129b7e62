// The whole state in the address, behind the #: what is drawn, how it is damaged, and what is expected.

import { SIZE, toBase64, fromBase64 } from "./pixels.js";

/// Runs of paper, which most of an image is, as two bytes: 0 and their length.
function pack(pixels) {
  const bytes = [];
  for (let place = 0; place < SIZE;) {
    if (pixels[place] !== 0) { bytes.push(pixels[place++]); continue; }
    let length = 1;
    while (length < 255 && place + length < SIZE && pixels[place + length] === 0) length++;
    bytes.push(0, length);
    place += length;
  }
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/// Null where it is no such text.
function unpack(text) {
  let bytes;
  try { bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/")); } catch { return null; }
  const pixels = new Uint8Array(SIZE);
  let place = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0) place += bytes[++at] ?? SIZE + 1;
    else if (place < SIZE) pixels[place++] = bytes[at];
    else return null;
  }
  return place === SIZE ? pixels : null;
}

export function write(state) {
  const parts = new URLSearchParams();
  if (state.example !== null) parts.set("g", state.example);
  else parts.set("p", pack(state.pixels));
  const severities = [...state.severities].filter(([, value]) => value > 0);
  if (severities.length) parts.set("d", severities.map(([name, value]) => `${name}~${value}`).join("."));
  parts.set("s", state.seed);
  parts.set("e", state.expect);
  return `#${parts}`;
}

/// What a link says, as far as it makes sense.
export function read(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { severities: new Map() };
  const example = Number(parts.get("g") ?? NaN);
  if (Number.isInteger(example) && example >= 0) state.example = example;
  const pixels = parts.has("p") ? unpack(parts.get("p")) : null;
  if (pixels) state.pixels = pixels;
  for (const part of (parts.get("d") ?? "").split(/\.(?=[a-z])/)) {
    const [name, value] = part.split("~");
    if (Number(value) > 0 && Number(value) <= 1) state.severities.set(name, Number(value));
  }
  const seed = Number(parts.get("s") ?? NaN);
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) state.seed = seed;
  if (parts.get("e")) state.expect = parts.get("e");
  return state;
}
