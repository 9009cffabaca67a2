// Draws one chat: bubbles with tail, time and read mark, days between them, dots while the bot is at work.

import { act } from "/static/api.js";
import { pressable } from "/static/actions.js";
import { avatar, byId, el, icon } from "/static/dom.js";
import { fitLabels, flex } from "/static/flex.js";
import { asFlex } from "/static/template.js";

const LINK = /(https?:\/\/[^\s<>「」（）]+)/;
const DAYS = ["日", "一", "二", "三", "四", "五", "六"];
const drawn = new Map(); // number of a message -> its key and its element, so that what is on the screen stays
let shownPerson = "";
let topBefore = 0;
let isAtEnd = true; // whether the newest message is in view: then it stays so when something comes or the menu opens

export function prepareChat() {
  const chat = byId("chat");
  chat.addEventListener("scroll", () => {
    // Only who scrolls up leaves the end: a chat that became lower, while another window was in front, did not.
    if (chat.scrollHeight - chat.scrollTop - chat.clientHeight < 60) isAtEnd = true;
    else if (chat.scrollTop < topBefore) isAtEnd = false;
    topBefore = chat.scrollTop;
  });
  new ResizeObserver(() => { fitLabels(chat); if (isAtEnd) chat.scrollTop = chat.scrollHeight; }).observe(chat);
}

export function drawChat(state, person) {
  const chat = byId("chat");
  if (shownPerson !== person) { drawn.clear(); chat.replaceChildren(); shownPerson = person; isAtEnd = true; }
  const follows = isAtEnd;
  const wanted = rows(state, person);
  wanted.forEach((row, place) => { if (chat.children[place] !== row) chat.insertBefore(row, chat.children[place] ?? null); });
  while (chat.childElementCount > wanted.length) chat.lastElementChild.remove();
  fitLabels(chat);
  if (follows) chat.scrollTop = chat.scrollHeight;
}

function rows(state, person) {
  const list = [];
  let day = "";
  state.chat.forEach((message, place) => {
    const today = message.at.slice(0, 10);
    if (today !== day) list.push(kept(`day-${today}`, today, () => dayMark(today)));
    const before = state.chat[place - 1];
    const isFirst = today !== day || !before || side(before) !== side(message) || before.json.sender?.name !== message.json.sender?.name;
    const key = JSON.stringify([message.json, message.isRead, isFirst]);
    list.push(kept(message.number, key, () => row(message, isFirst, state.bot, person)));
    day = today;
  });
  if (state.loading) list.push(kept("loading", "", () => loading(state.bot)));
  return list;
}

function kept(number, key, draw) {
  const held = drawn.get(number);
  if (held?.key === key) return held.element;
  const element = draw();
  drawn.set(number, { key, element });
  return element;
}

const side = (message) => (message.kind === "phone" ? "me" : "bot");

function dayMark(day) {
  const [year, month, date] = day.split("-").map(Number);
  const weekday = DAYS[new Date(Date.UTC(year, month - 1, date)).getUTCDay()];
  return el("div", { className: "day" }, el("span", { text: `${month}月${date}日（${weekday}）` }));
}

function time(at) {
  const [hour, minute] = at.slice(11, 16).split(":").map(Number);
  return `${hour < 12 ? "上午" : "下午"}${hour % 12 || 12}:${String(minute).padStart(2, "0")}`;
}

function row(message, isFirst, bot, person) {
  const data = { message: message.id, messageKind: message.json.type, way: message.kind };
  if (message.json.type === "unsent") return el("div", { className: "day", data }, el("span", { text: "您已收回訊息" }));
  const isMine = side(message) === "me";
  const made = el("div", { className: `row ${isMine ? "me" : "bot"} ${isFirst ? "first" : ""}`, data });
  if (!isMine) made.append(botFace(isFirst, message.json.sender?.name, bot));
  const column = el("div", { className: "column" });
  if (!isMine && isFirst) column.append(el("div", { className: "name", text: senderName(message.json, bot) }));
  const line = el("div", { className: "line" }, content(message, person), meta(message, isMine, person));
  column.append(line);
  made.append(column);
  return made;
}

function senderName(json, bot) {
  return json.sender?.name ? `${json.sender.name} from ${bot}` : bot;
}

function botFace(isFirst, sender, bot) {
  if (!isFirst) return el("span", { className: "avatar gap", "aria-hidden": "true" });
  return sender ? avatar(sender) : el("span", { className: "avatar official", text: [...bot][0], "aria-hidden": "true" });
}

function meta(message, isMine, person) {
  const made = el("div", { className: "meta" });
  if (isMine) {
    const take = el("button", { type: "button", className: "unsend", text: "收回", "aria-label": "收回這則訊息" });
    take.addEventListener("click", () => act(person, "unsend", { message: message.id }));
    made.append(take);
  }
  if (isMine && message.isRead) made.append(el("span", { className: "read", text: "已讀" }));
  made.append(el("time", { text: time(message.at), datetime: message.at }));
  return made;
}

const SENT = { video: "影片", audio: "語音訊息" };

function content(message, person) {
  const { json } = message;
  switch (json.type) {
    case "text": return bubble(linked(json.text));
    case "textV2": return bubble(linked(json.text.replaceAll("{{", "{").replaceAll("}}", "}")));
    case "flex": return flex(json.contents, person);
    case "template": return flex(asFlex(json.template), person);
    case "image": return picture(message);
    case "file": return bubble([el("span", { className: "file" }, icon("file"), el("span", { text: json.fileName }), el("small", { text: `${Math.ceil(json.fileSize / 1024)} KB` }))]);
    case "location": return pressable(bubble([el("span", { className: "file" }, icon("pin"), el("span", { text: json.title ?? json.address }))]), null, person);
    case "sticker": return el("div", { className: "sticker", role: "img", "aria-label": "貼圖", text: "貼圖" });
    default: return bubble([el("span", { text: `［${SENT[json.type] ?? json.type}］` })]);
  }
}

const bubble = (children) => el("div", { className: "bubble" }, ...children);

function linked(text) {
  return text.split(LINK).filter(Boolean).map((piece) => (LINK.test(piece)
    ? el("a", { href: piece, target: "_blank", rel: "noopener noreferrer", text: piece })
    : el("span", { text: piece })));
}

function picture(message) {
  if (message.kind !== "phone") return el("div", { className: "photo missing", role: "img", "aria-label": "圖片" }, icon("picture"));
  return el("img", { className: "photo", src: `/phone/content/${message.id}`, alt: "傳送的圖片" });
}

function loading(bot) {
  const dots = el("div", { className: "bubble dots", role: "status", "aria-label": "對方正在輸入" }, el("i"), el("i"), el("i"));
  return el("div", { className: "row bot first", data: { loading: "" } }, botFace(true, "", bot), el("div", { className: "column" }, el("div", { className: "line" }, dots)));
}
