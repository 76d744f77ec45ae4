// Showing a whole diagram, as long as it can still be read.

const READABLE = 0.45;
const MARGIN = 0.96;

/** Zoom so that everything is seen; where that would be too small, show the part around `anchor`, or the left edge. */
export function fit(canvas, anchor = null) {
  canvas.resized();
  const whole = canvas.zoom('fit-viewport', 'auto');
  if (whole >= READABLE) {
    canvas.zoom(whole * MARGIN, 'auto');
    return;
  }
  const { inner, outer } = canvas.viewbox();
  const width = outer.width / READABLE;
  const height = outer.height / READABLE;
  const middle = anchor ? { x: anchor.x + anchor.width / 2, y: anchor.y + anchor.height / 2 } : { x: inner.x + width / 2 - 20, y: inner.y + inner.height / 2 };
  canvas.viewbox({ x: middle.x - width / 2, y: middle.y - height / 2, width, height });
}
