// Shows /openapi.json to a person.
"use strict";

function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}

const pretty = (value) => JSON.stringify(value, null, 2);
const kindOf = (schema) => {
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(" or ");
  if (schema.enum) return schema.enum.map(pretty).join(" or ");
  if (schema.type === "array") return `list of ${kindOf(schema.items)}`;
  return schema.type ?? "anything";
};

function fields(schema) {
  const rows = Object.entries(schema.properties).map(([name, field]) =>
    make("tr", "", make("td", "name", name), make("td", "", kindOf(field)), make("td", "", field.description ?? "")),
  );
  return make("table", "", make("tbody", "", ...rows));
}

function section(path, method, asked, schemas) {
  const parts = [make("h2", "path", `${method.toUpperCase()} `, make("code", "", path)), make("p", "", asked.description ?? "")];
  const reference = asked.requestBody?.content["application/json"].schema.$ref;
  if (reference) parts.push(make("h3", "", "JSON in"), fields(schemas[reference.split("/").pop()]));
  for (const [status, answer] of Object.entries(asked.responses)) {
    const example = answer.content?.["application/json"]?.example;
    parts.push(make("h3", "", `${status} ${answer.description}`));
    if (example && status === "200") parts.push(make("pre", "", pretty(example)));
  }
  return make("section", "panel", ...parts);
}

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then(({ info, paths, components }) => {
    const sections = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, asked]) => section(path, method, asked, components.schemas)),
    );
    document.getElementById("paths").replaceChildren(make("p", "", info.description), ...sections);
  })
  .catch(() => {
    document.getElementById("paths").textContent = "The server does not answer.";
  });
