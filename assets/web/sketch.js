// Cells: a drawing as zeros and ones, one cell thin, as nn/data/raster.py does.
//
// A cell is set if a point of a stroke lies in it or a segment runs through it. In each row of
// cells a segment covers one run of columns, found by cutting it at the row's two borders.

const TOUCH = 1e-5; // runs shorter than this, in cells, are rounding and not a passage

function see(strokes) {
  const size = network.input[1];
  const cells = new Float32Array(size * size);
  const within = (place) => Math.min(Math.max(place, 0), size - 1);
  const set = (row, left, right) => {
    const first = Math.floor(left + TOUCH);
    const last = Math.max(Math.ceil(right - TOUCH) - 1, first);
    cells.fill(1, row * size + within(first), row * size + within(last) + 1);
  };
  for (const stroke of normalise(strokes)) {
    const points = stroke.map((point) => point.map((value) => value * size));
    for (const [x, y] of points) {
      cells[within(Math.floor(y)) * size + within(Math.floor(x))] = 1;
    }
    for (let i = 1; i < points.length; i++) {
      const [[x0, y0], [x1, y1]] = points[i - 1][1] > points[i][1] ? [points[i], points[i - 1]] : [points[i - 1], points[i]];
      if (Math.floor(x0) === Math.floor(x1) && Math.floor(y0) === Math.floor(y1)) continue;
      const top = Math.floor(y0 + TOUCH);
      const bottom = Math.max(Math.ceil(y1 - TOUCH) - 1, top);
      const slope = (x1 - x0) / Math.max(y1 - y0, TOUCH);
      let enter = x0;
      for (let row = within(top); row <= within(bottom); row++) {
        // At its own end a segment is taken whole, so that a sliver leaves no gap.
        const leave = row === bottom ? x1 : x0 + (row + 1 - y0) * slope;
        set(row, Math.min(enter, leave), Math.max(enter, leave));
        enter = leave;
      }
    }
  }
  return cells;
}

function predict(strokes) {
  return answer(see(strokes));
}
