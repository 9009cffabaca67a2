// The controls beside the phone: clock, faults, webhooks, mailbox.

import { send } from "/static/api.js";
import { byId, el } from "/static/dom.js";

const DAYS = ["日", "一", "二", "三", "四", "五", "六"];

export function preparePanel(refresh) {
  const clock = (body) => send("/clock", body).then(refresh);
  byId("clock-hour").addEventListener("click", () => clock({ forward: 3600 }));
  byId("clock-day").addEventListener("click", () => clock({ forward: 86400 }));
  byId("clock-morning").addEventListener("click", () => clock({ to: "08:30" }));
  byId("clock-set").addEventListener("submit", (event) => { event.preventDefault(); clock({ at: byId("clock-at").value }); });
  byId("fault").addEventListener("submit", (event) => { event.preventDefault(); send("/phone/faults", fault()).then(refresh); });
  byId("fault-clear").addEventListener("click", () => send("/phone/faults", {}, "DELETE").then(refresh));
  for (const id of ["redelivery", "twice", "standby"]) byId(id).addEventListener("change", () => send("/phone/webhooks", webhooks()).then(refresh));
}

function fault() {
  const times = byId("fault-times").value;
  return { endpoint: byId("fault-endpoint").value, kind: byId("fault-kind").value, times: times ? Number(times) : null };
}

const webhooks = () => Object.fromEntries(["redelivery", "twice", "standby"].map((id) => [id, byId(id).checked]));

export function drawClock({ taipei }) {
  const [date, time] = taipei.split("T");
  const [year, month, day] = date.split("-");
  const weekday = DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  byId("clock-time").textContent = time;
  byId("clock-roc").textContent = `${Number(year) - 1911}/${month}/${day}（${weekday}）`;
  byId("clock-iso").textContent = date;
  document.documentElement.dataset.now = taipei;
  byId("status-time").textContent = time.slice(0, 5);
  if (!byId("clock-at").value) byId("clock-at").value = taipei.slice(0, 16);
}

export function drawSwitches({ switches, mails }) {
  options(byId("fault-endpoint"), switches.endpoints.map(({ endpoint, label }) => [endpoint, label]));
  options(byId("fault-kind"), switches.kinds.map(({ kind, label }) => [kind, label]));
  const rows = switches.faults.map((each) => el("li", { text: `${each.label}（${each.times ? `還有 ${each.times} 次` : "直到清除"}）`, data: { fault: each.kind } }));
  byId("faults").replaceChildren(...rows);
  for (const id of ["redelivery", "twice", "standby"]) byId(id).checked = switches[id];
  byId("webhook-failures").textContent = switches.failedWebhooks ? `沒送達的 webhook：${switches.failedWebhooks}` : "";
  byId("mail-count").textContent = `${mails} 封`;
}

function options(select, pairs) {
  if (select.childElementCount === pairs.length) return;
  select.replaceChildren(...pairs.map(([value, text]) => el("option", { value, text })));
}
