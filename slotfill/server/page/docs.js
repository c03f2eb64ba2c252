// Shows openapi.json to a person, and lets them try each path.

import { button, make } from "./elements.js";
import { english, t } from "./translation.js";

const pretty = (value) => JSON.stringify(value, null, 2);
const nameOf = (reference) => reference.split("/").pop();

function kindOf(schema) {
  if (schema === true) return t("anything"); // of values that may be any JSON
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(t(" or "));
  if (schema.enum) return schema.enum.map(pretty).join(t(" or "));
  if ("const" in schema) return pretty(schema.const);
  if (schema.type === "array") return t("list of {kind}", { kind: kindOf(schema.items) });
  if (schema.type === "object" && typeof schema.additionalProperties === "object") return t("object of {kind}", { kind: kindOf(schema.additionalProperties) });
  return schema.type ?? t("anything");
}

function table(rows) {
  return make("table", "", make("tbody", "", ...rows.map(([name, kind, text]) =>
    make("tr", "", make("td", "name", name), make("td", "", kind), english(make("td", "", text))),
  )));
}

// What a field is for, after whether it may be left out.
function about(isRequired, description = "") {
  if (isRequired) return description;
  return description ? t("optional: {description}", { description }) : t("optional");
}

const textFirst = ([a], [b]) => b.startsWith("text") - a.startsWith("text");

function fields(schema) {
  const required = schema.required ?? [];
  return table(Object.entries(schema.properties).sort(textFirst).map(([name, field]) =>
    [name, kindOf(field), about(required.includes(name), field.description)]));
}

function example(schema) {
  const asked = Object.entries(schema.properties).filter(([name, field]) => ["text", "now"].includes(name) && field.examples);
  return Object.fromEntries(asked.reverse().map(([name, field]) => [name, field.examples[0]]));
}

// A form: the request, a button, and the answer.
function attempt(path, method, asked, schema) {
  const answer = make("pre", "");
  answer.tabIndex = 0;
  answer.setAttribute("role", "region");
  answer.setAttribute("aria-label", t("Answer of {method} {path}", { method, path }));
  answer.hidden = true;
  const box = make(schema ? "textarea" : "input", "code");
  const takes = schema || asked.parameters;
  box.value = schema ? pretty(example(schema)) : `?text=${encodeURIComponent("arrive Taipei on November 2nd")}&now=2026-11-20T09:00`;
  const send = button("", t("try it"), async () => {
    answer.hidden = false;
    answer.textContent = "…";
    try {
      const options = schema ? { method, headers: { "Content-Type": "application/json" }, body: box.value } : { method };
      const got = await fetch(path.slice(1) + (takes && !schema ? box.value : ""), options);
      const text = await got.text();
      const isJson = got.headers.get("content-type").startsWith("application/json");
      answer.textContent = `${got.status}\n${isJson ? pretty(JSON.parse(text)) : text}`;
    } catch (error) {
      answer.textContent = t("The server does not answer: {error}", { error: error.message });
    }
  });
  const label = make("label", "", schema ? t("A request to try") : t("A query to try"), box);
  if (schema) box.rows = box.value.split("\n").length;
  return make("div", "attempt", ...(takes ? [label] : []), make("div", "chips", send), answer);
}

function section(path, method, asked, schemas) {
  const verb = method.toUpperCase();
  const parts = [make("h2", "path", `${verb} `, make("code", "", path)), english(make("p", "", asked.description ?? ""))];
  const reference = asked.requestBody?.content["application/json"].schema.$ref;
  const schema = reference && schemas[nameOf(reference)];
  if (schema) parts.push(make("h3", "", t("JSON in")), fields(schema));
  if (asked.parameters) {
    parts.push(make("h3", "", t("Query")));
    parts.push(table(asked.parameters.map((one) => [one.name, kindOf(one.schema), about(one.required, one.description)])));
  }
  parts.push(attempt(path, verb, asked, schema), make("h3", "", t("Answers")));
  parts.push(table(Object.entries(asked.responses).map(([status, answer]) => {
    const [content] = Object.values(answer.content ?? {});
    return [status, content ? kindOf(content.schema) : "", answer.description];
  })));
  const shown = asked.responses["200"].content?.["application/json"]?.example;
  if (shown) parts.push(make("details", "", make("summary", "", t("An example of an answer")), make("pre", "whole", pretty(shown))));
  return make("section", "panel", ...parts);
}

function types(schemas) {
  const described = Object.entries(schemas).filter(([, schema]) => schema.properties);
  return make("section", "panel", make("h2", "", t("Types")), ...described.map(([name, schema]) =>
    make("details", "", make("summary", "", name), english(make("p", "", schema.description ?? "")), fields(schema))));
}

function show({ info, paths, components }) {
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, asked]) => section(path, method, asked, components.schemas)),
  );
  const told = info.description.split("\n\n").map((part) => english(make("p", "", part)));
  document.getElementById("paths").replaceChildren(...told, ...sections, types(components.schemas));
}

const described = await fetch("openapi.json").then((answer) => answer.json(), () => null);
if (described) show(described);
else document.getElementById("paths").textContent = t("The server does not answer.");
