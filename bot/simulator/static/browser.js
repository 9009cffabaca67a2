// LINE's own browser: a page opens in a sheet over the chat, with where it is from, and a cross that closes it.

import { byId, el, icon } from "/static/dom.js";

let opener = null; // what was pressed: whoever closes the sheet is back there

// Only pages of this machine come into the sheet; any other opens in a window of its own, as a phone's browser would.
export const isNear = (address) => address.hostname === location.hostname;

export function browse(address, label) {
  const sheet = byId("browser");
  opener = document.activeElement;
  byId("browser-title").textContent = label ?? address.host;
  byId("browser-address").textContent = `${address.host}${address.pathname}`;
  byId("browser-page").replaceChildren(el("iframe", { src: address.href, title: label ?? address.host, referrerpolicy: "no-referrer" }));
  byId("browser-away").onclick = () => { window.open(address.href, "_blank", "noopener,noreferrer"); close(); };
  sheet.hidden = false;
  behind(sheet, true);
  byId("browser-close").focus();
}

function close() {
  const sheet = byId("browser");
  sheet.hidden = true;
  byId("browser-page").replaceChildren();
  behind(sheet, false);
  (opener?.isConnected ? opener : byId("chat")).focus({ preventScroll: true }); // the newest message stays in view
}

// What lies behind the sheet is out of reach while it is open, for fingers, keyboards and screen readers.
function behind(sheet, isOpen) {
  for (const each of sheet.parentElement.children) if (each !== sheet) each.inert = isOpen;
}

export function prepareBrowser() {
  byId("browser-close").append(icon("close"));
  byId("browser-away").append(icon("away"));
  byId("browser-close").addEventListener("click", close);
  byId("browser").addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  addEventListener("message", ({ origin, data }) => { if (origin === location.origin && data === "back-to-chat") close(); });
}
