// Alerts with their evidence, why they were raised, and what people do about them.
import { get, write } from "./api.js";
import { ask, name_field } from "./dialog.js";
import { $, button, later, link, make, show } from "./dom.js";
import { state_text } from "./dyads.js";
import { t, when } from "./words.js";

const refresh_now = () => document.dispatchEvent(new Event("refresh"));
const arrow = (dyad) => (dyad || "").replace("->", " → ");

function evidence(data) {
  return (data.evidence || []).map((item) => make("blockquote", {}, item.speaker ? `${item.speaker}: ` : "",
    make("mark", {}, item.text), ` +${Math.round(item.contribution)}`));
}

async function why(alert) {
  const found = await get(`api/v1/alerts/${encodeURIComponent(alert.id)}/why`);
  return [make("p", {}, found.step ? `${t("raised by")} ${found.step}: ` : "", found.why)];
}

function acknowledge(alert) {
  const fields = [["by", t("Your name"), name_field()], ["comment", t("Comment"), make("input", { type: "text" })]];
  ask(t("Acknowledge this alert"), fields, t("Acknowledge"), async (given) => {
    await write("POST", `api/v1/alerts/${encodeURIComponent(alert.id)}/ack`, given);
    refresh_now();
  });
}

function silence(alert) {
  const dyad = (alert.data || {}).dyad;
  const matchers = make("textarea", { rows: "3" });
  matchers.value = [`rule="${alert.rule}"`, ...(dyad ? [`dyad="${dyad}"`] : [])].join("\n");
  const span = make("select", {}, [["2 hours", 2], ["1 day", 24], ["1 week", 168]].map(([text, hours]) =>
    make("option", { value: String(hours) }, t(text))));
  const fields = [["matchers", t("Matchers, one a line"), matchers], ["hours", t("For"), span],
    ["author", t("Your name"), name_field()], ["comment", t("Comment"), make("input", { type: "text" })]];
  ask(t("Silence alerts like this"), fields, t("Silence"), async (given) => {
    const ends = new Date(Date.now() + Number(given.hours) * 3600000).toISOString().replace(/\.\d+Z$/, "Z");
    const wanted = given.matchers.split("\n").map((line) => line.trim()).filter(Boolean);
    await write("POST", "api/v1/silences", { matchers: wanted, author: given.author, comment: given.comment, ends });
    refresh_now();
  });
}

export function alert_item(alert) {
  const data = alert.data || {};
  const article = data.article || {};
  const meta = [make("strong", { class: "severity " + alert.severity }, t(alert.severity)), ` · ${alert.rule}`,
    data.dyad ? ` · ${arrow(data.dyad)}` : "",
    data.escalation === undefined ? "" : ` · ${t("escalation")} ${Math.round(data.escalation)} (${t("usual")} ${Math.round(data.baseline || 0)}) · `,
    data.state ? state_text(data.state) : "", article.feed ? ` · ${article.feed}` : "", " · ", when(article.published || alert.created)];
  const fate = [alert.status === "resolved" ? t("resolved") : t("firing"),
    alert.articles > 1 ? ` · ${alert.articles} ${t("articles")}` : "",
    alert.acknowledged_by ? ` · ${t("acknowledged by")} ${alert.acknowledged_by}` : ""];
  const firing = alert.status !== "resolved";
  return make("li", { "data-alert": alert.id },
    make("div", { class: "title", lang: article.language || null }, link(article.url || "", article.title || alert.summary)),
    make("p", { class: "meta" }, meta), make("p", { class: "meta" }, fate), evidence(data),
    later(t("Why this alert"), () => why(alert)),
    make("p", { class: "buttons" }, firing && !alert.acknowledged_by ? button(t("Acknowledge"), () => acknowledge(alert)) : null,
      button(t("Silence"), () => silence(alert))));
}

export async function load_silences() {
  const { items } = await get("api/v1/silences");
  show($("silences"), JSON.stringify(items), () => (items.length ? items : [null]).map((one) => (one === null
    ? make("li", { class: "meta" }, t("No silences."))
    : make("li", {}, make("code", {}, one.matchers.map(String).join(", ")), ` · ${one.author}: ${one.comment} · ${t("until")} `, when(one.ends), " ",
      button(t("End"), async (event) => {
        event.target.disabled = true;
        await write("DELETE", `api/v1/silences/${encodeURIComponent(one.id)}`).catch((error) => event.target.after(" ✗ " + error.message));
        refresh_now();
      })))));
}
