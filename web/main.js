// The page: everything that it shows comes from the JSON API, anew whenever the store says that it has changed.
import { alert_item, load_silences } from "./alerts.js";
import { follow, get } from "./api.js";
import { article_item } from "./articles.js";
import { $, make } from "./dom.js";
import { redraw, show_dyads } from "./dyads.js";
import { load_health } from "./health.js";
import { choose, language, t, translate } from "./words.js";

const APART = 1000; // milliseconds between two refreshes
const RETRY = 3000; // until the stream is tried again; meanwhile the page looks by itself
let live = false;

// A list with a button for the next page. `path`: without the cursor. Rows that did not change keep their elements, and so
// what is open or has the focus; those of older pages stay.
function paged(list, more, path, item, none) {
  let shown = []; // {id, key, element}
  let shown_path = null;
  let next = null;
  const take = (rows) => rows.map((row) => {
    const key = JSON.stringify(row);
    return shown.find((old) => old.id === row.id && old.key === key) || { id: row.id, key, element: item(row) };
  });
  const put = (rows) => {
    shown = rows;
    const wanted = rows.length || !none ? rows.map((row) => row.element) : [make("li", { class: "meta" }, none)];
    const kept = new Set(wanted);
    for (const child of [...list.children]) if (!kept.has(child)) child.remove();
    wanted.forEach((element, index) => {
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] || null);
    });
    more.hidden = next === null;
  };
  more.addEventListener("click", async () => {
    const page = await get(`${path()}&before=${next}`);
    next = page.next;
    put([...shown, ...take(page.items)]);
  });
  return async () => {
    const asked = path();
    const page = await get(asked);
    const first = take(page.items);
    const newest = new Set(first.map((row) => row.id));
    const older = asked === shown_path ? shown.filter((row) => !newest.has(row.id)) : [];
    if (older.length === 0) next = page.next;
    shown_path = asked;
    put([...first, ...older]);
    return page;
  };
}

const load_alerts = paged($("alerts"), $("more-alerts"), () => "api/v1/alerts?limit=20", alert_item, t("No alerts yet."));
const load_articles = paged($("articles"), $("more-articles"), () => {
  const words = encodeURIComponent($("words").value.trim());
  const min = Number($("min").value) || 0;
  return `api/v1/articles?limit=20&min_escalation=${Math.min(100, Math.max(0, min))}&q=${words}`;
}, article_item);

async function refresh() {
  try {
    const [ready, series, alerts] = await Promise.all([get("readyz"), get("api/v1/series?from=1990-01-01"), load_alerts()]);
    show_dyads(series.dyads, alerts.items);
    const articles = await load_articles();
    $("found").textContent = articles.items.length ? "" : t("Nothing found.");
    await Promise.all([load_health(), load_silences()]);
    $("status").textContent = `${ready.feeds} ${t("feeds")} · ${ready.articles} ${t("articles")} · ${ready.alerts} ${t("alerts")} · ` +
      `${ready.deliveries_owed} ${t("deliveries owed")}` + (ready.dead_letters ? ` · ✗ ${ready.dead_letters} ${t("dead letters")}` : "") +
      ` · ${live ? "● " + t("live") : "○ " + t("not live")}, ${new Date().toLocaleTimeString(language)}`;
  } catch (error) {
    $("status").textContent = "✗ " + error.message;
  }
}

// At most one refresh at a time, and one more when something came meanwhile.
let running = false;
let wanted = false;
async function refresh_soon() {
  wanted = true;
  if (running) return;
  running = true;
  while (wanted) {
    wanted = false;
    await refresh();
    await new Promise((done) => setTimeout(done, APART));
  }
  running = false;
}

async function stay_live() {
  for (;;) {
    try {
      await follow(() => { live = true; refresh_soon(); });
    } catch {
      // Tried again below; the status line says what the refresh meets.
    }
    live = false;
    await refresh_soon();
    await new Promise((done) => setTimeout(done, RETRY));
  }
}

translate();
$("language").value = language;
$("language").addEventListener("change", () => choose($("language").value));
let typing = 0;
for (const id of ["words", "min"]) {
  $(id).addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(refresh, 250); });
}
$("use-token").addEventListener("click", () => { sessionStorage.setItem("token", $("token").value); refresh(); });
document.addEventListener("refresh", refresh);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { redraw(); refresh(); });
refresh_soon();
stay_live();
