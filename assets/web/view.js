// The page around the network: the prediction with its bars, and what is said about the network.

const net = brightwire(JSON.parse(document.getElementById("network").textContent));
const { network } = net;
const byId = (id) => document.getElementById(id);

const rows = network.names.map((name) => {
  const row = document.createElement("li");
  const [label, bar, value] = ["span", "div", "span"].map((kind) => row.appendChild(document.createElement(kind)));
  label.textContent = name;
  bar.className = "bar";
  value.className = "value";
  bar.ariaHidden = "true";
  return { row, value, fill: bar.appendChild(document.createElement("i")) };
});
byId("classes").append(...rows.map(({ row }) => row));

// Show the network's answer to numbers, or that there is nothing to answer yet (null).
function show(numbers, warning = null) {
  byId("waiting").hidden = numbers !== null;
  byId("guess").hidden = numbers === null;
  complain("");
  if (numbers === null) return say("");
  const { scores } = net.run(numbers);
  const winner = net.best(scores);
  const name = network.names[winner] ?? "The outputs are not numbers";
  byId("winner").textContent = name;
  byId("share").textContent = winner < 0 ? "" : figure(scores[winner]);
  rows.forEach(({ row, value, fill }, i) => {
    row.className = i === winner ? "wins" : "";
    value.textContent = figure(scores[i]);
    fill.style.width = `${100 * Math.min(Math.max(scores[i] || 0, 0), 1)}%`;
  });
  byId("warning").hidden = !warning;
  byId("warning").textContent = warning ?? "";
  say(`Looks like ${name}, ${byId("share").textContent}. ${warning ?? ""}`);
}

function figure(score) {
  if (!Number.isFinite(score)) return "–";
  if (!network.shares) return String(Number(score.toPrecision(4))).replace("-", "−");
  return `${Math.round(score * 100)} %`.replace("-", "−");
}

// What is read out waits until the hand rests.
let saying = 0;
function say(text) {
  clearTimeout(saying);
  saying = setTimeout(() => (byId("said").textContent = text), 400);
}

function complain(text) {
  byId("trouble").textContent = text;
  byId("trouble").hidden = !text;
}

for (const [name, text] of network.about) {
  const [term, said] = ["dt", "dd"].map((kind) => document.createElement(kind));
  [term.textContent, said.textContent] = [name, text];
  byId("about").append(term, said);
}
byId("example").textContent = network.example;
console.log(network.help);
