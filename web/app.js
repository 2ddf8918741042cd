// The page: everything that it shows comes from the JSON API. Text from feeds is only ever put in as text nodes.
"use strict";

const REFRESH = 5000; // milliseconds
const SIGNS = { calm: "○", elevated: "△", escalating: "▲", crisis: "■" };
const state = { dyad: null, series: [], plot: null, plotted: "" };
const $ = (id) => document.getElementById(id);

// ELEMENT, {attribute: value}, CHILD ...: strings become text.
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const safe_url = (url) => (/^https?:\/\//.test(url) ? url : null);
const link = (url, text) => (safe_url(url) ? make("a", { href: url, rel: "noopener noreferrer" }, text) : make("span", {}, text));
const when = (text) => (text ? make("time", { datetime: text }, new Date(text).toLocaleString()) : "never");

async function get(path) {
  const token = sessionStorage.getItem("token");
  const answer = await fetch(path, { headers: token ? { Authorization: "Bearer " + token } : {} });
  if (answer.status === 401) {
    $("ask").hidden = false;
    throw new Error("an access token is needed");
  }
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
  $("ask").hidden = true;
  return answer.json();
}

// Replaces the children only where they changed, so that focus and selection stay.
function show(element, key, children) {
  if (element.dataset.shown === key) return;
  element.dataset.shown = key;
  element.replaceChildren(...children());
}

function state_text(name) {
  return make("span", { class: "state " + name }, `${SIGNS[name] || ""} ${name}`);
}

function show_dyads() {
  const dyads = state.series.map((dyad) => ({ ...dyad, name: `${dyad.actor} → ${dyad.target}`, last: dyad.days[dyad.days.length - 1] }));
  dyads.sort((a, b) => b.last.escalation - a.last.escalation || b.days.length - a.days.length);
  if (!dyads.some((dyad) => dyad.name === state.dyad)) state.dyad = dyads.length ? dyads[0].name : null;
  show($("dyads"), JSON.stringify([dyads, state.dyad]), () => dyads.map((dyad) => {
    const button = make("button", { type: "button", "aria-pressed": String(dyad.name === state.dyad) },
      make("span", { class: "pair" }, dyad.name),
      make("span", { class: "value" }, String(Math.round(dyad.last.escalation))), state_text(dyad.last.state),
      make("span", { class: "meta" }, ` usual ${Math.round(dyad.last.baseline)}, ${dyad.last.day}`));
    button.addEventListener("click", () => {
      state.dyad = dyad.name;
      show_dyads();
      [...$("dyads").querySelectorAll("button")].find((other) => other.getAttribute("aria-pressed") === "true").focus();
    });
    return make("li", {}, button);
  }));
  show_plot(dyads.find((dyad) => dyad.name === state.dyad));
}

function show_legend(day, points) {
  const labels = state.plot ? state.plot.getLabels().slice(1) : [];
  const value = (label) => points.filter((point) => point.name === label).map((point) => ` ${Math.round(Math.abs(point.yval))}`).join("");
  $("plot-legend").replaceChildren(day ? `${day.toLocaleDateString()}: ` : "",
    ...labels.map((label, index) => make("span", { class: "series series" + index }, `${["●", "┄", "●"][index]} ${label}${value(label)}`)));
}

function show_plot(dyad) {
  $("plot-box").hidden = !dyad;
  if (!dyad) return;
  const back = state.series.find((other) => other.actor === dyad.target && other.target === dyad.actor);
  const key = JSON.stringify([dyad, back]);
  if (state.plotted === key) return;
  state.plotted = key;
  const reply = back ? `${back.actor} → ${back.target}` : null;
  $("plot-title").textContent = reply ? `${dyad.name}, and the answer ${reply}` : dyad.name;
  const days = new Map();
  const row = (day) => days.get(day) || days.set(day, [null, null, null]).get(day);
  for (const day of dyad.days) [row(day.day)[0], row(day.day)[1]] = [day.escalation, day.baseline];
  // The answer is mirrored below the axis.
  for (const day of back ? back.days : []) row(day.day)[2] = -day.escalation;
  const rows = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  const data = rows.map(([day, values]) => [new Date(day + "T00:00:00"), ...values]);
  const style = getComputedStyle(document.documentElement);
  if (state.plot) state.plot.destroy();
  state.plot = new Dygraph($("plot"), data, {
    labels: ["day", dyad.name, "usual", reply || "answer"],
    colors: [style.getPropertyValue("--crisis"), style.getPropertyValue("--faint"), style.getPropertyValue("--accent")],
    valueRange: [back ? -105 : 0, 105], drawPoints: true, pointSize: 3, connectSeparatedPoints: true,
    // Its own legend is made of markup; ours of text.
    legend: "never", highlightCallback: (_, x, points) => show_legend(new Date(x), points), unhighlightCallback: () => show_legend(null, []),
    series: { usual: { strokePattern: [4, 4], drawPoints: false } },
    axisLineColor: style.getPropertyValue("--line"), gridLineColor: style.getPropertyValue("--line"),
    axes: { y: { valueFormatter: (value) => String(Math.round(Math.abs(value))), axisLabelFormatter: (value) => String(Math.abs(value)) } },
  });
  show_legend(null, []);
  const cell = (value) => make("td", { class: "number" }, value === null ? "–" : String(Math.round(Math.abs(value))));
  $("plot-table").replaceChildren(
    make("tr", {}, ...["day", dyad.name, "usual", reply || "answer"].map((text) => make("th", { scope: "col" }, text))),
    ...rows.reverse().map(([day, values]) => make("tr", {}, make("th", { scope: "row" }, day), ...values.map(cell))));
}

function alert_item(alert) {
  const data = alert.data || {};
  const article = data.article || {};
  return make("li", { "data-alert": alert.id },
    make("div", { class: "title" }, link(article.url || "", article.title || alert.summary)),
    make("p", { class: "meta" }, make("strong", {}, alert.severity), ` · ${alert.rule} · ${(data.dyad || "").replace("->", " → ")} · escalation `,
      make("strong", {}, String(Math.round(data.escalation || 0))), ` (usual ${Math.round(data.baseline || 0)}) · `,
      state_text(data.state || "calm"), ` · ${article.feed || ""} · `, when(article.published || alert.created)),
    ...(data.evidence || []).map((item) => make("blockquote", {}, item.speaker ? `${item.speaker}: ` : "",
      make("mark", {}, item.text), ` +${Math.round(item.contribution)}`)));
}

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
  return make("p", { class: "full" }, ...parts, decode(at, bytes.length));
}

// What was changed after it was published, newest first.
function revision_list(article) {
  return (article.revisions || []).slice().reverse().map((revision) => {
    const changes = [...revision.title_changes, ...revision.text_changes].map((change) =>
      change.kind === "removed" ? make("del", {}, change.text) : change.kind === "added" ? make("ins", {}, change.text) : change.text);
    const before = revision.escalation_before === null ? "" : ` · escalation before: ${Math.round(revision.escalation_before)}`;
    return make("div", { class: "revision" },
      make("p", { class: "meta" }, `${revision.kind}: ${revision.detail}${before} · `, when(revision.at)),
      changes.length ? make("p", { class: "full" }, ...changes) : null);
  });
}

function article_item(article) {
  const details = make("details", {}, make("summary", {}, "Why this score"));
  details.addEventListener("toggle", async () => {
    if (!details.open || details.children.length > 1) return;
    const whole = await get(`api/v1/articles/${article.id}`);
    details.append(...revision_list(whole), marked_text(whole));
  });
  return make("li", {}, make("div", { class: "title", lang: article.language || null }, link(article.url, article.title)),
    make("p", { class: "meta" }, "escalation ", make("strong", {}, String(Math.round(article.escalation || 0))),
      ` · de-escalation ${Math.round(article.deescalation || 0)} · ${article.relevance ? article.relevance.label : article.state} · ${article.feed} · `,
      when(article.published || article.fetched)), article.state === "analysed" ? details : null);
}

// A list with a button for the next page. `path`: without the cursor.
function paged(list, button, path, item) {
  let next = null;
  const load = async (before) => get(path() + (before ? `&before=${before}` : ""));
  button.addEventListener("click", async () => {
    const page = await load(next);
    list.append(...page.items.map(item));
    list.dataset.extended = "yes";
    next = page.next;
    button.hidden = next === null;
  });
  return async () => {
    const page = await load(null);
    const key = path() + JSON.stringify(page.items.map((row) => [row.id, row.state]));
    if (list.dataset.shown === key) return page;
    list.dataset.extended = "";
    show(list, key, () => page.items.map(item));
    next = page.next;
    button.hidden = next === null;
    return page;
  };
}

const load_alerts = paged($("alerts"), $("more-alerts"), () => "api/v1/alerts?limit=20", alert_item);
const load_articles = paged($("articles"), $("more-articles"), () => {
  const words = encodeURIComponent($("words").value.trim());
  const min = Number($("min").value) || 0;
  return `api/v1/articles?limit=20&min_escalation=${Math.min(100, Math.max(0, min))}&q=${words}`;
}, article_item);

function show_table(id, columns, rows) {
  show($(id), JSON.stringify(rows), () => [
    make("tr", {}, ...columns.map(([title]) => make("th", { scope: "col" }, title))),
    ...rows.map((row) => make("tr", {}, ...columns.map(([, cell]) => make("td", {}, cell(row))))),
  ]);
}

// The state of a feed in words; blind is not calm.
function feed_state(feed) {
  const bad = (text) => make("span", { class: "bad" }, text);
  const parts = [feed.error ? bad(feed.error) : feed.silent_since ? bad("✗ silent against its own rhythm") : feed.last_success ? "✓ well" : "not polled yet"];
  const gap = feed.blind[feed.blind.length - 1];
  if (gap) parts.push(" · blind ", when(gap.from), " – ", when(gap.to), gap.entries ? ` (about ${gap.entries} entries)` : "");
  return make("span", {}, ...parts);
}

async function load_health() {
  const [feeds, deliveries, plugins] = await Promise.all(["feeds", "deliveries?limit=20", "plugins"].map((name) => get("api/v1/" + name)));
  show_table("feeds", [["feed", (feed) => link(feed.url, feed.name)],
    ["state", feed_state],
    ["last success", (feed) => when(feed.last_success)], ["next poll", (feed) => (feed.next_poll ? make("span", { title: feed.why }, when(feed.next_poll)) : feed.why)]], feeds.items);
  show_table("deliveries", [["receiver", (row) => row.receiver],
    ["state", (row) => (row.state === "dead" ? make("span", { class: "bad" }, "✗ dead letter") : row.state === "delivered" ? "✓ delivered" : "… pending")],
    ["attempts", (row) => String(row.attempts)], ["answer", (row) => (row.last_status ? String(row.last_status) : row.last_answer)],
    ["last attempt", (row) => when(row.last_attempt)]], deliveries.items);
  show_table("plugins", [["plugin", (row) => `${row.id} ${row.version}`], ["what", (row) => row.summary]], plugins.items);
}

async function refresh() {
  try {
    const [ready, series] = await Promise.all([get("readyz"), get("api/v1/series?from=1990-01-01")]);
    state.series = series.dyads;
    show_dyads();
    await load_alerts();
    const articles = await load_articles();
    $("found").textContent = articles.items.length ? "" : "Nothing found.";
    await load_health();
    $("status").textContent = `${ready.feeds} feeds · ${ready.articles} articles · ${ready.alerts} alerts · ${ready.deliveries_owed} deliveries owed` +
      (ready.dead_letters ? ` · ✗ ${ready.dead_letters} dead letters` : "") + ` · ${new Date().toLocaleTimeString()}`;
  } catch (error) {
    $("status").textContent = "✗ " + error.message;
  }
}

let typing = 0;
for (const id of ["words", "min"]) {
  $(id).addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(refresh, 250); });
}
$("use-token").addEventListener("click", () => { sessionStorage.setItem("token", $("token").value); refresh(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { state.plotted = ""; refresh(); });
(async function live() { await refresh(); setTimeout(live, REFRESH); })();
