// Articles: the text with what made the score marked, what was changed later, and why there was no alert.
import { get } from "./api.js";
import { later, link, make } from "./dom.js";
import { t, when } from "./words.js";

// The text with the sentences that made the score marked, each with its points.
function marked_text(article) {
  const bytes = new TextEncoder().encode(article.text);
  const decode = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  const found = (article.annotations || []).find((annotation) => annotation.kind === "escalation");
  const spans = (found ? found.spans : []).filter((span) => span.field === "text" && span.contribution >= 1);
  spans.sort((a, b) => a.begin - b.begin);
  const parts = [];
  let at = 0;
  for (const span of spans) {
    if (span.begin < at) continue;
    parts.push(decode(at, span.begin), make("mark", {}, decode(span.begin, span.end)), make("sup", {}, `+${Math.round(span.contribution)}`));
    at = span.end;
  }
  return make("p", { class: "full", lang: article.language || null }, parts, decode(at, bytes.length));
}

// What was changed after it was published, newest first.
function revision_list(article) {
  return (article.revisions || []).slice().reverse().map((revision) => {
    const changes = [...revision.title_changes, ...revision.text_changes].map((change) =>
      change.kind === "removed" ? make("del", {}, change.text) : change.kind === "added" ? make("ins", {}, change.text) : change.text);
    const before = revision.escalation_before === null ? "" : ` · escalation before: ${Math.round(revision.escalation_before)}`;
    return make("div", { class: "revision" },
      make("p", { class: "meta" }, `${revision.kind}: ${revision.detail}${before} · `, when(revision.at)),
      changes.length ? make("p", { class: "full" }, changes) : null);
  });
}

async function why_score(article) {
  const whole = await get(`api/v1/articles/${article.id}`);
  return [...revision_list(whole), marked_text(whole)];
}

async function why_not(article) {
  const end = await get(`api/v1/articles/${article.id}/why-not`);
  const line = (one, name) => make("li", {}, name ? make("strong", {}, name + ": ") : "", `${one.step}: ${one.why}`,
    one.change ? ` · ${t("would have been let through if")} ${one.change}` : "");
  return [make("ul", { class: "plain" }, (end.rules || []).length ? end.rules.map((rule) => line(rule, rule.rule)) : line(end))];
}

export function article_item(article) {
  const analysed = article.state === "analysed";
  return make("li", {}, make("div", { class: "title", lang: article.language || null }, link(article.url, article.title)),
    make("p", { class: "meta" }, `${t("escalation")} `, make("strong", {}, String(Math.round(article.escalation || 0))),
      ` · ${t("de-escalation")} ${Math.round(article.deescalation || 0)} · ${article.relevance ? article.relevance.label : article.state} · ${article.feed} · `,
      when(article.published || article.fetched)),
    analysed ? later(t("Why this score"), () => why_score(article)) : null, later(t("Why no alert"), () => why_not(article)));
}
