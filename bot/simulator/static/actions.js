// What happens when a button is pressed: some go to the bot, some stay on the phone.

import { act } from "/static/api.js";
import { byId, el, toast } from "/static/dom.js";

const WEB = new Set(["http:", "https:"]);

// Makes an element press an action, by mouse, by touch and by keyboard.
export function pressable(element, action, person) {
  if (!action?.type) return element;
  element.dataset.action = action.type;
  if (action.label) element.dataset.label = action.label;
  if (element.tagName !== "BUTTON") {
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    if (action.label) element.setAttribute("aria-label", action.label);
    element.addEventListener("keydown", (event) => { if (event.key === "Enter") element.click(); });
  }
  element.classList.add("pressable");
  element.addEventListener("click", (event) => { event.stopPropagation(); press(action, person); });
  return element;
}

export async function press(action, person) {
  if (action.type === "uri") return open(action.uri);
  if (action.type === "clipboard") return copy(action, person);
  if (action.type === "datetimepicker") return pick(action, person);
  if (action.type === "camera" || action.type === "cameraRoll") return byId("file").click();
  if (action.type === "location") return act(person, "location");
  if (action.inputOption === "openKeyboard") {
    byId("text").value = action.fillInText ?? "";
    byId("text").focus();
  }
  return act(person, "press", { action });
}

function open(uri) {
  let address;
  try { address = new URL(uri); } catch { return toast("這個連結不完整。"); }
  if (WEB.has(address.protocol)) return openInApp(address);
  if (address.protocol === "tel:") return say(`撥打 ${address.pathname}（模擬的手機不會真的撥出）`);
  return say(`在 LINE 裡開啟：${address.href}`);
}

// LINE opens a page in a sheet over the chat. The product's pages refuse to be framed, so here the sheet is a window
// of its own, as large as the phone and over it; what it shows stands above the chat until it is put away.
function openInApp(address) {
  const phone = byId("phone").getBoundingClientRect();
  const [left, top] = [window.screenX + phone.left, window.screenY + window.outerHeight - window.innerHeight + phone.top + 60];
  const size = `width=390,height=${Math.round(phone.height) - 80},left=${Math.round(left)},top=${Math.round(top)}`;
  window.open(address.href, "_blank", `popup,noopener,noreferrer,${size}`);
  const sheet = byId("in-app");
  const close = el("button", { type: "button", text: "✕", "aria-label": "收起網頁提示", on: { click: () => { sheet.hidden = true; } } });
  const words = el("span", {}, el("strong", { text: "網頁已在 LINE 的瀏覽器開啟" }), el("small", { text: `${address.host}${address.pathname}` }));
  sheet.replaceChildren(words, close);
  sheet.hidden = false;
}

function say(text) {
  byId("sheet-text").textContent = text;
  byId("sheet").showModal();
}

async function copy(action, person) {
  await act(person, "press", { action });
  await navigator.clipboard.writeText(action.clipboardText).catch(() => undefined);
  toast("已複製");
}

// Without an initial value a picker opens at the present, or at the nearest moment that may be picked.
function startOf({ mode, min, max }) {
  const now = document.documentElement.dataset.now;
  const present = { date: now.slice(0, 10), time: now.slice(11, 16) }[mode] ?? now.slice(0, 16);
  if (min && present < min) return min;
  return max && present > max ? max : present;
}

const INPUTS = { date: "date", time: "time", datetime: "datetime-local" };

function pick(action, person) {
  const dialog = byId("picker");
  const value = byId("picker-value");
  byId("picker-title").textContent = action.label ?? "選擇日期";
  value.type = INPUTS[action.mode] ?? "date";
  value.min = action.min ?? "";
  value.max = action.max ?? "";
  value.value = action.initial ?? startOf(action);
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue === "ok" && value.value) act(person, "press", { action, picked: value.value });
  };
  dialog.showModal();
}
