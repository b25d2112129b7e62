// The field to draw on: pointers of any kind, or the keyboard.

import { SIDE, SIZE } from "./pixels.js";

const SCALE = 10;  // of the field, in pixels of an image
const PEN = 2.2;   // as broad as the dataset's, in pixels of an image

export class Pad {
  /// `changed` is called with the image whenever something is drawn.
  constructor(canvas, changed, say) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    this.changed = changed;
    this.say = say;
    this.cursor = { x: SIDE / 2, y: SIDE / 2 };
    this.isDown = false;
    this.isOwn = false;  // drawn here, and not shown from elsewhere
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { this.last = null; });
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.showCursor());
    canvas.addEventListener("blur", () => { this.isDown = false; this.redraw(); });
    this.ink = document.createElement("canvas");
    this.ink.width = this.ink.height = SIDE * SCALE;
    this.inkContext = this.ink.getContext("2d", { willReadFrequently: true });
    this.clear();
  }

  clear() {
    this.isOwn = true;
    this.paper();
    this.redraw();
  }

  /// Shows an image that was not drawn here; the next stroke begins on empty paper.
  show(pixels) {
    this.isOwn = false;
    const context = this.inkContext;
    for (let place = 0; place < SIZE; place++) {
      const gray = 255 - pixels[place];
      context.fillStyle = `rgb(${gray} ${gray} ${gray})`;
      context.fillRect((place % SIDE) * SCALE, Math.floor(place / SIDE) * SCALE, SCALE, SCALE);
    }
    this.redraw();
  }

  paper() {
    this.inkContext.fillStyle = "#fff";
    this.inkContext.fillRect(0, 0, SIDE * SCALE, SIDE * SCALE);
  }

  redraw() { this.context.drawImage(this.ink, 0, 0); }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * SIDE / box.width, y: (event.clientY - box.top) * SIDE / box.height };
  }

  begin(event) {
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    if (!this.isOwn) this.clear();
    this.last = this.place(event);
    this.stroke(this.last, this.last);
  }

  move(event) {
    if (!this.last) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const next = this.place(one);
      this.stroke(this.last, next);
      this.last = next;
    }
  }

  stroke(from, to) {
    const context = this.inkContext;
    context.strokeStyle = "#000";
    context.lineWidth = PEN * SCALE;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(from.x * SCALE, from.y * SCALE);
    context.lineTo(to.x * SCALE + 0.01, to.y * SCALE);
    context.stroke();
    this.redraw();
    this.changed(this.pixels());
  }

  /// Each pixel of the image is the mean of what it covers here.
  pixels() {
    const data = this.inkContext.getImageData(0, 0, SIDE * SCALE, SIDE * SCALE).data;
    const sums = new Float32Array(SIZE);
    for (let y = 0; y < SIDE * SCALE; y++) {
      for (let x = 0; x < SIDE * SCALE; x++) {
        sums[Math.floor(y / SCALE) * SIDE + Math.floor(x / SCALE)] += 255 - data[4 * (y * SIDE * SCALE + x)];
      }
    }
    return Uint8Array.from(sums, (sum) => Math.round(sum / (SCALE * SCALE)));
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) {
      const clamp = (value) => Math.min(SIDE - 2, Math.max(2, value));
      const next = { x: clamp(this.cursor.x + step[0]), y: clamp(this.cursor.y + step[1]) };
      if (this.isDown) this.stroke(this.cursor, next);
      this.cursor = next;
    } else if (event.key === " ") {
      this.isDown = !this.isDown;
      if (this.isDown && !this.isOwn) this.clear();
      if (this.isDown) this.stroke(this.cursor, this.cursor);
      this.say(this.isDown ? "Pen down" : "Pen lifted");
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.clear();
      this.changed(this.pixels());
      this.say("Cleared");
    } else {
      return;
    }
    event.preventDefault();
    this.redraw();
    this.showCursor();
  }

  showCursor() {
    if (!this.canvas.matches(":focus-visible")) return;
    this.context.strokeStyle = this.isDown ? "#b91c1c" : "#1d4ed8";
    this.context.lineWidth = 3;
    this.context.strokeRect((this.cursor.x - 1.2) * SCALE, (this.cursor.y - 1.2) * SCALE, 2.4 * SCALE, 2.4 * SCALE);
  }
}
