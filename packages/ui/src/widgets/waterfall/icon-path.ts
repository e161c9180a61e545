import { ICONS, type IconName } from '../icons.ts';

type Attributes = { readonly [name: string]: string | number | undefined };

const paths = new Map<IconName, Path2D>();

/** A picture of the page as a path for the canvas, on a 24 × 24 grid. */
export function iconPath(name: IconName): Path2D {
  const known = paths.get(name);
  if (known !== undefined) return known;
  const path = new Path2D();
  for (const [tag, attributes] of ICONS[name]) addShape(path, tag, attributes);
  paths.set(name, path);
  return path;
}

function addShape(path: Path2D, tag: string, attributes: Attributes): void {
  const number = (name: string): number => Number(attributes[name] ?? 0);
  switch (tag) {
    case 'path':
      path.addPath(new Path2D(String(attributes['d'] ?? '')));
      return;
    case 'rect':
      path.roundRect(number('x'), number('y'), number('width'), number('height'), number('rx'));
      return;
    case 'circle':
      path.moveTo(number('cx') + number('r'), number('cy'));
      path.arc(number('cx'), number('cy'), number('r'), 0, Math.PI * 2);
      return;
    case 'ellipse':
      path.moveTo(number('cx') + number('rx'), number('cy'));
      path.ellipse(number('cx'), number('cy'), number('rx'), number('ry'), 0, 0, Math.PI * 2);
      return;
    case 'line':
      path.moveTo(number('x1'), number('y1'));
      path.lineTo(number('x2'), number('y2'));
      return;
    default:
      addPoints(path, String(attributes['points'] ?? ''), tag === 'polygon');
  }
}

function addPoints(path: Path2D, points: string, isClosed: boolean): void {
  const numbers = points.split(/[\s,]+/).map(Number);
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    const [x = 0, y = 0] = [numbers[at], numbers[at + 1]];
    if (at === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  }
  if (isClosed) path.closePath();
}
