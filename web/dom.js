// Elements and texts. Text from feeds is only ever put in as text nodes.

export const $ = (id) => document.getElementById(id);

// ELEMENT, {attribute: value}, CHILD ...: strings become text.
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function button(text, action, attributes) {
  const made = make("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", action);
  return made;
}

export function link(url, text) {
  return /^https?:\/\//.test(url) ? make("a", { href: url, rel: "noopener noreferrer" }, text) : make("span", {}, text);
}

// Replaces the children only where `key` changed, so that focus, selection and open details stay.
export function show(element, key, children) {
  if (element.dataset.shown === key) return;
  element.dataset.shown = key;
  element.replaceChildren(...children());
}

export function table(element, columns, rows, key) {
  show(element, JSON.stringify([rows, key]), () => [
    make("tr", {}, columns.map(([title]) => make("th", { scope: "col" }, title))),
    ...rows.map((row) => make("tr", {}, columns.map(([, cell]) => make("td", {}, cell(row))))),
  ]);
}

// A <details> that is filled when it is first opened; a failure can be tried again.
export function later(summary, fill) {
  const details = make("details", {}, make("summary", {}, summary));
  let filled = false;
  details.addEventListener("toggle", async () => {
    if (!details.open || filled) return;
    filled = true;
    try {
      details.append(...await fill());
    } catch (error) {
      filled = false;
      details.open = false;
      details.querySelector("summary").textContent = `${summary} (✗ ${error.message})`;
    }
  });
  return details;
}
