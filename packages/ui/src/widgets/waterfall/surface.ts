/** A canvas that follows its size on screen and the density of the screen, drawn at most once a frame. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** Pixels of the page. */
  readonly width: number;
  readonly height: number;
  /** Draws in the next frame, however often it is asked. */
  invalidate(): void;
  /** Draws now: before the browser shows a scroll position the canvas does not match. */
  readonly drawNow: () => void;
  resize(width: number, height: number): void;
  destroy(): void;
}

/** A denser backing store costs four times the fill for no sharper text. */
const DENSEST = 2;

/** `undefined` where the browser has no canvas. */
export function createSurface(canvas: HTMLCanvasElement, draw: (surface: Surface) => void): Surface | undefined {
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  let frame = 0;
  const size = { width: 0, height: 0 };
  const surface: Surface = {
    context,
    get width() {
      return size.width;
    },
    get height() {
      return size.height;
    },
    invalidate() {
      if (frame === 0) frame = requestAnimationFrame(surface.drawNow);
    },
    drawNow: () => {
      cancelAnimationFrame(frame);
      frame = 0;
      if (size.width > 0 && size.height > 0) draw(surface);
    },
    resize(width, height) {
      size.width = width;
      size.height = height;
      const density = Math.min(devicePixelRatio, DENSEST);
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      context.setTransform(density, 0, 0, density, 0, 0);
      surface.drawNow();
    },
    destroy: () => cancelAnimationFrame(frame),
  };
  return surface;
}
