// The page: holds the state, asks the service whenever it changes, and shows what comes.

import { Cards } from "./cards.js";
import * as link from "./link.js";
import { Pad } from "./pad.js";
import { Picture } from "./picture.js";
import { DIGITS, SIZE, digitName, fromBase64, paint, toBase64 } from "./pixels.js";
import { ask, useToken } from "./service.js";
import { Sliders } from "./sliders.js";

const find = (id) => document.getElementById(id);
const state = { pixels: new Uint8Array(SIZE), example: 0, severities: new Map(), seed: 1, expect: "report-multiple" };
let gallery = [];

// MARK: Telling

let quiet;
/// Once nothing changes any more, so that a slider's way is not read out step by step.
function say(text) {
  clearTimeout(quiet);
  quiet = setTimeout(() => { find("status").textContent = text; }, 400);
}

function tell(error) {
  find("problem").textContent = error?.message ?? "";
  find("problem").hidden = !error;
  if (error?.status === 401) find("token-form").hidden = false;
}

// MARK: Asking

const cards = new Cards(find("cards"), find("strip"));
let isAsking = false, wantsMore = false, since = null;
/// Milliseconds from a change to the images of it; for tests.
window.tidduMilliseconds = [];

/// One question at a time, always the latest.
async function compare() {
  since ??= performance.now();
  if (isAsking) { wantsMore = true; return; }
  isAsking = true;
  const began = since;
  since = null;
  try {
    const answer = await ask("compare", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        image: toBase64(state.pixels), seed: state.seed, expect: state.expect,
        distortions: Object.fromEntries([...state.severities].filter(([, value]) => value > 0)),
      }),
    });
    say(cards.show(answer));
    tell(null);
    requestAnimationFrame(() => window.tidduMilliseconds.push(performance.now() - began));
  } catch (error) { tell(error); }
  isAsking = false;
  if (wantsMore) { wantsMore = false; compare(); }
}

let linking;
function changed() {
  compare();
  clearTimeout(linking);
  linking = setTimeout(() => history.replaceState(null, "", link.write(state)), 150);
}

// MARK: The digit

const pad = new Pad(find("pad"), (pixels) => { use(pixels, null, true); }, say);

function use(pixels, example, isDrawn = false) {
  state.pixels = pixels;
  state.example = example;
  if (!isDrawn) pad.show(pixels);
  for (const button of find("examples").children) {
    button.setAttribute("aria-pressed", String(example !== null && Number(button.dataset.example) === example));
  }
  changed();
}

function showExamples(label) {
  [...find("classes").children].forEach((button, number) => button.setAttribute("aria-pressed", String(number === label)));
  const own = gallery.map((one, number) => ({ ...one, number })).filter((one) => one.label === label);
  find("examples").replaceChildren(...own.map((one, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.example = one.number;
    button.setAttribute("aria-label", `${label}, example ${place + 1}`);
    button.setAttribute("aria-pressed", String(state.example === one.number));
    const canvas = document.createElement("canvas");
    paint(canvas, one.pixels);
    button.append(canvas);
    button.addEventListener("click", () => use(one.pixels, one.number));
    return button;
  }));
}

async function loadGallery() {
  gallery = (await ask("gallery")).images.map((one) => ({ label: one.label, pixels: fromBase64(one.image) }));
  find("classes").replaceChildren(...[...DIGITS].map((_, label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(digitName(label).firstChild);
    button.setAttribute("aria-label", String(label));
    button.addEventListener("click", () => showExamples(label));
    return button;
  }));
}

// MARK: Pictures of one's own

const picture = new Picture(find("picture"), (pixels) => use(pixels, null));

async function open(file) {
  if (!file) return;
  try {
    await picture.open(file);
    tell(null);
  } catch (error) {
    find("picture").hidden = true;
    tell(error);
  }
}

find("file").addEventListener("change", (event) => { open(event.target.files[0]); event.target.value = ""; });
for (const name of ["dragover", "drop", "dragleave"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", name === "dragover");
    if (name === "drop") open(event.dataTransfer.files[0]);
  });
}

// MARK: Damage

const sliders = new Sliders(find("sliders"), (name, severity) => {
  state.severities.set(name, severity);
  changed();
});

function setSeed(seed) {
  state.seed = seed;
  find("seed").value = seed;
}

function surprise() {
  setSeed(Math.floor(Math.random() * 2 ** 32));
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  const chosen = [[pick(["up-down-flip", "left-right-flip"]), 1], ["rotation", pick([1, 2, 3]) / 3]];
  state.severities = new Map([pick(chosen)]);
  const others = sliders.names.filter((name) => !["up-down-flip", "left-right-flip", "rotation", "handwriting"].includes(name));
  for (let count = 0; count < 2; count++) state.severities.set(pick(others), Math.round(20 + 40 * Math.random()) / 100);
  if (Math.random() < 0.5) state.severities.set("occlusion", 0.5);
  sliders.set(state.severities);
  changed();
}

find("surprise").addEventListener("click", surprise);
find("reset").addEventListener("click", () => {
  state.severities = new Map();
  sliders.set(state.severities);
  changed();
});
find("clear").addEventListener("click", () => { pad.clear(); use(pad.pixels(), null, true); });
find("seed").addEventListener("input", (event) => {
  const seed = Number(event.target.value);
  if (event.target.value === "" || !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) return;
  state.seed = seed;
  changed();
});
find("expect").addEventListener("change", (event) => { state.expect = event.target.value; changed(); });
find("copy").addEventListener("click", async () => {
  history.replaceState(null, "", link.write(state));
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied.");
  } catch { say("The link is in the address bar."); }
});
find("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useToken(find("token").value.trim());
  find("token-form").hidden = true;
  compare();
});

// MARK: Start

function follow(hash) {
  const told = link.read(hash);
  state.severities = told.severities;
  setSeed(told.seed ?? 1);
  if ([...find("expect").options].some((option) => option.value === told.expect)) state.expect = told.expect;
  find("expect").value = state.expect;
  sliders.set(state.severities);
  const example = told.pixels ? null : Math.min(told.example ?? 3, gallery.length - 1);
  showExamples(example === null ? 3 : gallery[example].label);
  use(told.pixels ?? gallery[example].pixels, example);
}

try {
  await Promise.all([loadGallery(), sliders.load()]);
  follow(location.hash || "#d=rotation~0.6667.gaussian-noise~0.3.occlusion~0.5&s=11");
  window.addEventListener("hashchange", () => follow(location.hash));
} catch (error) { tell(error); }
