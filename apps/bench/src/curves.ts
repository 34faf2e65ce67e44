import { round, svgDocument, textAt, ticks } from './svg.ts';

export interface Curve {
  readonly name: string;
  readonly tone: 'accent' | 'spark';
  readonly points: readonly (readonly [minutes: number, value: number])[];
}

export interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly curves: readonly Curve[];
}

const WIDTH = 920;
const MARGIN = 24;
const PLOT_AT = 76;
const PLOT_END = 740;
const PANELS_AT = 84;
const PANEL_HEIGHT = 150;
const PLOT_HEIGHT = 96;
const LABEL_HEIGHT = 18;

/**
 * Draws stacked panels that share one time axis in minutes, as an SVG document.
 * @param warmUpMinutes length of the shaded time at the start, in which nothing is measured
 */
export function curvesChart(
  title: string,
  subtitle: string,
  panels: readonly Panel[],
  warmUpMinutes: number,
): string {
  const minutes = Math.max(
    ...panels.flatMap(({ curves }) => curves.flatMap(({ points }) => points.map(([x]) => x))),
  );
  const x = (at: number): number => PLOT_AT + ((PLOT_END - PLOT_AT) * at) / minutes;
  const height = PANELS_AT + panels.length * PANEL_HEIGHT + 22;
  const marks = ticks(minutes).filter((at) => at <= minutes);
  const axis = height - 34;
  const body = [
    textAt(MARGIN, 36, title, 'title'),
    textAt(MARGIN, 58, subtitle, 'soft'),
    ...panels.map((panel, index) =>
      drawPanel(panel, PANELS_AT + index * PANEL_HEIGHT, x, x(warmUpMinutes)),
    ),
    ...marks.map((at) => textAt(x(at), axis, String(Number(at.toPrecision(6))), 'soft middle')),
    textAt(PLOT_END + 14, axis, 'minutes', 'soft'),
  ].join('\n');
  return svgDocument({ width: WIDTH, height, title, body });
}

function drawPanel(
  { title, unit, curves }: Panel,
  top: number,
  x: (minutes: number) => number,
  warmAt: number,
): string {
  const most = Math.max(...curves.flatMap(({ points }) => points.map(([, value]) => value)));
  const marks = ticks(most);
  const ceiling = marks.at(-1) || 1;
  const plotTop = top + 26;
  const bottom = plotTop + PLOT_HEIGHT;
  const y = (value: number): number => bottom - (PLOT_HEIGHT * value) / ceiling;
  let labelMax = Number.POSITIVE_INFINITY;
  const labels = curves
    .map((curve) => ({ curve, last: curve.points.at(-1)?.[1] ?? 0 }))
    .toSorted((a, b) => a.last - b.last)
    .map(({ curve, last }) => {
      const at = Math.min(y(last) + 5, labelMax);
      labelMax = at - LABEL_HEIGHT;
      const words = `${curve.name} ${inShort(last)}`;
      return textAt(PLOT_END + 14, at, words, `strong ${curve.tone}`);
    });
  return [
    textAt(PLOT_AT, top + 12, title, 'strong'),
    textAt(PLOT_END, top + 12, unit, 'soft end'),
    `  <rect x="${PLOT_AT}" y="${plotTop}" width="${round(warmAt - PLOT_AT)}" height="${PLOT_HEIGHT}" class="sunken"/>`,
    ...marks.map(
      (value) => `  <path d="M${PLOT_AT} ${round(y(value))}H${PLOT_END}" class="grid"/>`,
    ),
    ...marks
      .filter((_, index) => index % 2 === 0 || marks.length <= 3)
      .map((value) => textAt(PLOT_AT - 10, y(value) + 5, inShort(value), 'soft end')),
    ...curves.map(({ points, tone }) => {
      const path = points.map(([at, value]) => `${round(x(at))} ${round(y(value))}`).join('L');
      return `  <path d="M${path}" class="curve ${tone}"/>`;
    }),
    ...labels,
  ].join('\n');
}

function inShort(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en');
}
