// One dialog for what people write: acknowledgements and silences.
import { $, make } from "./dom.js";

// `fields`: [name, label, element]. `act` gets {name: value}; its error is shown and the dialog stays.
export function ask(title, fields, verb, act) {
  $("dialog-title").textContent = title;
  $("dialog-error").textContent = "";
  $("dialog-fields").replaceChildren(...fields.map(([, label, element]) => make("label", {}, label, " ", element)));
  $("dialog-do").textContent = verb;
  $("dialog-do").onclick = async () => {
    try {
      await act(Object.fromEntries(fields.map(([name, , element]) => [name, element.value.trim()])));
      $("dialog").close();
    } catch (error) {
      $("dialog-error").textContent = "✗ " + error.message;
    }
  };
  $("dialog").showModal();
}

// A field for the name of who writes, which this browser remembers.
export function name_field() {
  const field = make("input", { type: "text", autocomplete: "name", value: localStorage.getItem("name") || "" });
  field.addEventListener("change", () => localStorage.setItem("name", field.value.trim()));
  return field;
}
