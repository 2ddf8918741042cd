// How feeds, plugins, receivers and deliveries fare.
import { get } from "./api.js";
import { $, link, make, table } from "./dom.js";
import { t, when } from "./words.js";

const bad = (text) => make("span", { class: "bad" }, "✗ " + text);

// The state of a feed in words; blind is not calm.
function feed_state(feed) {
  const parts = [feed.error ? bad(feed.error) : feed.silent_since ? bad(t("silent against its own rhythm"))
    : feed.last_success ? "✓ " + t("well") : t("not polled yet")];
  const gap = feed.blind[feed.blind.length - 1];
  if (gap) parts.push(` · ${t("blind")} `, when(gap.from), " – ", when(gap.to), gap.entries ? ` (${t("about")} ${gap.entries} ${t("entries")})` : "");
  return make("span", {}, parts);
}

function plugin_state(plugin) {
  const name = plugin.state === "up" ? "✓ " + t("up") : bad(t(plugin.state));
  return make("span", {}, name, plugin.last_failure ? ` · ${plugin.last_failure}` : "");
}

function delivery_state(row) {
  return row.state === "dead" ? bad(t("dead letter")) : row.state === "delivered" ? "✓ " + t("delivered") : "… " + t("pending");
}

function receiver_state(row) {
  if (row.disabled) return bad(t("disabled"));
  if (row.failing_since) return make("span", {}, bad(t("failing since")), " ", when(row.failing_since), ` · ${row.last_error || ""}`);
  return "✓ " + t("well");
}

export async function load_health() {
  const [feeds, plugins, receivers, deliveries] = await Promise.all(
    ["feeds", "plugins", "receivers", "deliveries?limit=20"].map((name) => get("api/v1/" + name)));
  table($("feeds"), [[t("feed"), (feed) => link(feed.url, feed.name)], [t("state"), feed_state],
    [t("last success"), (feed) => when(feed.last_success)],
    [t("next poll"), (feed) => (feed.next_poll ? make("span", { title: feed.why }, when(feed.next_poll)) : feed.why || "")]], feeds.items);
  table($("plugins"), [[t("plugin"), (row) => `${row.id} ${row.version}`], [t("state"), plugin_state], [t("mode"), (row) => `${row.mode}, ${row.need}`],
    [t("calls"), (row) => String(row.calls)], [t("failures"), (row) => String(row.failures)], [t("restarts"), (row) => String(row.restarts)],
    [t("quarantined"), (row) => String(row.quarantined)], [t("what"), (row) => row.summary]], plugins.items);
  table($("receivers"), [[t("receiver"), (row) => row.name], [t("state"), receiver_state],
    [t("last success"), (row) => when(row.last_success)]], receivers.items);
  table($("deliveries"), [[t("receiver"), (row) => row.receiver], [t("state"), delivery_state],
    [t("attempts"), (row) => String(row.attempts)], [t("answer"), (row) => (row.last_status ? String(row.last_status) : row.last_answer)],
    [t("last attempt"), (row) => when(row.last_attempt)]], deliveries.items);
}
