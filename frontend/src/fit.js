// Showing a whole diagram, as long as it can still be read.

const READABLE = 0.4;
const MARGIN = 24; // pixels, around the diagram

/**
 * Zoom so that everything is seen, beside `left` pixels that something else covers. Where that would be too small,
 * show the part around `anchor`, or the left edge, at the smallest readable size.
 */
export function fit(canvas, { anchor = null, left = 0 } = {}) {
  canvas.resized();
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !outer.width) return;
  const free = { width: outer.width - left - 2 * MARGIN, height: outer.height - 2 * MARGIN };
  const whole = Math.min(free.width / inner.width, free.height / inner.height, 1);
  const scale = Math.max(whole, READABLE);
  let middle = { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2 };
  if (whole < READABLE) {
    middle = anchor ? centre(anchor) : { x: inner.x + free.width / scale / 2, y: middle.y };
  }
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({ x: middle.x - left / scale / 2 - width / 2, y: middle.y - height / 2, width, height });
}

function centre({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}
