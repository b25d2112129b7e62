// The images side by side, with what the reader says of each.

import { DIGITS, digitName, fromBase64, paint, paintDifference, percent } from "./pixels.js";

const TITLES = { "report-final": "The report's model" };
const UNDONE = {
  "up-down-flip": "flipped up and down", "left-right-flip": "flipped left and right", "rotation-90": "turned by 90°",
  "rotation-180": "turned by 180°", "rotation-270": "turned by 270°", "transposition": "transposed",
  "antitransposition": "transposed the other way",
};

function element(name, text, ...classes) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.classList.add(...classes);
  return made;
}

class Card {
  constructor(title, classes, hasDifference) {
    this.root = element("article", "", "card");
    this.canvas = element("canvas");
    this.canvas.setAttribute("role", "img");
    this.title = title;
    this.read = element("p", "", "read");
    this.undone = element("p", "", "undone");
    this.bars = element("ol", "", "bars");
    this.rows = classes.map((name) => {
      const row = element("li");
      const digit = element("span", DIGITS[Number(name)] ?? name);
      if (DIGITS[Number(name)]) digit.lang = "kn";
      const track = element("span", "", "track");
      const fill = element("span", "", "fill");
      fill.style.display = "block";
      const number = element("span", "", "number");
      track.append(fill);
      row.append(digit, track, number);
      this.bars.append(row);
      return { fill, number };
    });
    this.bars.setAttribute("aria-label", `How probable each digit is: ${title}`);
    this.root.append(element("h3", title), this.canvas, this.read, this.undone, this.bars);
    if (hasDifference) {
      this.difference = element("canvas", "", "difference");
      this.difference.setAttribute("role", "img");
      this.root.append(this.difference);
    }
  }

  show(picture, clean) {
    const pixels = fromBase64(picture.image);
    paint(this.canvas, pixels);
    const label = picture.probabilities.indexOf(Math.max(...picture.probabilities));
    this.canvas.setAttribute("aria-label", `${this.title}, read as ${label}`);
    const glyph = digitName(label);
    glyph.classList.add("glyph");
    this.read.replaceChildren(glyph, percent(picture.probabilities[label]));
    this.rows.forEach((row, number) => {
      row.fill.style.width = `${100 * picture.probabilities[number]}%`;
      row.number.textContent = percent(picture.probabilities[number]);
    });
    this.undone.textContent = Card.undone(picture);
    if (this.difference) {
      paintDifference(this.difference, pixels, clean);
      const mean = pixels.reduce((sum, value, place) => sum + Math.abs(value - clean[place]), 0) / pixels.length / 255;
      this.difference.setAttribute("aria-label", `${this.title}: ${percent(mean)} of the ink differs from the clean digit`);
    }
    return label;
  }

  static undone(picture) {
    if (picture.done) return picture.done.length ? `Done: ${picture.done.join(", ")}.` : "Nothing was done to it.";
    if (!picture.model) return "";
    if (picture.undone === undefined) return "Redrew the image; does not say what was wrong with it.";
    if (!picture.is_changed) return "Left as it is: nothing to correct.";
    const damage = { occluded: "partly covered", degraded: "noisy or unevenly lit", none: "" }[picture.damage] ?? "";
    const found = [UNDONE[picture.undone] ?? "", damage].filter(Boolean).join(", ") || "slightly damaged";
    return `Found it ${found}; ${percent(picture.probability)} sure which way it lies.`;
  }
}

export class Cards {
  /// `strip`: where small copies stay in sight on a phone.
  constructor(root, strip) { this.root = root; this.strip = strip; this.cards = new Map(); }

  /// Shows an answer of /compare, and tells it in a sentence.
  show(answer) {
    const clean = fromBase64(answer.clean.image);
    const pictures = [["Clean", answer.clean], ["Damaged", { ...answer.distorted, done: answer.distortions.map((one) => one.distortion.replaceAll("-", " ")) }],
      ...answer.restored.map((one) => [TITLES[one.model] ?? one.model, one])];
    const labels = pictures.map(([title, picture]) => {
      if (!this.cards.has(title)) {
        const card = new Card(title, answer.classes, Boolean(picture.model));
        this.cards.set(title, card);
        this.root.append(card.root);
      }
      return `${title}: read as ${this.cards.get(title).show(picture, clean)}`;
    });
    this.showSmall(pictures);
    return labels.join(". ") + ".";
  }

  showSmall(pictures) {
    while (this.strip.children.length < pictures.length) {
      const figure = element("figure");
      figure.append(element("canvas"), element("figcaption"));
      this.strip.append(figure);
    }
    pictures.forEach(([, picture], number) => {
      const [canvas, caption] = this.strip.children[number].children;
      paint(canvas, fromBase64(picture.image));
      caption.replaceChildren(digitName(picture.probabilities.indexOf(Math.max(...picture.probabilities))));
    });
  }
}
