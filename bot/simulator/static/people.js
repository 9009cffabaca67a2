// The people whose phones these are, with what they saw last and how much is new.

import { avatar, byId, el } from "/static/dom.js";

const seen = new Map(); // person -> how many messages of the bot were on the screen

export function drawPeople(state, person, choose) {
  const chosen = state.people.find((each) => each.id === person);
  if (chosen) seen.set(person, chosen.received);
  byId("people").replaceChildren(...state.people.map((each) => item(each, each.id === person, choose)));
}

function item(each, isChosen, choose) {
  const fresh = each.received - (seen.get(each.id) ?? 0);
  const button = el("button", { type: "button", className: "person", data: { person: each.id }, "aria-current": isChosen ? "true" : undefined, on: { click: () => choose(each.id) } },
    avatar(each.name),
    el("span", { className: "who" }, el("strong", { text: each.name }), el("span", { className: "last", text: last(each) })),
    el("span", { className: "aside" }, el("time", { text: each.lastAt.slice(11, 16) }), fresh > 0 && el("span", { className: "fresh", text: String(fresh), "aria-label": `${fresh} 則新訊息` })));
  return el("li", {}, button);
}

function last(each) {
  if (each.friendship === "blocked") return "已封鎖";
  if (each.friendship === "none") return "尚未加入好友";
  return each.last;
}
