// Keeps an open page of the helpdesk up to date, saves drafts, and knows a few keys. Without it everything works by forms.
const EVERY = 1000; // ms between two questions, so that what is new stands here within two seconds
const UNSEEN_EVERY = 10000; // in a tab nobody looks at
const LOOKS_EVERY = 5000;
const READ_AFTER = 1000; // what has stood before somebody for so long counts as seen
const PAUSE = 600; // of typing, after which the draft is saved
const KEYS = "help-keys";

const page = document.querySelector("[data-help]").dataset;
const lost = document.querySelector("[data-lost]");
const form = document.querySelector("[data-answer]");
const text = document.getElementById("text");
const keys = document.getElementById("keys");
const title = document.title;
let mark = page.mark;

const token = () => document.querySelector('input[name="csrf_token"]').value;
const is_seen = () => document.visibilityState === "visible";

const send = (address, fields) => {
  const body = new FormData();
  body.set("csrf_token", token());
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return fetch(address, { method: "POST", body });
};

// ---- What is new ----

const tell = (words) => {
  lost.hidden = !words;
  if (lost.textContent !== words) lost.textContent = words;
};

const merge = (now, fresh) => {
  const came = [];
  for (const entry of [...fresh.children]) {
    const old = document.getElementById(entry.id);
    if (!old) {
      now.append(entry);
      came.push(entry);
    } else if (old.dataset.mark !== entry.dataset.mark) {
      const had_focus = old === document.activeElement;
      old.replaceWith(entry);
      if (had_focus) entry.focus();
    }
  }
  if (came.length) meet();
};

const replace = (now, fresh) => {
  if (now.textContent === fresh.textContent) return;
  const focused = now.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  now.replaceWith(fresh);
  if (focused) [...fresh.querySelectorAll("a")].find((each) => each.getAttribute("href") === focused)?.focus();
};

const refresh = async () => {
  const answer = await fetch(page.partOf);
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const now of document.querySelectorAll("[data-part]")) {
    const its = fresh.querySelector(`[data-part="${now.dataset.part}"]`);
    if (its) (now.dataset.part === "talk" ? merge : replace)(now, its);
  }
  if (!is_seen()) document.title = `● ${title}`;
  return true;
};

const ask = async () => {
  try {
    const answer = await fetch(page.news);
    if (answer.status === 401) return tell("登入時間已經結束，這一頁不再更新。請重新登入。");
    if (answer.ok) {
      const now = (await answer.json()).mark;
      if (now === mark || (await refresh())) mark = now;
      tell("");
    }
  } catch {
    tell("連線中斷，正在重試；這一頁可能不是最新的。");
  }
  setTimeout(ask, is_seen() ? EVERY : UNSEEN_EVERY);
};

// ---- Being here: what stood before somebody is seen, and the others know ----

const look = () => {
  if (page.look && is_seen()) send(page.look, {}).catch(() => {});
};

const meet = () => {
  if (!is_seen()) return;
  look();
  setTimeout(() => {
    const entries = [...document.querySelectorAll("[data-entry]:not(.note)")];
    if (form && is_seen() && entries.length) form.elements.seen.value = entries.at(-1).dataset.entry;
  }, READ_AFTER);
};

document.addEventListener("visibilitychange", () => {
  if (!is_seen()) return;
  document.title = title;
  meet();
});

// ---- Drafts ----

const saved = document.querySelector("[data-saved]");
let waiting = null;
let kept = text?.value;

const save = async () => {
  waiting = null;
  const typed = text.value;
  try {
    const answer = await send(page.draft, { text: typed });
    if (answer.ok) kept = typed;
    saved.textContent = answer.ok ? saved.dataset.words : saved.dataset.failed;
    if (answer.ok) document.dispatchEvent(new Event("desk:used"));
  } catch {
    saved.textContent = saved.dataset.failed;
  }
  saved.hidden = false;
};

if (form) {
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    kept = text.value; // the form carries it: nothing is left to be saved
  });
  addEventListener("pagehide", () => {
    if (text.value === kept) return;
    const body = new FormData();
    body.set("csrf_token", token());
    body.set("text", text.value);
    navigator.sendBeacon(page.draft, body);
  });
}

// ---- Keys ----

const go = (things, step) => {
  const at = things.indexOf(document.activeElement.closest("[data-row], [data-entry]"));
  const next = at < 0 ? (step > 0 ? 0 : things.length - 1) : at + step;
  things[Math.min(Math.max(next, 0), things.length - 1)]?.focus();
};
const things = () => [...document.querySelectorAll("[data-row], [data-entry]")];
const search = () => {
  const field = document.getElementById("q");
  if (field) field.focus();
  else location.assign(new URL("../help#q", location.href));
};
const acts = {
  j: () => go(things(), 1),
  k: () => go(things(), -1),
  r: () => text?.focus(),
  n: () => document.getElementById("note")?.focus(),
  e: () => document.querySelector("[data-solve]")?.focus(),
  "/": search,
  "?": () => keys.showModal(),
};
const is_typing = (where) => where.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog");
const are_on = () => localStorage.getItem(KEYS) !== "off";

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target.matches("textarea")) event.target.blur();
  if (is_typing(event.target) || !are_on() || !Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  acts[event.key]();
});

const turned_on = document.querySelector("[data-keys-on]");
turned_on.checked = are_on();
turned_on.addEventListener("change", () => localStorage.setItem(KEYS, turned_on.checked ? "on" : "off"));
document.querySelector("[data-keys-open]").addEventListener("click", () => keys.showModal());
for (const each of document.querySelectorAll("[data-scripted]")) each.hidden = false;
if (location.hash === "#q") document.getElementById("q")?.focus();

setTimeout(ask, EVERY);
setInterval(look, LOOKS_EVERY);
