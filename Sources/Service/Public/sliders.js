// A slider or a switch for each distortion of the generator.

import { ask } from "./service.js";

const GROUPS = {
  "Which way it lies": ["up-down-flip", "left-right-flip", "rotation"],
  "Noise and light": ["gaussian-noise", "brightness-gradient", "salt-and-pepper", "impulse-noise", "speckle", "contrast",
    "tone-curve"],
  "Covered": ["occlusion", "lines", "stripes"],
  "Blurred": ["blur", "motion-blur"],
};
const OTHERS = "Another form";

const title = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("-", " ");
const group = (name) => Object.keys(GROUPS).find((key) => GROUPS[key].includes(name)) ?? OTHERS;

export class Sliders {
  /// `changed` is called with a distortion's name and severity.
  constructor(root, changed) { this.root = root; this.changed = changed; this.inputs = new Map(); }

  async load() {
    const { distortions } = await ask("distortions");
    this.names = distortions.map((one) => one.name);
    const fields = new Map([...Object.keys(GROUPS), OTHERS].map((name) => {
      const field = document.createElement("fieldset");
      const legend = document.createElement("legend");
      legend.textContent = name;
      field.append(legend);
      return [name, field];
    }));
    for (const one of distortions) fields.get(group(one.name)).append(this.row(one));
    this.root.replaceChildren(...fields.values());
  }

  row(one) {
    const row = document.createElement("div");
    row.className = "slider";
    const label = document.createElement("label");
    label.textContent = title(one.name);
    const input = document.createElement("input");
    input.id = label.htmlFor = `d-${one.name}`;
    const output = document.createElement("output");
    output.htmlFor = input.id;
    if (one.has_severity) {
      const isTurn = one.name === "rotation";
      Object.assign(input, { type: "range", min: 0, max: isTurn ? 3 : 100, step: 1, value: 0 });
    } else {
      input.type = "checkbox";
    }
    input.addEventListener("input", () => {
      this.tell(one.name);
      this.changed(one.name, this.severity(one.name));
    });
    this.inputs.set(one.name, { input, output });
    row.append(label, input, output);
    this.tell(one.name);
    return row;
  }

  severity(name) {
    const { input } = this.inputs.get(name);
    return input.type === "checkbox" ? Number(input.checked) : Number(input.value) / Number(input.max);
  }

  set(severities) {
    for (const [name, { input }] of this.inputs) {
      const value = severities.get(name) ?? 0;
      if (input.type === "checkbox") input.checked = value > 0;
      else input.value = Math.round(value * Number(input.max));
      this.tell(name);
    }
  }

  tell(name) {
    const { input, output } = this.inputs.get(name);
    if (input.type === "checkbox") { output.textContent = input.checked ? "on" : ""; return; }
    const text = name === "rotation" ? `${90 * Number(input.value)}°` : `${input.value} %`;
    output.textContent = Number(input.value) ? text : "";
    input.setAttribute("aria-valuetext", Number(input.value) ? text : "off");
  }
}
