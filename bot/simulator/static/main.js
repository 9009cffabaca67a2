// The phone page: asks for the state a few times a second and draws what is new.

import { act, fetchState, send, upload } from "/static/api.js";
import { prepareBrowser } from "/static/browser.js";
import { drawChat, prepareChat } from "/static/chat.js";
import { byId, toast } from "/static/dom.js";
import { drawMenu, drawQuickReplies, prepareBar } from "/static/menu.js";
import { drawClock, drawSwitches, preparePanel } from "/static/panel.js";
import { drawPeople } from "/static/people.js";
import { drawBeside, showBeside } from "/static/beside.js";
import { prepareLook } from "/static/look.js";

const POLL = 400; // milliseconds
const given = new URLSearchParams(location.search);
const isAlone = given.has("alone"); // one phone and nothing else: it stands beside another
let person = given.get("person") ?? "";
let version = -1;
let state = null;

async function refresh() {
  const asked = person;
  const fresh = await fetchState(asked, version);
  if (asked !== person) return;
  drawClock(fresh.clock);
  const isNew = fresh.version !== version;
  const wasLoading = state?.loading;
  state = { ...state, ...fresh };
  version = fresh.version;
  if (isNew || wasLoading !== fresh.loading) draw();
}

function draw() {
  if (!state.people.some((each) => each.id === person) && state.people.length) return choose(state.people[0].id);
  const isDesktop = byId("desktop").checked;
  byId("phone").classList.toggle("desktop", isDesktop);
  byId("chat-title").textContent = state.bot;
  drawPeople(state, person, choose);
  if (!isAlone) drawBeside(state);
  drawFriendship();
  drawMenu(state, person, isDesktop);
  drawQuickReplies(state, person, isDesktop);
  drawChat(state, person);
  drawSwitches(state);
}

function drawFriendship() {
  const { friendship } = state.people.find((each) => each.id === person) ?? { friendship: "none" };
  const words = { none: ["加入好友", "還不是好友：加入後才收得到通知。"], friend: ["封鎖", ""], blocked: ["解除封鎖", "您已封鎖這個帳號，收不到它的訊息。"] };
  const [label, banner] = words[friendship];
  byId("friendship").hidden = !state.people.length;
  byId("friendship").textContent = label;
  byId("friendship").dataset.friendship = friendship;
  byId("banner").textContent = banner;
  byId("banner").hidden = !banner;
}

function choose(id) {
  person = id;
  version = -1;
  if (!isAlone) history.replaceState(null, "", `?person=${encodeURIComponent(id)}`);
  refreshSafely();
}

const refreshSafely = () => refresh().catch(() => toast("模擬平台沒有回應，請確認它還在執行。"));

function compose(event) {
  event.preventDefault();
  const text = byId("text").value;
  if (!person || !text.trim()) return;
  byId("text").value = "";
  act(person, "say", { text }).then(refreshSafely);
}

function prepare() {
  document.body.classList.toggle("alone", isAlone);
  byId("beside-person").addEventListener("change", showBeside);
  prepareBar();
  prepareBrowser();
  prepareChat();
  preparePanel(refreshSafely);
  prepareLook(given);
  byId("compose").addEventListener("submit", compose);
  byId("text").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) compose(event); });
  byId("attach").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", () => { for (const file of byId("file").files) upload(person, file).then(refreshSafely); byId("file").value = ""; });
  byId("friendship").addEventListener("click", () => act(person, byId("friendship").dataset.friendship === "friend" ? "block" : "follow").then(refreshSafely));
  byId("desktop").addEventListener("change", draw);
  byId("add-person").addEventListener("submit", async (event) => {
    event.preventDefault();
    const added = await send("/phone/people", { name: byId("person-name").value });
    if (added) { byId("person-name").value = ""; choose(added.id); }
  });
}

async function poll() {
  await refreshSafely();
  setTimeout(poll, POLL);
}

prepare();
poll();
