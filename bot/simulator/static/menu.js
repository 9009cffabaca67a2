// The bottom of the phone: quick replies, keyboard, rich menu.

import { pressable } from "/static/actions.js";
import { byId, el, icon } from "/static/dom.js";

const LABELS = { true: "顯示選單", false: "顯示鍵盤" };
let shownPerson = "";
let shownMenu = "";
let isOpen = false;
let isTyping = true;
let shownQuick = "";

export function prepareBar() {
  byId("attach").append(icon("plus"));
  byId("send").append(icon("send"));
  byId("menu-toggle").addEventListener("click", () => { isTyping = !isTyping; settle(); });
  byId("menu-bar").addEventListener("click", () => { isOpen = !isOpen; settle(); });
}

export function drawMenu(state, person, isDesktop) {
  const menu = isDesktop ? null : state.menu;
  if (shownPerson !== person || !shownMenu || !menu) {
    isOpen = Boolean(menu?.selected);
    isTyping = !menu || (shownPerson === person && byId("text").value !== "");
  }
  const key = menu ? `${person} ${menu.id}` : "";
  if (key !== shownMenu) replaceMenu(menu, person);
  shownPerson = person;
  shownMenu = key;
  settle();
}

// Another tab or another menu comes into the place of the one before: open as that one was, the keyboard's focus on it.
function replaceMenu(menu, person) {
  const held = byId("menu");
  const hadFocus = held.contains(document.activeElement);
  byId("menu-bar").replaceChildren(el("span", { text: menu?.chatBarText ?? "" }));
  held.replaceChildren(...(menu ? [areas(menu, person)] : []));
  if (hadFocus) held.querySelector('[data-action="richmenuswitch"], button')?.focus();
}

function settle() {
  const hasMenu = shownMenu !== "";
  byId("menu-toggle").hidden = !hasMenu;
  byId("menu-toggle").setAttribute("aria-label", LABELS[isTyping]);
  byId("menu-toggle").replaceChildren(icon(isTyping ? "menu" : "keyboard"));
  byId("typing").hidden = hasMenu && !isTyping;
  byId("menu-bar").hidden = !hasMenu || isTyping;
  byId("menu-bar").setAttribute("aria-expanded", String(isOpen));
  byId("menu").hidden = !hasMenu || isTyping || !isOpen;
}

function areas(menu, person) {
  const { width, height } = menu.size;
  const made = el("div", { className: "menu-picture", style: { aspectRatio: `${width} / ${height}` } });
  made.append(el("img", { src: `/phone/menu/${menu.id}`, alt: "" }));
  for (const { bounds, action } of menu.areas) {
    const place = { left: share(bounds.x, width), top: share(bounds.y, height), width: share(bounds.width, width), height: share(bounds.height, height) };
    const area = el("button", { type: "button", className: "menu-area", "aria-label": action.label ?? action.text ?? action.displayText ?? "選單", style: place });
    made.append(pressable(area, action, person));
  }
  return made;
}

const share = (part, whole) => `${(100 * part) / whole}%`;

// Only the last message's quick replies are shown, and they vanish with anything newer.
export function drawQuickReplies(state, person, isDesktop) {
  const last = state.chat.at(-1);
  const items = isDesktop || last?.kind === "phone" ? [] : last?.json.quickReply?.items ?? [];
  const key = items.length ? `${person} ${last.number}` : "";
  if (key === shownQuick) return;
  shownQuick = key;
  const buttons = items.map(({ action }) => pressable(el("button", { type: "button", className: "quick-reply", text: action.label }), action, person));
  byId("quick").replaceChildren(...buttons);
  byId("quick").hidden = !items.length;
  byId("quick").scrollLeft = 0;
}
