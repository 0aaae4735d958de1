// A pen on paper: strokes as a grey picture laid out like MNIST's, as nn/data/pen.py does.
//
// The ink's longer side takes 20 of 28 pixels, its centre of mass lies in the middle, and the
// line has soft edges. Rounded to float32 wherever nn is, so that the pixels are the same.

const WIDTH = 2.6; // of the line, in pixels of a picture of 28
const INK_PART = 20 / 28; // of the picture's edge
const SPACING = 0.5; // pixels between two dabs of the pen
const SOFTNESS = 1.2; // pixels over which the edge of a line fades

const f32 = Math.fround;

function see(strokes) {
  const size = network.picture;
  const width = (WIDTH * size) / 28;
  const dabs = normalise(strokes).flatMap((stroke) => along(stroke, SPACING / size));
  const inked = ink(dabs.length ? layOut(dabs, width, size) : [], width / 2, size);
  const grey = inked.map((part) => f32(Math.floor(f32(f32(part * 255) + 0.5)) / 255));
  return middle(grey, size, 1);
}

function predict(strokes) {
  return answer(see(strokes));
}

// Return points at most `spacing` apart along a line, the given ones at its ends.
function along(line, spacing) {
  if (line.length === 1) return line;
  const travelled = [0];
  for (let i = 1; i < line.length; i++) {
    const [dx, dy] = [0, 1].map((axis) => f32(line[i][axis] - line[i - 1][axis]));
    travelled.push(f32(travelled[i - 1] + f32(Math.sqrt(dx * dx + dy * dy))));
  }
  const whole = travelled.at(-1);
  const count = Math.max(1, Math.ceil(whole / spacing));
  const points = [];
  for (let i = 0, j = 0; i <= count; i++) {
    const at = i < count ? i * (whole / count) : whole;
    while (j < line.length - 1 && travelled[j + 1] <= at) j++;
    if (j === line.length - 1) points.push(line[j]);
    else {
      const [from, part] = [travelled[j], travelled[j + 1] - travelled[j]];
      points.push([0, 1].map((axis) => ((line[j + 1][axis] - line[j][axis]) / part) * (at - from) + line[j][axis]));
    }
  }
  return points;
}

// Scale and move dabs, in pixels: ink as large as MNIST's, its mass in the middle.
function layOut(dabs, width, size) {
  const axes = [0, 1].map((axis) => {
    const values = dabs.map((dab) => dab[axis]);
    return {
      low: values.reduce((a, b) => Math.min(a, b)),
      high: values.reduce((a, b) => Math.max(a, b)),
      mass: values.reduce((a, b) => a + b) / values.length,
    };
  });
  const extent = Math.max(...axes.map(({ low, high }) => high - low));
  const scale = extent > 0 ? Math.max(INK_PART * size - width, 1) / extent : 0;
  const reach = (size - 2 - SOFTNESS - width) / 2;
  const moves = axes.map(({ low, high, mass }) => {
    // The mass to the middle, but not so far that ink would leave the picture.
    const off = Math.min(Math.max(0, (high - mass) * scale - reach), reach - (mass - low) * scale);
    return { mass, to: size / 2 - off };
  });
  return dabs.map((dab) => dab.map((value, axis) => f32((value - moves[axis].mass) * scale + moves[axis].to)));
}

// Press a round pen at every point and keep the darkest ink of each pixel, 0 to 1.
function ink(points, radius, size) {
  const canvas = new Float32Array(size * size);
  const half = Math.ceil(radius + SOFTNESS / 2);
  const reach = f32(radius / SOFTNESS + 0.5);
  for (const point of points) {
    const cell = point.map(Math.floor);
    const [gapX, gapY] = point.map((value, axis) => f32(cell[axis] + 0.5 - half - value));
    for (let v = 0; v <= 2 * half; v++) {
      for (let u = 0; u <= 2 * half; u++) {
        const [column, row] = [cell[0] - half + u, cell[1] - half + v];
        if (row < 0 || row >= size || column < 0 || column >= size) continue;
        const [dx, dy] = [f32(gapX + u), f32(gapY + v)];
        const distance = f32(Math.sqrt(f32(f32(dy * dy) + f32(dx * dx))));
        const value = Math.min(f32(reach - f32(distance / f32(SOFTNESS))), 1);
        canvas[row * size + column] = Math.max(canvas[row * size + column], value);
      }
    }
  }
  return canvas;
}
