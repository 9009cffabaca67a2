// A second person's phone beside the first: the same page in a frame, with nothing but the phone.

import { byId, el } from "/static/dom.js";

export function drawBeside(state) {
  const choice = byId("beside-person");
  if (choice.childElementCount === state.people.length + 1) return;
  const chosen = choice.value;
  const nobody = el("option", { value: "", text: "不放" });
  choice.replaceChildren(nobody, ...state.people.map((each) => el("option", { value: each.id, text: each.name })));
  choice.value = chosen;
}

export function showBeside() {
  const choice = byId("beside-person");
  const name = choice.selectedOptions[0]?.textContent ?? "";
  const src = `/phone/?${new URLSearchParams({ person: choice.value, alone: "1" })}`;
  byId("beside").replaceChildren(...(choice.value ? [el("iframe", { src, title: `${name}的手機` }), el("p", { text: name })] : []));
  byId("beside").hidden = !choice.value;
}
