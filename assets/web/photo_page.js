// A photo is dropped, pasted or chosen; it is read here and goes nowhere.

let newest = 0; // of several, the one brought last is shown
let caption = byId("name").textContent; // of the photo in sight

async function bring(file) {
  const turn = ++newest;
  byId("name").textContent = "Reading …";
  try {
    const picture = await net.read(file, file.name || "The picture");
    if (turn === newest) showPhoto(file, picture);
  } catch (error) {
    if (turn !== newest) return;
    complain(error.message);
    byId("name").textContent = caption;
  }
}

function showPhoto(file, picture) {
  const [image, numbers] = [byId("shown"), net.see(picture)];
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(file);
  image.alt = `The photo ${file.name ?? ""}`;
  image.hidden = false;
  net.brought.set(image, picture);
  byId("hint").hidden = true;
  byId("photo").classList.add("filled");
  byId("photo").classList.toggle("cropped", network.fit === "crop");
  caption = `${file.name || "The picture"} stays on your computer.`;
  byId("name").textContent = caption;
  paintSeen(numbers);
  show(numbers, net.unlike(numbers));
}

// Show what the network reads, each number from 0 to 1 as a square.
function paintSeen(numbers) {
  const [channels, height, width] = network.input;
  const context = Object.assign(byId("seen"), { width, height }).getContext("2d");
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = Math.round(255 * numbers[(c % channels) * width * height + i]);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

byId("file").addEventListener("change", ({ target }) => {
  if (target.files.length) bring(target.files[0]);
  target.value = ""; // the same file may be chosen again
});

addEventListener("paste", ({ clipboardData }) => {
  const [file] = clipboardData.files;
  if (file) bring(file);
  else complain("There is no picture in the clipboard.");
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dragging", kind === "dragover");
  });
}
addEventListener("drop", ({ dataTransfer }) => {
  const [file] = dataTransfer.files;
  if (file) bring(file);
  else complain("That was a link or a text: save the picture, then drop its file. This page never goes to the network.");
});

byId("copy").addEventListener("click", async () => {
  const names = Object.keys(asked).join(" = window.");
  const text = `window.${names} = (${brightwire})(${byId("network").textContent.trim()}).classify;`;
  try {
    await navigator.clipboard.writeText(text);
    byId("copied").textContent = "Copied: paste it into the console of another page.";
  } catch {
    byId("copied").textContent = "The browser did not let this page copy.";
  }
});

const asked = Object.fromEntries(network.functions.map((name) => [name, net.classify]));
Object.assign(window, asked);
