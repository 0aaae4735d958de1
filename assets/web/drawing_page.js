// The paper: strokes by mouse, finger, pen or keys, in parts of its edge.

const pad = byId("pad");
const strokes = [];
let drawing = null; // the pointer that draws
let pen = null; // where the keys' pen is, and whether it is down

let due = false; // the answer comes with the next frame: a pen may tell of more points than are seen

function changed() {
  if (!due) requestAnimationFrame(update);
  due = true;
}

function update() {
  due = false;
  const numbers = strokes.length ? net.see(strokes) : null;
  byId("undo").disabled = byId("clear").disabled = !strokes.length;
  paint();
  paintSeen(numbers);
  show(numbers);
}

const SQUARE = 16; // pixels of a cell

// Show what the network reads, 0 for paper to 1 for ink; cells have a line between them.
function paintSeen(numbers) {
  const edge = network.input[1];
  const context = Object.assign(byId("seen"), { width: edge * SQUARE, height: edge * SQUARE }).getContext("2d");
  const [inner, ink, line] = [network.cells ? SQUARE - 1 : SQUARE, colour("text"), colour("panel")];
  numbers?.forEach((value, i) => {
    const [x, y] = [(i % edge) * SQUARE, Math.floor(i / edge) * SQUARE];
    Object.assign(context, { fillStyle: ink, globalAlpha: value });
    context.fillRect(x, y, inner, inner);
    if (inner === SQUARE) return;
    Object.assign(context, { fillStyle: line, globalAlpha: 1 });
    context.fillRect(x + inner, y, 1, SQUARE);
    context.fillRect(x, y + inner, SQUARE, 1);
  });
}

const colour = (name) => getComputedStyle(document.body).getPropertyValue(`--${name}`);

function paint() {
  const edge = Math.max(1, Math.round(pad.clientWidth * devicePixelRatio));
  if (pad.width !== edge) pad.width = pad.height = edge;
  const context = pad.getContext("2d");
  context.clearRect(0, 0, edge, edge);
  Object.assign(context, { lineWidth: edge / 28, lineCap: "round", lineJoin: "round", strokeStyle: colour("text") });
  for (const stroke of strokes) {
    context.beginPath();
    for (const [x, y] of [stroke[0], ...stroke]) context.lineTo(x * edge, y * edge);
    context.stroke();
  }
  if (!strokes.length && !pen) {
    Object.assign(context, { fillStyle: colour("muted"), textAlign: "center", font: `${14 * devicePixelRatio}px system-ui, sans-serif` });
    context.fillText("Draw here", edge / 2, edge / 2);
  }
  if (pen) {
    context.beginPath();
    context.arc(pen.x * edge, pen.y * edge, edge / 28, 0, 7);
    Object.assign(context, { lineWidth: 2 * devicePixelRatio, strokeStyle: colour("accent"), fillStyle: colour("accent") });
    if (pen.down) context.fill();
    context.stroke();
  }
}

const within = (value) => Math.min(Math.max(value, 0), 1);

function extend(x, y) {
  const stroke = strokes.at(-1);
  const [last] = stroke.slice(-1);
  if (!last || last[0] !== x || last[1] !== y) stroke.push([x, y]);
}

function follow(event) {
  const area = pad.getBoundingClientRect();
  const events = event.getCoalescedEvents?.() ?? [];
  for (const { clientX, clientY } of events.length ? events : [event]) {
    extend(within((clientX - area.left) / area.width), within((clientY - area.top) / area.height));
  }
  changed();
}

pad.addEventListener("pointerdown", (event) => {
  if (drawing !== null || event.button !== 0) return;
  drawing = event.pointerId;
  pad.setPointerCapture(drawing);
  pen = null;
  strokes.push([]);
  follow(event);
});
pad.addEventListener("pointermove", (event) => event.pointerId === drawing && follow(event));
pad.addEventListener("pointerup", (event) => {
  if (event.pointerId !== drawing) return;
  follow(event);
  drawing = null;
});
pad.addEventListener("pointercancel", (event) => {
  if (event.pointerId !== drawing) return;
  drawing = null;
  undo();
});

function undo() {
  strokes.pop();
  liftPen();
  changed();
}

function clear() {
  strokes.length = 0;
  liftPen();
  changed();
}

function liftPen() {
  if (pen) pen.down = false;
}

byId("undo").addEventListener("click", undo);
byId("clear").addEventListener("click", clear);

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
pad.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (event.ctrlKey || event.altKey || event.metaKey || drawing !== null || (!step && event.key !== " ")) return;
  event.preventDefault();
  pen ??= { x: 0.5, y: 0.5, down: false };
  if (step) {
    const length = event.shiftKey ? 1 / 96 : 1 / 24;
    pen.x = within(pen.x + step[0] * length);
    pen.y = within(pen.y + step[1] * length);
  } else {
    pen.down = !pen.down;
    if (pen.down) strokes.push([]);
  }
  if (pen.down) extend(pen.x, pen.y);
  changed();
});
pad.addEventListener("blur", () => {
  pen = null;
  paint();
});
addEventListener("keydown", (event) => {
  if (drawing !== null) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") undo();
  else if (event.key === "Delete") clear();
});

new ResizeObserver(paint).observe(pad);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
Object.assign(window, { predict: net.predict, strokes });
changed();
