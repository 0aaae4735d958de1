// Photos: from whatever a person brings to the pixels the network reads, as nn/data/photo.py does.
//
// Turned as EXIF data says, transparency on white, the middle square (or all of it, on white),
// made small by averaging: the steps and roundings of the app, so that the pixels are the same.
// A picture is {width, height, data}, four bytes a pixel: red, green, blue, alpha.

const MOST_BYTES = 100_000_000;
const MOST_PIXELS = 80_000_000;
const WANTED = "a JPEG, PNG, GIF, BMP or WebP picture";
const GREY = [0.299, 0.587, 0.114]; // ITU-R BT.601
const FAINT = 0.02; // standard deviation below which there is nothing to see

const tooMany = (width, height) => `has too many pixels to open, at most 80 million are allowed, got ${width}×${height}`;

// Return a file's picture, decoded and upright; an error says in a sentence what was wrong with it.
async function read(file, name = file.name || "The picture") {
  try {
    if (!file.size) throw new Refused(`is empty (0 bytes), expected ${WANTED}`);
    if (file.size > MOST_BYTES) throw new Refused("is larger than 100 MB, too much to open");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const other = otherKind(bytes);
    if (other) throw new Refused(`is ${other}, expected ${WANTED}`);
    return upright(await decode(file, bytes));
  } catch (error) {
    if (error instanceof Damaged) throw new Error(`${name}: is damaged or cut off, expected a whole picture.`);
    if (error instanceof Refused) throw new Error(`${name}: ${error.message}.`);
    if (error instanceof RangeError) throw new Error(`${name}: takes more memory to open than there is.`);
    throw new Error(`${name}: can't be read as a picture, expected ${WANTED}.`);
  }
}

async function decode(file, bytes) {
  const starts = (...begin) => begin.every((byte, i) => bytes[i] === byte);
  try {
    if (starts(0xff, 0xd8, 0xff)) return decodeJpeg(bytes, 2 * network.picture);
    if (starts(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)) return await decodePng(bytes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  // The browser reads the others; it turns them as EXIF says.
  const image = await createImageBitmap(file, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
  return pixelsOf(image, image.width, image.height);
}

// Name what a file is if it is something known that is not opened.
function otherKind(bytes) {
  const head = String.fromCharCode(...bytes.subarray(0, 4096));
  const text = head.replace(/^(\xef\xbb\xbf|\s)+/, "").toLowerCase();
  if (text.startsWith("<svg") || (text.startsWith("<?xml") && text.includes("<svg"))) return "an SVG drawing, which has no pixels";
  if (head.slice(4, 8) === "ftyp") {
    if (/^(hei[cxms]|hevc|hevx|mif1|msf1)/.test(head.slice(8))) return "a HEIC photo, which is not read here (share or export it as JPEG)";
    if (!/^avi[fs]/.test(head.slice(8))) return "a film";
  }
  if (text.startsWith("%pdf")) return "a PDF document";
  if (text.startsWith("pk\x03\x04")) return "a zip archive";
  if (/^(II\*\0|MM\0\*)/.test(head)) return "a TIFF picture, which is not read here (export it as PNG)";
  if (/^\0+$/.test(head.slice(0, 512))) return "nothing but zeros";
  if (!/[^\t\n\r\f\x20-\xff]/.test(head.slice(0, 512)) && !head.startsWith("BM")) return "a text file";
  return null;
}

// Return the picture that an image element, a canvas or a video shows, its pixels as they are.
function ofElement(element) {
  const width = element.naturalWidth || element.videoWidth || element.width;
  const height = element.naturalHeight || element.videoHeight || element.height;
  if (!(width > 0 && height > 0)) throw new TypeError("This has no picture yet: wait until it has loaded.");
  if (width * height > MOST_PIXELS) throw new RangeError(`The picture ${tooMany(width, height)}.`);
  try {
    return pixelsOf(element, width, height);
  } catch {
    throw new Error("The browser keeps pictures of other sites to itself: save this one, and drop the file on the page.");
  }
}

function pixelsOf(source, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

// -- turning -------------------------------------------------------------------------------------

// Return how EXIF data says that the camera was held, 1 (upright) to 8; 1 where it is damaged.
function orientationOf(exif) {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.length);
  try {
    const little = view.getUint16(0) === 0x4949;
    const at = view.getUint32(4, little);
    for (let i = 0; i < view.getUint16(at, little); i++) {
      const entry = at + 2 + 12 * i;
      if (view.getUint16(entry, little) !== 0x0112) continue;
      const found = view.getUint16(entry + 8, little);
      return found >= 1 && found <= 8 ? found : 1;
    }
  } catch {
    // damaged EXIF data is no reason to refuse a photo
  }
  return 1;
}

function upright({ width, height, data, orientation = 1 }) {
  if (orientation === 1) return { width, height, data };
  const [right, bottom] = [width - 1, height - 1];
  const source = {
    2: (x, y) => [right - x, y],
    3: (x, y) => [right - x, bottom - y],
    4: (x, y) => [x, bottom - y],
    5: (x, y) => [y, x],
    6: (x, y) => [y, bottom - x],
    7: (x, y) => [right - y, bottom - x],
    8: (x, y) => [right - y, x],
  }[orientation];
  const turned = orientation >= 5 ? { width: height, height: width } : { width, height };
  const [from, to] = [new Uint32Array(data.buffer), new Uint32Array(width * height)];
  for (let i = 0; i < to.length; i++) {
    const [x, y] = source(i % turned.width, Math.floor(i / turned.width));
    to[i] = from[y * width + x];
  }
  return { ...turned, data: new Uint8ClampedArray(to.buffer) };
}

// -- making small --------------------------------------------------------------------------------

// Return what the network reads of a picture, numbers from 0 to 1.
function see(picture) {
  const { picture: size, input: [channels] } = network;
  const { data } = squared(onWhite(picture), size, network.fit);
  const values = new Float32Array(channels * size * size);
  for (let i = 0; i < size * size; i++) {
    const colours = [0, 1, 2].map((c) => Math.fround(data[4 * i + c] / 255));
    if (channels === 1) values[i] = colours.reduce((sum, colour, c) => sum + colour * GREY[c], 0);
    else colours.forEach((colour, c) => (values[c * size * size + i] = colour));
  }
  return middle(values, size, channels);
}

function onWhite({ width, height, data }) {
  const result = data.slice();
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3];
    for (let i = at; alpha < 255 && i < at + 3; i++) {
      const sum = data[i] * alpha + 255 * (255 - alpha) + 128;
      result[i] = ((sum >> 8) + sum) >> 8;
    }
    result[at + 3] = 255;
  }
  return { width, height, data: result };
}

function squared(picture, size, fit) {
  const { width, height } = picture;
  if (fit === "crop") {
    const edge = Math.min(width, height);
    const [left, top] = [(width - edge) / 2, (height - edge) / 2];
    return resized(picture, size, size, [left, top, left + edge, top + edge]);
  }
  const [inWidth, inHeight] = [width, height].map((n) => Math.max(1, toEven((n * size) / Math.max(width, height))));
  const small = resized(picture, inWidth, inHeight, [0, 0, width, height]);
  const data = new Uint8ClampedArray(4 * size * size).fill(255);
  const [left, top] = [Math.floor((size - inWidth) / 2), Math.floor((size - inHeight) / 2)];
  for (let row = 0; row < inHeight; row++) {
    data.set(small.data.subarray(4 * row * inWidth, 4 * (row + 1) * inWidth), 4 * ((top + row) * size + left));
  }
  return { width: size, height: size, data };
}

// Round, a half to the even number.
function toEven(value) {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
}

// Return the part of a picture in `box` (left, top, right, bottom) at another size: a large one
// first by averaging whole blocks, then by Lanczos' window of three.
function resized(picture, width, height, box) {
  const whole = box[2] - box[0] === picture.width && box[3] - box[1] === picture.height;
  if (whole && picture.width === width && picture.height === height) return picture;
  const scales = [(box[2] - box[0]) / width, (box[3] - box[1]) / height];
  const factors = scales.map((scale) => Math.floor(scale / 3) || 1);
  if (Math.max(...factors) > 1) {
    const from = [0, 1].map((a) => Math.max(0, Math.trunc(box[a] - 2.5 * scales[a])));
    const to = [0, 1].map((a) => Math.min([picture.width, picture.height][a], Math.ceil(box[2 + a] + 2.5 * scales[a])));
    picture = reduced(picture, factors, from, to);
    box = box.map((value, i) => (value - from[i % 2]) / factors[i % 2]);
  }
  const [left, top, right, bottom] = box.map(Math.fround);
  const across = (picture) => narrowed(picture, width, left, right);
  const down = (picture) => transposed(narrowed(transposed(picture), height, top, bottom));
  // Each pass rounds, so their order counts; Pillow 13 takes the greater loss of height first.
  const [less, lower] = [picture.width - width, picture.height - height];
  return lower > 0 && lower > 2 * less ? across(down(picture)) : down(across(picture));
}

// Return the means of blocks of pixels; those at the right and bottom may be smaller.
function reduced({ width, data }, [across, down], [left, top], [right, bottom]) {
  const small = { width: Math.ceil((right - left) / across), height: Math.ceil((bottom - top) / down) };
  small.data = new Uint8ClampedArray(4 * small.width * small.height);
  for (let y = 0; y < small.height; y++) {
    const [first, last] = [top + y * down, Math.min(top + (y + 1) * down, bottom)];
    for (let x = 0; x < small.width; x++) {
      const [start, end] = [left + x * across, Math.min(left + (x + 1) * across, right)];
      const count = (last - first) * (end - start);
      const share = Math.trunc(Math.fround(2 ** 32 / (256 * count))); // of 2 ** 24
      for (let c = 0; c < 4; c++) {
        let sum = Math.floor(count / 2);
        for (let row = first; row < last; row++) {
          for (let column = start; column < end; column++) sum += data[4 * (row * width + column) + c];
        }
        small.data[4 * (y * small.width + x) + c] = Math.floor((sum * share) / 2 ** 24);
      }
    }
  }
  return small;
}

// Return a picture whose columns `left` to `right` have become `count`.
function narrowed({ width, height, data }, count, left, right) {
  const weights = weightsOf(width, left, right, count);
  const result = new Uint8ClampedArray(4 * count * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < count; x++) {
      const { first, parts } = weights[x];
      for (let c = 0; c < 4; c++) {
        let sum = 2 ** (PRECISION - 1);
        for (let n = 0; n < parts.length; n++) sum += data[4 * (y * width + first + n) + c] * parts[n];
        result[4 * (y * count + x) + c] = sum >> PRECISION;
      }
    }
  }
  return { width: count, height, data: result };
}

const PRECISION = 22; // bits of a weight

function weightsOf(size, left, right, count) {
  const scale = Math.fround(right - left) / count;
  const stretch = Math.max(scale, 1);
  return Array.from({ length: count }, (_, i) => {
    const centre = left + (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - 3 * stretch + 0.5));
    const last = Math.min(size, Math.trunc(centre + 3 * stretch + 0.5));
    const parts = Array.from({ length: last - first }, (_, n) => lanczos((n + first - centre + 0.5) * (1 / stretch)));
    const sum = parts.reduce((a, b) => a + b, 0);
    return { first, parts: parts.map((part) => Math.trunc((part / sum) * 2 ** PRECISION + (part < 0 ? -0.5 : 0.5))) };
  });
}

function lanczos(x) {
  const sinc = (v) => (v === 0 ? 1 : Math.sin(v * Math.PI) / (v * Math.PI));
  return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

function transposed(picture) {
  return upright({ ...picture, orientation: 5 });
}

// -- asking --------------------------------------------------------------------------------------

const brought = new WeakMap(); // image elements whose file was read here, and its picture

// Return what an image element, canvas or video shows; of a file or blob, a promise of it.
function classify(source) {
  if (source instanceof Blob) return read(source).then((picture) => answer(see(picture)));
  const drawable = ["img", "canvas", "video"].includes(source?.localName);
  if (!drawable) throw new TypeError("Give me an image, a canvas, a video or a file, for example $0.");
  return answer(see(brought.get(source) ?? ofElement(source)));
}

// Return a warning when a prepared picture looks like no class, else null; as nn/photo_familiarity.py.
function unlike(numbers) {
  const { familiarity, input: [channels, edge] } = network;
  if (!familiarity) return null;
  const area = edge * edge;
  const deviations = Array.from({ length: channels }, (_, c) => {
    const part = Array.from(numbers.subarray(c * area, (c + 1) * area));
    const mean = part.reduce((a, b) => a + b) / area;
    return Math.sqrt(part.reduce((sum, v) => sum + (v - mean) ** 2, 0) / area);
  });
  if (Math.max(...deviations) < FAINT) return "There is next to nothing to see in this photo: it is all of one colour.";
  const { mean, centres, threshold } = familiarity;
  const away = Array.from(run(numbers).features, (feature, i) => feature - mean[i]);
  const length = Math.max(Math.hypot(...away), 1e-6);
  const nearest = centres.map((centre) => centre.reduce((sum, part, i) => sum + part * away[i], 0) / length);
  const distance = 1 - Math.max(...nearest);
  if (distance <= threshold) return null;
  return (
    "This photo may be neither: its features are unlike those of the training pictures " +
    `(distance ${distance.toFixed(2)}, usual is up to ${threshold.toFixed(2)}).`
  );
}
