// Builds elements. Text only ever becomes text: nothing here, and nothing that uses it, parses markup.

export function el(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  const { text, className, data, on, style, ...attributes } = options;
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(data ?? {})) made.dataset[name] = value;
  for (const [name, listener] of Object.entries(on ?? {})) made.addEventListener(name, listener);
  for (const [name, value] of Object.entries(style ?? {})) if (value !== undefined) made.style[name] = value;
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  made.append(...children.filter(Boolean));
  return made;
}

export const byId = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  plus: "M12 4v16M4 12h16",
  close: "M5 5l14 14M19 5L5 19",
  away: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  send: "M4 4l17 8-17 8 3-8z",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M7 14h10",
  menu: "M4 7h16M4 12h16M4 17h16",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  pin: "M12 21s-6-6-6-11a6 6 0 1 1 12 0c0 5-6 11-6 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
};

export function icon(name) {
  const made = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  made.append(path);
  return made;
}

// A person's round picture: the first character of the name on a colour that belongs to the name.
export function avatar(name) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  return el("span", { className: "avatar", text: [...name][0] ?? "", "aria-hidden": "true", style: { backgroundColor: `hsl(${hue} 42% 52%)` } });
}

export function toast(text) {
  const held = byId("toast");
  held.textContent = text;
  held.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { held.hidden = true; }, 2600);
}
