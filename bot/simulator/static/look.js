// How the phone shows everything: the size of its text, and light or dark, as the person set them.

import { byId } from "/static/dom.js";
import { fitLabels } from "/static/flex.js";

export function prepareLook(given) {
  const size = byId("text-size");
  const dark = byId("dark");
  if ([...size.options].some((each) => each.value === given.get("size"))) size.value = given.get("size");
  dark.checked = given.get("dark") === "1";
  size.addEventListener("change", look);
  dark.addEventListener("change", look);
  look();
}

function look() {
  const phone = byId("phone");
  phone.style.setProperty("--text-scale", byId("text-size").value);
  phone.classList.toggle("dark", byId("dark").checked);
  fitLabels(phone);
}
