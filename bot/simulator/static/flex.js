// Draws LINE's Flex Messages with elements: bubbles and carousels of boxes, texts, buttons and the rest.

import { pressable } from "/static/actions.js";
import { el, icon } from "/static/dom.js";
import { BUBBLES, boxStyle, colour, imageWidth, placeIn, space, textStyle } from "/static/flexstyle.js";

export function flex(contents, person) {
  if (contents?.type === "carousel") return carousel(contents, person);
  return el("div", { className: "flex-single" }, bubble(contents ?? {}, person));
}

function carousel(contents, person) {
  const row = el("div", { className: "carousel", tabindex: "0", role: "group", "aria-label": `${contents.contents.length} 張卡片，可左右滑動` });
  row.append(...contents.contents.map((each) => bubble(each, person)));
  row.addEventListener("pointerdown", (event) => { if (event.pointerType === "mouse") swipe(row, event.clientX); });
  return row;
}

// Lets a mouse swipe as a finger does; a press that moved is no click.
function swipe(row, from) {
  const start = row.scrollLeft;
  const watch = new AbortController();
  const { signal } = watch;
  let hasMoved = false;
  addEventListener("pointermove", (event) => {
    hasMoved ||= Math.abs(event.clientX - from) > 5;
    row.classList.toggle("swiping", hasMoved);
    if (hasMoved) row.scrollLeft = start - (event.clientX - from);
  }, { signal });
  row.addEventListener("click", (event) => { if (hasMoved) event.stopPropagation(); }, { signal, capture: true });
  addEventListener("pointerup", () => { row.classList.remove("swiping"); setTimeout(() => watch.abort()); }, { signal });
}

function bubble(contents, person) {
  const size = contents.size in BUBBLES ? contents.size : "mega";
  const made = el("div", { className: `f-bubble f-${size}`, data: { flexBubble: "" }, style: { width: `${BUBBLES[size]}px` } });
  for (const part of ["header", "hero", "body", "footer"]) {
    if (contents[part]) made.append(block(part, contents, person));
  }
  return pressable(made, contents.action, person);
}

function block(part, contents, person) {
  const drawn = component(contents[part], person, { layout: "vertical" }, true);
  const made = el("div", { className: `f-block f-${part}` }, drawn);
  const look = contents.styles?.[part] ?? {};
  if (colour(look.backgroundColor)) made.style.backgroundColor = look.backgroundColor;
  if (look.separator) made.style.borderTop = `1px solid ${colour(look.separatorColor) ?? "#d4d6da"}`;
  return made;
}

const KINDS = { box, text, button, separator, image: picture, icon: picture, video: picture, filler: plain, spacer: plain, span };

function component(given, person, parent, isFirst) {
  const made = (KINDS[given.type] ?? plain)(given, person);
  placeIn(made, given, parent, isFirst);
  return given.type === "button" ? made : pressable(made, given.action, person);
}

function box(given, person) {
  const made = el("div", { className: "f-box" });
  boxStyle(made, given);
  made.append(...(given.contents ?? []).map((each, place) => component(each, person, given, place === 0)));
  return made;
}

function text(given) {
  const made = el("div", { className: "f-text" });
  if (given.contents?.length) made.append(...given.contents.map(span));
  else made.textContent = given.text ?? "";
  textStyle(made, given);
  if (given.align) made.style.textAlign = given.align;
  if (given.wrap) made.classList.add("f-wrap");
  if (given.wrap && given.maxLines) { made.classList.add("f-lines"); made.style.webkitLineClamp = given.maxLines; }
  if (given.lineSpacing) made.style.lineHeight = `calc(1.4em + ${space(given.lineSpacing) ?? "0px"})`;
  return made;
}

function span(given) {
  const made = el("span", { text: given.text ?? "" });
  textStyle(made, given);
  return made;
}

function button(given, person) {
  const look = ["primary", "secondary"].includes(given.style) ? given.style : "link";
  const height = given.height === "sm" ? "sm" : "md";
  const made = el("button", { type: "button", className: `f-button f-${look} f-button-${height}` }, el("span", { text: given.action?.label ?? "" }));
  const tint = colour(given.color);
  if (tint) made.style[look === "link" ? "color" : "backgroundColor"] = tint;
  if (given.scaling) made.classList.add("f-scaling");
  if (given.adjustMode === "shrink-to-fit") made.dataset.fits = "";
  return pressable(made, given.action, person);
}

function separator(given) {
  return el("div", { className: "f-separator", role: "separator", style: { backgroundColor: colour(given.color) } });
}

// Pictures are on https addresses outside this machine, which the phone does not fetch: a place for each is drawn.
function picture(given) {
  const [wide, high] = (given.aspectRatio ?? "1:1").split(":").map(Number);
  const made = el("div", { className: `f-picture f-picture-${given.type}`, role: "img", "aria-label": "圖片" }, given.type === "icon" ? null : icon("picture"));
  if (given.type !== "icon") { made.style.width = imageWidth(given.size ?? "md"); made.style.aspectRatio = `${wide || 1} / ${high || 1}`; }
  return made;
}

function plain() {
  return el("div", { className: "f-filler" });
}

// Shrinks the labels that ask for it until they fit, as the phone does; it can be measured only once it is on the page.
export function fitLabels(within) {
  for (const button of within.querySelectorAll("[data-fits]")) {
    const label = button.firstElementChild;
    label.style.fontSize = "";
    const room = label.clientWidth;
    if (room && label.scrollWidth > room) label.style.fontSize = `${(room / label.scrollWidth) * 100 - 1}%`;
  }
}
