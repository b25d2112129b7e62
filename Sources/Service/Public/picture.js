// A picture of one's own: a photograph or a scan, with a box around each digit that was found.

import { ask } from "./service.js";
import { DIGITS, fromBase64, paint, percent } from "./pixels.js";

const LONGEST = 1200;

export class Picture {
  /// `chosen` is called with the image of a digit to go on with.
  constructor(root, chosen) {
    this.root = root;
    this.chosen = chosen;
    this.canvas = root.querySelector("#picture-canvas");
    this.text = root.querySelector("#picture-text");
    this.digits = root.querySelector("#picture-digits");
  }

  async open(file) {
    this.root.hidden = false;
    this.text.textContent = "Reading …";
    this.digits.replaceChildren();
    const [answer] = await Promise.all([
      ask("read?crops=true", { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } }),
      this.draw(file),
    ]);
    const page = answer.pages[0];
    this.mark(page);
    this.text.textContent = page.digits.length === 0 ? "No digit was found."
      : `${page.digits.length} digit${page.digits.length === 1 ? "" : "s"} found. Choose one to damage and correct it.`;
    page.digits.forEach((digit, number) => this.offer(digit, answer.crops[0][number]));
    if (page.digits.length > 0) this.chosen(fromBase64(answer.crops[0][0]));
    this.root.scrollIntoView({ block: "nearest" });
  }

  /// Pictures that the browser cannot show (TIFF) are read all the same.
  async draw(file) {
    this.canvas.hidden = true;
    let image;
    try { image = await createImageBitmap(file); } catch { return; }
    this.canvas.hidden = false;
    this.scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    this.canvas.width = Math.max(1, Math.round(image.width * this.scale));
    this.canvas.height = Math.max(1, Math.round(image.height * this.scale));
    this.canvas.getContext("2d").drawImage(image, 0, 0, this.canvas.width, this.canvas.height);
    image.close();
  }

  mark(page) {
    if (this.canvas.hidden) return;
    const context = this.canvas.getContext("2d");
    for (const digit of page.digits) {
      const [x, y, width, height] = [digit.left, digit.top, digit.width, digit.height].map((one) => one * this.scale);
      const isSure = digit.probability >= 0.7;
      context.strokeStyle = context.fillStyle = isSure ? "#166534" : "#b91c1c";
      context.lineWidth = 2;
      context.strokeRect(x - 2, y - 2, width + 4, height + 4);
      context.font = `bold ${Math.max(11, height * 0.45)}px system-ui, "Lohit Kannada", sans-serif`;
      context.fillText((DIGITS[Number(digit.digit)] ?? digit.digit) + (isSure ? "" : "?"), x - 1, y - 5);
    }
  }

  offer(digit, crop) {
    const button = document.createElement("button");
    button.type = "button";
    const canvas = document.createElement("canvas");
    const pixels = fromBase64(crop);
    paint(canvas, pixels);
    button.append(canvas, percent(digit.probability));
    button.setAttribute("aria-label", `${digit.digit}, ${percent(digit.probability)} sure`);
    button.addEventListener("click", () => this.chosen(pixels));
    this.digits.append(button);
  }
}
