// Talks to the simulator. Every refusal becomes a sentence the person sees.

import { toast } from "/static/dom.js";

export async function fetchState(person, version) {
  const query = new URLSearchParams({ person, version });
  const answer = await fetch(`/phone/state?${query}`, { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

async function told(answer) {
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) toast(body.message ?? "沒有成功，請再試一次。");
  return answer.ok ? body : null;
}

export async function send(path, body, method = "POST") {
  const headers = { "Content-Type": "application/json" };
  return told(await fetch(path, { method, headers, body: JSON.stringify(body) }));
}

export const act = (person, name, more = {}) => send("/phone/act", { person, act: name, ...more });

export async function upload(person, file) {
  const query = new URLSearchParams({ person, name: file.name });
  const headers = { "Content-Type": file.type.startsWith("text/") || !file.type ? "application/octet-stream" : file.type };
  return told(await fetch(`/phone/upload?${query}`, { method: "POST", headers, body: file }));
}
