// Strokes: cleaned, and brought into the unit square, as nn/data/strokes.py does.
//
// A stroke is a list of points [x, y] in drawing order, x to the right and y down, in any unit.

const MARGIN = 0.05; // free border on each side, as a part of the edge
const HUGE = 1e150; // beyond this, differences of coordinates could overflow

// Return the strokes without points that are not finite, and without those that are empty then.
function clean(strokes) {
  if (!Array.isArray(strokes)) throw new TypeError(STROKES_WANTED);
  return strokes
    .map((stroke) =>
      Array.from(stroke, (point) => {
        if (point?.length !== 2) throw new TypeError(STROKES_WANTED);
        return [Number(point[0]), Number(point[1])];
      }).filter((point) => point.every(Number.isFinite)),
    )
    .filter((stroke) => stroke.length);
}

const STROKES_WANTED = "Strokes should be lists of points, like [[[0, 0], [1, 1]], [[1, 0], [0, 1]]].";

// Scale and move a drawing into the unit square: aspect kept, centred, longer side 0.9.
function normalise(strokes) {
  let cleaned = clean(strokes);
  if (!cleaned.length) return [];
  const most = cleaned.flat(2).reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  if (most > HUGE) cleaned = cleaned.map((stroke) => stroke.map((p) => p.map((v) => v / HUGE / 1e10)));
  const ends = [0, 1].map((axis) => {
    const values = cleaned.flat().map((point) => point[axis]);
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  });
  const extent = Math.max(...ends.map(([low, high]) => high - low));
  const unit = (value, axis) => {
    const [low, high] = ends[axis];
    const part = extent > 0 ? (value - (low + (high - low) / 2)) / extent : 0;
    return Math.fround(Math.min(Math.max(part * (1 - 2 * MARGIN) + 0.5, 0), 1));
  };
  return cleaned.map((stroke) => stroke.map((point) => point.map(unit)));
}
