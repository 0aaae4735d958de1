// The network: every layer is a function from numbers to numbers, as nn/layers describes them.
//
// `network` is what the page's JSON says: input, layers, class names, loss, and all numbers as
// one base64 text of float32. Pictures are [channels, height, width], channel by channel, row by
// row; a flat list is a picture of one pixel with many channels. Sums are made in double
// precision and kept as float32.

const layers = unpack(network);

function unpack({ layers, numbers }) {
  const bytes = Uint8Array.from(atob(numbers), (letter) => letter.charCodeAt(0));
  const values = new Float32Array(bytes.buffer); // little-endian, as every browser's computer is
  let from = 0;
  return layers.map(({ arrays, ...layer }) => {
    for (const [name, size] of Object.entries(arrays)) {
      layer[name] = values.subarray(from, (from += size));
    }
    return layer;
  });
}

// Return the scores of all classes, and the features that went into the last dense layer.
function run(numbers) {
  let shape = network.input;
  let values = Float32Array.from(numbers);
  let features = values;
  for (const layer of layers) {
    if (layer.kind === "dense") features = values;
    const result = new Float32Array(layer.shape.reduce((a, b) => a * b));
    LAYERS[layer.kind](values, asPicture(shape), result, asPicture(layer.shape), layer);
    shape = layer.shape;
    values = result;
  }
  return { scores: network.loss === "softmax" ? softmax(values) : values, features };
}

function asPicture(shape) {
  return shape.length === 3 ? shape : [shape[0], 1, 1];
}

// Each fills y, of the shape after it, from x.
const LAYERS = {
  dense(x, _, y, __, { weight, bias }) {
    for (let i = 0; i < y.length; i++) {
      let sum = bias[i];
      for (let j = 0; j < x.length; j++) sum += weight[i * x.length + j] * x[j];
      y[i] = sum;
    }
  },

  conv(x, [channels, height, width], y, [filters, rows, columns], layer) {
    const { weight, bias, kernel_size: [kh, kw], stride: [down, right], padding: [top, left] } = layer;
    const sums = new Float64Array(rows * columns);
    let next = 0; // weights lie filter by filter, channel by channel, row by row
    for (let f = 0; f < filters; f++) {
      sums.fill(bias[f]);
      for (let c = 0; c < channels; c++) {
        for (let u = 0; u < kh; u++) {
          for (let v = 0; v < kw; v++) {
            const w = weight[next++];
            for (let i = 0; i < rows; i++) {
              const row = i * down + u - top;
              if (row < 0 || row >= height) continue; // zeros outside the picture
              const line = (c * height + row) * width;
              for (let j = 0; j < columns; j++) {
                const column = j * right + v - left;
                if (column >= 0 && column < width) sums[i * columns + j] += w * x[line + column];
              }
            }
          }
        }
      }
      y.set(sums, f * sums.length);
    }
  },

  maxpool(x, shape, y, after, layer) {
    pool(x, shape, y, after, layer, (a, b) => Math.max(a, b));
  },

  avgpool(x, shape, y, after, layer) {
    pool(x, shape, y, after, layer, (a, b) => a + b);
    const area = layer.kernel_size[0] * layer.kernel_size[1];
    for (let i = 0; i < y.length; i++) y[i] /= area;
  },

  batchnorm(x, [channels], y, _, { mean, var: variance, eps, weight, bias }) {
    const area = x.length / channels;
    for (let i = 0; i < x.length; i++) {
      const c = Math.floor(i / area);
      y[i] = ((x[i] - mean[c]) / Math.sqrt(variance[c] + eps)) * weight[c] + bias[c];
    }
  },

  lrn(x, [channels], y, _, { size, alpha, beta, k }) {
    const area = x.length / channels;
    const [below, above] = [Math.floor(size / 2), Math.floor((size - 1) / 2)];
    for (let i = 0; i < x.length; i++) {
      const c = Math.floor(i / area);
      let squares = 0;
      for (let n = Math.max(c - below, 0); n <= Math.min(c + above, channels - 1); n++) {
        squares += x[i + (n - c) * area] ** 2;
      }
      y[i] = x[i] / (k + (alpha / size) * squares) ** beta;
    }
  },

  maxout(x, _, y, [channels], { pieces }) {
    const area = y.length / channels;
    for (let i = 0; i < y.length; i++) {
      const first = Math.floor(i / area) * pieces * area + (i % area);
      y[i] = x[first];
      for (let n = 1; n < pieces; n++) y[i] = Math.max(y[i], x[first + n * area]);
    }
  },

  softmax(x, [channels], y) {
    const area = x.length / channels;
    for (let i = 0; i < area; i++) {
      const pixel = softmax(Array.from({ length: channels }, (_, c) => x[c * area + i]));
      pixel.forEach((value, c) => (y[c * area + i] = value));
    }
  },

  relu: each((v) => Math.max(v, 0)),
  leaky_relu: each((v, { slope }) => Math.max(v, slope * v)),
  sigmoid: each((v) => 0.5 * Math.tanh(0.5 * v) + 0.5),
  tanh: each(Math.tanh),
  flatten: each((v) => v), // a picture's numbers already lie in this order
  dropout: each((v) => v), // rests when a network only looks
};

function each(of) {
  return (x, _, y, __, layer) => x.forEach((value, i) => (y[i] = of(value, layer)));
}

// Rows and columns that fill no whole square are left out; what hangs over the border is not there.
function pool(x, [, height, width], y, [channels, rows, columns], layer, join) {
  const { kernel_size: [kh, kw], stride: [down, right], padding: [top, left] = [0, 0] } = layer;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let found;
        for (let row = Math.max(i * down - top, 0); row < Math.min(i * down - top + kh, height); row++) {
          for (let column = Math.max(j * right - left, 0); column < Math.min(j * right - left + kw, width); column++) {
            const value = x[(c * height + row) * width + column];
            found = found === undefined ? value : join(found, value);
          }
        }
        y[(c * rows + i) * columns + j] = found;
      }
    }
  }
}

function softmax(logits) {
  const most = logits.reduce((a, b) => Math.max(a, b));
  const parts = Array.from(logits, (value) => Math.exp(value - most));
  const sum = parts.reduce((a, b) => a + b);
  return Float32Array.from(parts, (part) => part / sum);
}

// Return the place of the largest score, -1 if none is finite.
function best(scores) {
  return scores.reduce((top, s, i) => (Number.isFinite(s) && !(s <= scores[top]) ? i : top), -1);
}

// Return what the console shows: the likeliest class and the score of each by its name.
function answer(numbers) {
  const { scores } = run(numbers);
  return {
    label: network.names[best(scores)],
    probabilities: Object.fromEntries(network.names.map((name, i) => [name, scores[i]])),
  };
}

// Return the middle of a square picture whose edge is `size`, as large as the network's input.
function middle(values, size, channels) {
  const edge = network.input[1];
  const from = Math.floor((size - edge) / 2);
  const cut = new Float32Array(channels * edge * edge);
  for (let i = 0; i < cut.length; i++) {
    const [c, row, column] = [Math.floor(i / edge / edge), Math.floor(i / edge) % edge, i % edge];
    cut[i] = values[(c * size + from + row) * size + from + column];
  }
  return cut;
}
