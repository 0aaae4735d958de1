// JPEG photos, decoded here to the very numbers the app reads. What a browser shows of a photo is
// adapted to its screen and differs from browser to browser.
//
// Written after the standard, ITU-T T.81, for 8-bit baseline and progressive files. As the app
// does, a large photo is decoded at a half, a quarter or an eighth: of each block of 8 × 8
// coefficients only the lowest become n × n pixels. Sums are whole numbers of 13 bits' precision,
// after C. Loeffler, A. Ligtenberg and G. Moschytz, "Practical fast 1-D DCT algorithms", 1989.

class Unreadable extends Error {} // of a kind not read here; a browser may know it
class Damaged extends Error {}
class Refused extends Error {} // says why

const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,
  7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31,
  39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

// From 8 coefficients to n values: even ones (0, 2, 4, 6) and odd ones (1, 3, 5, 7) weighted, the
// sum for the first half of the values, the difference for the second, backwards.
const TRANSFORMS = {
  8: {
    even: [[8192, 10703, 8192, 4433], [8192, 4433, -8192, -10704], [8192, -4433, -8192, 10704], [8192, -10703, 8192, -4433]],
    odd: [[11363, 9633, 6437, 2260], [9633, -2259, -11362, -6436], [6437, -11362, 2261, 9633], [2260, -6436, 9633, -11363]],
    shift: 11,
  },
  4: {
    even: [[16384, 15137, 0, -6270], [16384, -15137, 0, 6270]],
    odd: [[20995, 7373, -4926, -4176], [8697, -17799, 11893, -1730]],
    shift: 12,
  },
  2: { even: [[32768, 0, 0, 0]], odd: [[29692, -10426, 6967, -5906]], shift: 13 },
  1: { even: [[8192, 0, 0, 0]], odd: [[0, 0, 0, 0]], shift: 11 },
};

// Return {width, height, data: red, green, blue, alpha of each pixel, orientation}. The photo comes
// smaller where both edges stay at least `least` pixels.
function decodeJpeg(bytes, least = Infinity) {
  const file = { tables: {}, quantities: [], restart: 0, orientation: 1 };
  let at = 2;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff) {
      at++; // filling between segments
      continue;
    }
    const marker = bytes[at + 1];
    if (marker === 0xd9) break;
    if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    const segment = bytes.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    if (segment.length !== length - 2) throw new Damaged();
    if (marker === 0xdb) readQuantities(segment, file);
    else if (marker === 0xc4) readCodes(segment, file);
    else if (marker === 0xdd) file.restart = segment[0] * 256 + segment[1];
    else if (marker === 0xda) at = readScan(bytes, at, segment, file);
    else if (marker >= 0xe0 && marker <= 0xef) readNote(marker, segment, file);
    else if (marker >= 0xc0 && marker <= 0xc2) readFrame(marker, segment, file);
    else if (marker > 0xc2 && marker <= 0xcf && marker !== 0xc8) throw new Unreadable();
  }
  if (!file.scanned) throw new Damaged();
  return toPixels(file, least);
}

function readNote(marker, segment, file) {
  const text = String.fromCharCode(...segment.subarray(0, 29));
  if (marker === 0xe0 && text.startsWith("JFIF\0")) file.jfif = true;
  if (marker === 0xee && text.startsWith("Adobe")) file.adobe = segment[11];
  if (marker === 0xe1 && text.startsWith("Exif\0\0")) file.orientation = orientationOf(segment.subarray(6));
}

function readQuantities(segment, file) {
  for (let at = 0; at < segment.length; ) {
    const [wide, which] = [segment[at] >> 4, segment[at++] & 15];
    const table = (file.quantities[which] = new Int32Array(64));
    for (const place of ZIGZAG) table[place] = wide ? segment[at++] * 256 + segment[at++] : segment[at++];
  }
}

// Codes of Huffman's are looked up by the next 16 bits: the length of the code and its value.
function readCodes(segment, file) {
  for (let at = 0; at < segment.length; ) {
    const table = (file.tables[segment[at]] = new Uint16Array(1 << 16));
    const counts = segment.subarray(at + 1, at + 17);
    at += 17;
    let code = 0;
    counts.forEach((count, i) => {
      const length = i + 1;
      for (let n = 0; n < count; n++) {
        table.fill((length << 8) | segment[at++], code, code + (1 << (16 - length)));
        code += 1 << (16 - length);
      }
    });
  }
}

function readFrame(marker, segment, file) {
  const [precision, , , , , count] = segment;
  if (precision !== 8 || ![1, 3, 4].includes(count)) throw new Unreadable();
  file.progressive = marker === 0xc2;
  file.height = segment[1] * 256 + segment[2];
  file.width = segment[3] * 256 + segment[4];
  if (!file.height || !file.width) throw new Damaged();
  if (file.width * file.height > MOST_PIXELS) throw new Refused(tooMany(file.width, file.height));
  file.parts = Array.from({ length: count }, (_, i) => {
    const [id, sampling, quantity] = segment.subarray(6 + 3 * i);
    return { id, h: sampling >> 4, v: sampling & 15, quantity, last: 0 };
  });
  if (!file.parts.every(({ h, v }) => h >= 1 && h <= 4 && v >= 1 && v <= 4)) throw new Damaged();
  file.h = Math.max(...file.parts.map(({ h }) => h));
  file.v = Math.max(...file.parts.map(({ v }) => v));
  file.across = Math.ceil(file.width / 8 / file.h);
  file.down = Math.ceil(file.height / 8 / file.v);
  for (const part of file.parts) {
    part.columns = file.across * part.h;
    part.rows = file.down * part.v;
    part.coefficients = new Int16Array(64 * part.columns * part.rows);
  }
}

// -- scans ---------------------------------------------------------------------------------------

function readScan(bytes, at, segment, file) {
  if (!file.parts) throw new Damaged();
  const count = segment[0];
  const scan = { first: segment[1 + 2 * count], last: segment[2 + 2 * count], run: 0 };
  [scan.high, scan.low] = [segment[3 + 2 * count] >> 4, segment[3 + 2 * count] & 15];
  const parts = Array.from({ length: count }, (_, i) => {
    const part = file.parts.find(({ id }) => id === segment[1 + 2 * i]);
    if (!part) throw new Damaged();
    const tables = segment[2 + 2 * i];
    return Object.assign(part, { dc: file.tables[tables >> 4], ac: file.tables[16 + (tables & 15)] });
  });
  const bits = bitsOf(bytes, at);
  const block = !file.progressive ? wholeBlock : scan.first ? (scan.high ? refineAc : firstAc) : scan.high ? refineDc : firstDc;
  const read = (part, row, column) => block(bits, part, 64 * (row * part.columns + column), scan);
  const [alone] = parts;
  const columns = count > 1 ? file.across : Math.ceil(Math.ceil((file.width * alone.h) / file.h) / 8);
  const rows = count > 1 ? file.down : Math.ceil(Math.ceil((file.height * alone.v) / file.v) / 8);
  for (let unit = 0; unit < rows * columns; unit++) {
    if (file.restart && unit && unit % file.restart === 0) {
      bits.restart();
      parts.forEach((part) => (part.last = 0));
      scan.run = 0;
    }
    const [row, column] = [Math.floor(unit / columns), unit % columns];
    if (count === 1) read(alone, row, column);
    else {
      for (const part of parts) {
        for (let n = 0; n < part.h * part.v; n++) {
          read(part, row * part.v + Math.floor(n / part.h), column * part.h + (n % part.h));
        }
      }
    }
  }
  parts.forEach((part) => (part.last = 0));
  file.scanned = true;
  return bits.end();
}

// The bits of a scan. Behind a marker come zeros; where the file ends before its bits do, it is cut off.
function bitsOf(bytes, at) {
  let [kept, count, missing] = [0, 0, 0];
  function peek() {
    while (count <= 24) {
      let byte = 0;
      if (at >= bytes.length) missing += 8;
      else if (bytes[at] !== 0xff) byte = bytes[at++];
      else if (bytes[at + 1] === 0) [byte, at] = [0xff, at + 2];
      kept = (kept << 8) | byte;
      count += 8;
    }
    return (kept >>> (count - 16)) & 0xffff;
  }
  function skip(length) {
    count -= length;
    if (count < missing) throw new Damaged();
  }
  function take(length) {
    if (!length) return 0;
    const value = peek() >>> (16 - length);
    skip(length);
    return value;
  }
  return {
    take,
    code(table) {
      const found = table?.[peek()];
      if (!found) throw new Damaged();
      skip(found >> 8);
      return found & 255;
    },
    signed(length) {
      const value = take(length);
      return length && value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
    },
    restart() {
      [kept, count, missing] = [0, 0, 0];
      at = this.end();
      if (bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd7) at += 2;
    },
    end() {
      let next = at;
      while (next < bytes.length && !(bytes[next] === 0xff && bytes[next + 1] > 0 && bytes[next + 1] < 0xff)) next++;
      return next;
    },
  };
}

function wholeBlock(bits, part, at, scan) {
  firstDc(bits, part, at, { low: 0 });
  firstAc(bits, part, at, { first: 1, last: 63, low: 0, run: 0 });
}

function firstDc(bits, part, at, { low }) {
  part.last += bits.signed(bits.code(part.dc));
  part.coefficients[at] = part.last << low;
}

function refineDc(bits, part, at, { low }) {
  if (bits.take(1)) part.coefficients[at] |= 1 << low;
}

function firstAc(bits, { ac, coefficients }, at, scan) {
  if (scan.run) {
    scan.run--; // one of a run of blocks with nothing more in them
    return;
  }
  for (let k = scan.first; k <= scan.last; k++) {
    const found = bits.code(ac);
    const [zeros, length] = [found >> 4, found & 15];
    if (length) {
      k += zeros;
      if (k > 63) throw new Damaged();
      coefficients[at + ZIGZAG[k]] = bits.signed(length) << scan.low;
    } else if (zeros === 15) k += 15;
    else {
      scan.run = (1 << zeros) - 1 + bits.take(zeros);
      return;
    }
  }
}

function refineAc(bits, { ac, coefficients }, at, scan) {
  const [plus, minus] = [1 << scan.low, -1 << scan.low];
  const refine = (place) => {
    if (bits.take(1) && !(coefficients[place] & plus)) coefficients[place] += coefficients[place] > 0 ? plus : minus;
  };
  let k = scan.first;
  while (!scan.run && k <= scan.last) {
    const found = bits.code(ac);
    let zeros = found >> 4;
    if (!(found & 15) && zeros < 15) {
      scan.run = (1 << zeros) + bits.take(zeros);
      break;
    }
    const value = found & 15 ? (bits.take(1) ? plus : minus) : 0;
    for (; k <= scan.last; k++) {
      const place = at + ZIGZAG[k];
      if (coefficients[place]) refine(place);
      else if (zeros-- === 0) {
        coefficients[place] = value;
        k++;
        break;
      }
    }
  }
  if (scan.run) {
    for (; k <= scan.last; k++) if (coefficients[at + ZIGZAG[k]]) refine(at + ZIGZAG[k]);
    scan.run--;
  }
}

// -- from coefficients to pixels -----------------------------------------------------------------

function toPixels(file, least) {
  const room = Math.min(Math.floor(file.width / least), Math.floor(file.height / least));
  const n = [1, 2, 4, 8].find((n) => n === 8 || room >= 8 / n); // pixels of a block's edge
  const width = Math.ceil((file.width * n) / 8);
  const height = Math.ceil((file.height * n) / 8);
  const planes = file.parts.map((part) => toPlane(part, file, n, width, height));
  const data = new Uint8ClampedArray(4 * width * height);
  const colours = coloursOf(file);
  for (let i = 0; i < width * height; i++) {
    colours(data, 4 * i, planes[0][i], planes[1]?.[i], planes[2]?.[i], planes[3]?.[i]);
    data[4 * i + 3] = 255;
  }
  return { width, height, data, orientation: file.orientation };
}

// Return one colour at the size of the photo.
function toPlane(part, file, least, width, height) {
  // A colour stored smaller is decoded at more pixels a block, where that makes up for it.
  let n = least;
  while (n < 8 && (file.h * least) % (part.h * n * 2) === 0 && (file.v * least) % (part.v * n * 2) === 0) n *= 2;
  const wide = part.columns * n;
  const values = new Uint8ClampedArray(wide * part.rows * n);
  const quantities = file.quantities[part.quantity];
  if (!quantities) throw new Damaged();
  const transform = TRANSFORMS[n];
  const lines = new Int32Array(8 * n);
  for (let block = 0; block < part.columns * part.rows; block++) {
    const first = Math.floor(block / part.columns) * n * wide + (block % part.columns) * n;
    for (let column = 0; column < 8; column++) {
      spread(part.coefficients, 64 * block + column, quantities, column, lines, column, transform, n, transform.shift, 0);
    }
    for (let row = 0; row < n; row++) {
      spread(lines, 8 * row, null, 0, values, first + row * wide, transform, n, transform.shift + 7, 128);
    }
  }
  const [across, down] = [(file.h * least) / (part.h * n), (file.v * least) / (part.v * n)];
  const used = [Math.ceil((file.width * part.h * n) / (file.h * 8)), Math.ceil((file.height * part.v * n) / (file.v * 8))];
  const smoothX = across === 2 && (down === 1 || down === 2) && used[0] > 2 && least > 1;
  const smoothY = down === 2 && least > 1 && (across === 1 || smoothX);
  return enlarge(values, wide, used, width, height, across, down, smoothX, smoothY);
}

// Transform one line of 8 coefficients: a column (with its quantities) to a column, then a row to a row.
function spread(from, at, quantities, q, to, place, { even, odd }, n, shift, add) {
  const [source, step] = quantities ? [8, 8] : [1, 1];
  const c = (i) => from[at + i * source] * (quantities ? quantities[q + 8 * i] : 1);
  const [c0, c1, c2, c3, c4, c5, c6, c7] = [c(0), c(1), c(2), c(3), c(4), c(5), c(6), c(7)];
  const half = 1 << (shift - 1);
  for (let i = 0; i < even.length; i++) {
    const [e, o] = [even[i], odd[i]];
    const sum = e[0] * c0 + e[1] * c2 + e[2] * c4 + e[3] * c6;
    const difference = o[0] * c1 + o[1] * c3 + o[2] * c5 + o[3] * c7;
    to[place + (n - 1 - i) * step] = ((sum - difference + half) >> shift) + add;
    to[place + i * step] = ((sum + difference + half) >> shift) + add;
  }
}

// Bring a colour to the photo's size. Where it is half as wide or high, three parts of the nearer
// value and one of the next are mixed; else values are repeated.
function enlarge(values, wide, [columns, rows], width, height, across, down, smoothX, smoothY) {
  if (across === 1 && down === 1 && wide === width) return values;
  const result = new Uint8ClampedArray(width * height);
  const bits = 2 * (smoothX + smoothY);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / down);
    const beside = smoothY ? Math.min(Math.max(row + (y % 2 ? 1 : -1), 0), rows - 1) : row;
    const mixed = (x) => (smoothY ? 3 * values[row * wide + x] + values[beside * wide + x] : values[row * wide + x]);
    for (let x = 0; x < width; x++) {
      const column = Math.floor(x / across);
      let sum = mixed(column);
      // Halves are rounded up and down in turn.
      if (smoothX) sum = 3 * sum + mixed(Math.min(Math.max(column + (x % 2 ? 1 : -1), 0), columns - 1));
      const round = bits === 4 ? 8 - (x % 2) : bits === 2 ? 1 + ((smoothX ? x : y) % 2) : 0;
      result[y * width + x] = (sum + round) >> bits;
    }
  }
  return result;
}

function coloursOf({ parts, jfif, adobe }) {
  const ids = String.fromCharCode(...parts.map(({ id }) => id));
  const fromLight = (to, at, y, cb, cr) => {
    to[at] = y + ((91881 * (cr - 128) + 32768) >> 16);
    to[at + 1] = y + ((-22554 * (cb - 128) - 46802 * (cr - 128) + 32768) >> 16);
    to[at + 2] = y + ((116130 * (cb - 128) + 32768) >> 16);
  };
  // Inks are stored as Adobe does: 255 is none.
  const fromInks = (to, at, cyan, magenta, yellow, black) => {
    [cyan, magenta, yellow].forEach((light, i) => {
      const product = (255 - light) * black + 128;
      to[at + i] = black - (((product >> 8) + product) >> 8);
    });
  };
  if (parts.length === 1) return (to, at, y) => to.fill(y, at, at + 3);
  if (parts.length === 4) {
    if (adobe !== 2) return fromInks;
    return (to, at, y, cb, cr, black) => {
      fromLight(to, at, y, cb, cr);
      fromInks(to, at, 255 - to[at], 255 - to[at + 1], 255 - to[at + 2], black);
    };
  }
  const plain = jfif ? false : adobe !== undefined ? adobe === 0 : ids === "RGB";
  return plain ? (to, at, red, green, blue) => to.set([red, green, blue], at) : fromLight;
}
