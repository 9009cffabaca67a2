// What happens when a button is pressed: some go to the bot, some stay on the phone.

import { act } from "/static/api.js";
import { byId, toast } from "/static/dom.js";
import { browse, isNear } from "/static/browser.js";

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
  if (action.type === "uri") return open(action);
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

function open({ uri, label }) {
  let address;
  try { address = new URL(uri); } catch { return toast("這個連結不完整。"); }
  const isDesktop = byId("phone").classList.contains("desktop");
  if (WEB.has(address.protocol)) return isNear(address) && !isDesktop ? browse(address, label) : window.open(address.href, "_blank", "noopener,noreferrer");
  if (address.protocol === "tel:") return say(`撥打 ${address.pathname}（模擬的手機不會真的撥出）`);
  return say(`在 LINE 裡開啟：${address.href}`);
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
