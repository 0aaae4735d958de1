// PNG pictures, decoded here: a canvas would lose what is nearly transparent, and show 16 bits and
// colour profiles in its own way. Written after the W3C's specification.

const PNG_BITS = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };
const PNG_SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }; // a pixel, by kind of colour
const WHOLE = [[0, 0, 1, 1]]; // first column and row, steps between columns and rows
const INTERLACED = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

// Return {width, height, data, orientation} like `decodeJpeg`; alpha is as stored.
async function decodePng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const file = { orientation: 1, packed: [] };
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const chunk = bytes.subarray(at + 8, at + 8 + length);
    if (chunk.length < length || name === "IEND") break;
    if (name === "IHDR" && length === 13) readHeader(chunk, view, at + 8, file);
    if (name === "PLTE") file.palette = chunk;
    if (name === "tRNS") file.clear = chunk;
    if (name === "IDAT") file.packed.push(chunk);
    if (name === "eXIf") file.orientation = orientationOf(chunk);
    at += 12 + length;
  }
  if (!file.width || (file.kind === 3 && !file.palette)) throw new Damaged();
  const passes = (file.interlaced ? INTERLACED : WHOLE)
    .map(([x, y, right, down]) => {
      const [columns, rows] = [Math.ceil((file.width - x) / right), Math.ceil((file.height - y) / down)];
      return { x, y, right, down, columns, rows, line: Math.ceil((columns * file.samples * file.bits) / 8) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const stored = await inflate(file.packed, passes.reduce((sum, { rows, line }) => sum + rows * (line + 1), 0));
  const data = new Uint8ClampedArray(4 * file.width * file.height);
  let at = 0;
  for (const pass of passes) {
    const part = stored.subarray(at, (at += pass.rows * (pass.line + 1)));
    unfilter(part, pass, Math.max(1, (file.samples * file.bits) >> 3));
    for (let row = 0; row < pass.rows; row++) {
      const line = part.subarray(row * (pass.line + 1) + 1, (row + 1) * (pass.line + 1));
      const first = (pass.y + row * pass.down) * file.width + pass.x;
      readPixels(samplesOf(line, file.bits, pass.columns * file.samples), file, data, 4 * first, 4 * pass.right);
    }
  }
  return { width: file.width, height: file.height, data, orientation: file.orientation };
}

function readHeader(chunk, view, at, file) {
  const [bits, kind, , , interlaced] = chunk.subarray(8);
  if (!PNG_BITS[kind]?.includes(bits)) throw new Damaged();
  Object.assign(file, { bits, kind, interlaced, samples: PNG_SAMPLES[kind] });
  [file.width, file.height] = [view.getUint32(at), view.getUint32(at + 4)];
  if (file.width * file.height > MOST_PIXELS) throw new Refused(tooMany(file.width, file.height));
}

// Return exactly `size` bytes: no more is unpacked, however much there may be.
async function inflate(packed, size) {
  const result = new Uint8Array(size);
  const reader = new Blob(packed).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  let at = 0;
  try {
    while (at < size) {
      const { done, value } = await reader.read();
      if (done) throw new Damaged();
      result.set(value.subarray(0, size - at), at);
      at += value.length;
    }
  } catch {
    throw new Damaged();
  }
  reader.cancel().catch(() => {});
  return result;
}

// Each line says how it was predicted from its neighbours; `back` is the bytes of a pixel.
function unfilter(part, { rows, line }, back) {
  for (let row = 0; row < rows; row++) {
    const start = row * (line + 1);
    const filter = part[start];
    if (filter > 4) throw new Damaged();
    for (let i = start + 1; filter && i <= start + line; i++) {
      const left = i - start > back ? part[i - back] : 0;
      const above = row ? part[i - line - 1] : 0;
      if (filter === 1) part[i] += left;
      else if (filter === 2) part[i] += above;
      else if (filter === 3) part[i] += (left + above) >> 1;
      else part[i] += nearest(left, above, row && i - start > back ? part[i - line - 1 - back] : 0);
    }
  }
}

// Return of three neighbours the one nearest to left + above - corner.
function nearest(left, above, corner) {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

// Return a line's samples, one a byte: of 16 bits the upper eight, smaller ones as they are.
function samplesOf(line, bits, count) {
  if (bits === 8) return line;
  if (bits === 16) return line.filter((_, i) => i % 2 === 0);
  return Uint8Array.from({ length: count }, (_, i) => {
    const bit = i * bits;
    return (line[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
  });
}

// Write a line's pixels to `data`, `step` bytes apart. What a file names as transparent becomes so.
function readPixels(line, { bits, kind, samples, palette, clear }, data, at, step) {
  const colours = samples < 3 ? 1 : 3;
  const full = bits < 8 ? 255 / ((1 << bits) - 1) : 1;
  const gone = clear && (bits === 1 ? [255 * clear[1]] : [clear[1], clear[3], clear[5]].slice(0, colours));
  const named = gone && (kind === 2 || (kind === 0 && bits < 16));
  for (let i = 0; i < line.length; i += samples, at += step) {
    if (kind === 3) {
      for (let n = 0; n < 3; n++) data[at + n] = palette[3 * line[i] + n] ?? 0;
      data[at + 3] = clear?.[line[i]] ?? 255;
      continue;
    }
    for (let n = 0; n < 3; n++) data[at + n] = line[i + (n % colours)] * full;
    data[at + 3] = samples > colours ? line[i + colours] : 255;
    if (named && gone.every((value, n) => data[at + n] === value)) data[at + 3] = 0;
  }
}
