// The pairs of who threatens whom: cards with today's state, and the course of the chosen one with the answer to it.
import { $, button, link, make, show } from "./dom.js";
import { t } from "./words.js";

const SIGNS = { calm: "○", elevated: "△", escalating: "▲", crisis: "■" };
const chosen = { name: null, plot: null, plotted: "", rows: [], row: -1 };

export function state_text(name) {
  return make("span", { class: "state " + name }, `${SIGNS[name] || ""} ${t(name)}`);
}

export function show_dyads(series, alerts) {
  const dyads = series.map((dyad) => ({ ...dyad, name: `${dyad.actor} → ${dyad.target}`, last: dyad.days[dyad.days.length - 1] }));
  dyads.sort((a, b) => b.last.escalation - a.last.escalation || b.days.length - a.days.length);
  if (!dyads.some((dyad) => dyad.name === chosen.name)) chosen.name = dyads.length ? dyads[0].name : null;
  show($("dyads"), JSON.stringify([dyads, chosen.name]), () => dyads.map((dyad) => {
    const card = button([
      make("span", { class: "pair" }, dyad.name),
      make("span", { class: "value" }, String(Math.round(dyad.last.escalation))), state_text(dyad.last.state),
      make("span", { class: "meta" }, ` ${t("usual")} ${Math.round(dyad.last.baseline)}, ${dyad.last.day}`)], () => {
      chosen.name = dyad.name;
      show_dyads(series, alerts);
      [...$("dyads").querySelectorAll("button")].find((other) => other.getAttribute("aria-pressed") === "true").focus();
    }, { "aria-pressed": String(dyad.name === chosen.name) });
    return make("li", {}, card);
  }));
  show_plot(dyads.find((dyad) => dyad.name === chosen.name), series, alerts);
}

// One row a day of either side: [escalation, usual, answer], the answer mirrored below the axis.
function rows_of(dyad, back) {
  const days = new Map();
  const row = (day) => days.get(day) || days.set(day, { values: [null, null, null], state: null }).get(day);
  for (const day of dyad.days) {
    [row(day.day).values[0], row(day.day).values[1]] = [day.escalation, day.baseline];
    row(day.day).state = day.state;
  }
  for (const day of back ? back.days : []) row(day.day).values[2] = -day.escalation;
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, row]) => ({ day, ...row }));
}

const midnight = (day) => new Date(day + "T00:00:00");

// Behind the lines: a band for each day that was not calm, hatched by its height so that it does not rest on colour.
function draw_states(canvas, area, plot, style) {
  const heights = { elevated: 0.04, escalating: 0.08, crisis: 0.12 };
  for (const row of chosen.rows) {
    if (!heights[row.state]) continue;
    const from = plot.toDomXCoord(midnight(row.day).getTime() - 43200000);
    const to = plot.toDomXCoord(midnight(row.day).getTime() + 43200000);
    canvas.fillStyle = style.getPropertyValue("--" + row.state);
    canvas.globalAlpha = 0.75;
    const height = area.h * heights[row.state];
    canvas.fillRect(from, area.y + area.h - height, Math.max(2, to - from), height);
    canvas.globalAlpha = 1;
  }
}

function show_legend(labels) {
  $("plot-legend").replaceChildren(...labels.map((label, index) =>
    make("span", { class: "series series" + index }, `${["●", "┄", "●"][index]} ${label}`)));
}

// The chosen day in words: values, state, and what was said in the alerts of that day.
function show_day(index, alerts) {
  chosen.row = index;
  const row = chosen.rows[index];
  if (!row) return $("plot-day").replaceChildren();
  const [from, to] = chosen.name.split(" → ");
  const number = (value) => (value === null ? "–" : String(Math.round(Math.abs(value))));
  const said = alerts.filter((alert) => {
    const data = alert.data || {};
    const day = ((data.article || {}).published || alert.created).slice(0, 10);
    return day === row.day && [`${from}->${to}`, `${to}->${from}`].includes(data.dyad);
  });
  $("plot-day").replaceChildren(
    make("p", {}, make("strong", {}, row.day), ` · ${chosen.name} ${number(row.values[0])} (${t("usual")} ${number(row.values[1])}) `,
      row.state ? state_text(row.state) : "", row.values[2] === null ? "" : ` · ${to} → ${from} ${number(row.values[2])}`),
    ...said.slice(0, 4).flatMap((alert) => (alert.data.evidence || []).slice(0, 1).map((item) => make("blockquote", {},
      `${(alert.data.dyad || "").replace("->", " → ")} · ${item.speaker || ""} `, make("mark", {}, item.text), " ",
      link((alert.data.article || {}).url || "", (alert.data.article || {}).feed || "")))));
}

function show_table(labels) {
  const cell = (value) => make("td", { class: "number" }, value === null ? "–" : String(Math.round(Math.abs(value))));
  $("plot-table").replaceChildren(
    make("tr", {}, [t("day"), ...labels, t("state")].map((text) => make("th", { scope: "col" }, text))),
    ...chosen.rows.slice().reverse().map((row) => make("tr", {}, make("th", { scope: "row" }, row.day), row.values.map(cell),
      make("td", {}, row.state ? state_text(row.state) : "–"))));
}

function show_plot(dyad, series, alerts) {
  $("plot-box").hidden = !dyad;
  if (!dyad) return;
  const back = series.find((other) => other.actor === dyad.target && other.target === dyad.actor);
  const key = JSON.stringify([dyad, back, alerts.map((alert) => alert.id)]);
  if (chosen.plotted === key) return;
  chosen.plotted = key;
  const reply = back ? `${back.actor} → ${back.target}` : null;
  $("plot-title").textContent = reply ? `${dyad.name}, ${t("and the answer")} ${reply}` : dyad.name;
  chosen.rows = rows_of(dyad, back);
  const labels = [dyad.name, t("usual"), reply || t("answer")];
  const style = getComputedStyle(document.documentElement);
  if (chosen.plot) chosen.plot.destroy();
  chosen.plot = new Dygraph($("plot"), chosen.rows.map((row) => [midnight(row.day), ...row.values]), {
    labels: [t("day"), ...labels],
    colors: [style.getPropertyValue("--crisis"), style.getPropertyValue("--faint"), style.getPropertyValue("--accent")],
    valueRange: [back ? -105 : 0, 105], drawPoints: true, pointSize: 3, connectSeparatedPoints: true,
    // Its own legend is made of markup; ours of text.
    legend: "never", highlightCallback: (_event, _x, _points, index) => show_day(index, alerts),
    underlayCallback: (canvas, area, plot) => draw_states(canvas, area, plot, style),
    series: { [labels[1]]: { strokePattern: [4, 4], drawPoints: false } },
    axisLineColor: style.getPropertyValue("--line"), gridLineColor: style.getPropertyValue("--line"),
    axes: { y: { axisLabelFormatter: (value) => String(Math.abs(value)) } },
  });
  $("plot").onkeydown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const from = chosen.row < 0 ? chosen.rows.length - (step > 0 ? 1 : 0) : chosen.row;
    const next = Math.min(chosen.rows.length - 1, Math.max(0, from + step));
    chosen.plot.setSelection(next);
    show_day(next, alerts);
  };
  show_legend(labels);
  show_day(chosen.row >= 0 && chosen.row < chosen.rows.length ? chosen.row : chosen.rows.length - 1, alerts);
  show_table(labels);
}

export function redraw() {
  chosen.plotted = "";
}
