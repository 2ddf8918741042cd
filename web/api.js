// The JSON API. A token, where one is needed, stays in this tab.
import { $ } from "./dom.js";
import { t } from "./words.js";

const headers = () => {
  const token = sessionStorage.getItem("token");
  return token ? { Authorization: "Bearer " + token } : {};
};

async function answered(answer, path) {
  if (answer.status === 401) {
    $("ask").hidden = false;
    throw new Error(t("an access token is needed"));
  }
  if (!answer.ok) {
    const body = await answer.json().catch(() => ({}));
    throw new Error(body.error || `${path}: HTTP ${answer.status}`);
  }
  $("ask").hidden = true;
  return answer.status === 204 ? null : answer.json();
}

export async function get(path) {
  return answered(await fetch(path, { headers: headers() }), path);
}

export async function write(method, path, body) {
  const own = { ...headers(), "Content-Type": "application/json" };
  return answered(await fetch(path, { method, headers: own, body: body ? JSON.stringify(body) : undefined }), path);
}

// Calls `changed` once it follows, and whenever something in the store has changed. An EventSource can send no token, so the events are read here.
export async function follow(changed) {
  const answer = await fetch("api/v1/stream", { headers: headers() });
  if (!answer.ok) throw new Error(`stream: HTTP ${answer.status}`);
  changed();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    if (events.some((event) => event.includes("event: "))) changed();
  }
}
