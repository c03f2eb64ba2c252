// What can be copied: the answer, and the request in other languages.

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const json = (value) => JSON.stringify(value);
const address = (path) => new URL(path, document.baseURI).href.replace(/[?#].*/, "");

// `asked` is a request without its text: `now` and the settings that are not as usual.
function request({ lines, asked }) {
  return { ...(lines.length === 1 ? { text: lines[0] } : { texts: lines }), ...asked };
}

const one = ({ text, intent, slots, frame, note }) => ({ text, intent, slots, frame, ...(note && { note }) });

export const COPIES = {
  json: ({ answers }) => JSON.stringify(answers.length === 1 ? one(answers[0]) : answers.map(one), null, 2),
  curl: (shown) => `curl -H 'Content-Type: application/json' -d ${quoted(json(request(shown)))} ${address("tag")}`,
  python: (shown) => `import json
from urllib.request import Request, urlopen

asked = ${json(request(shown))}
request = Request(${json(address("tag"))}, json.dumps(asked).encode(), {"Content-Type": "application/json"})
with urlopen(request) as answer:
    print(json.dumps(json.load(answer), indent=2, ensure_ascii=False))`,
  javascript: (shown) => `const answer = await fetch(${json(address("tag"))}, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(${json(request(shown))}),
});
console.log(JSON.stringify(await answer.json(), null, 2));`,
  command: ({ lines, asked }) => {
    const { model, ...others } = asked;
    const options = Object.entries(others).map(([name, value]) => `--${name.replaceAll("_", "-")} ${value} `);
    const from = model && model !== "travel" ? `--model ${quoted(model)} ` : "";
    return `slotfill tag ${from}${options.join("")}--format json -- ${lines.map(quoted).join(" ")}`;
  },
  link: ({ text, settings }) => `${address("")}?${new URLSearchParams({ text, ...settings })}`,
  training: ({ examples }) => examples.map(json).join("\n"),
};
