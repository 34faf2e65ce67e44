export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly body: string;
}

/** The names and colours must equal those of `packages/ui/src/styles/tokens.css`. */
const STYLE = `
    svg { --paper: #fbf8f3; --sunken: #f1ece3; --line: #ddd5c8; --ink: #1e1b2e; --soft: #57516a;
      --accent: #4b3fb5; --spark: #d9820f; --other: #a79d8d; --ok: #17694a; --danger: #b3261e }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #14121f; --sunken: #1d1a2b; --line: #343048; --ink: #f3f0fa; --soft: #b4aec9;
        --accent: #a89eff; --spark: #f5b45c; --other: #6b6585; --ok: #6fd3a8; --danger: #ff8a80 }
    }
    text { font: 14px/1 system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink);
      font-variant-numeric: tabular-nums }
    .title { font-size: 19px; font-weight: 650 } .strong { font-weight: 600 }
    .soft { fill: var(--soft); font-size: 13px } .end { text-anchor: end } .middle { text-anchor: middle }
    .paper { fill: var(--paper) } .sunken { fill: var(--sunken) } .grid { stroke: var(--line) }
    .accent { fill: var(--accent) } .spark { fill: var(--spark) } .other { fill: var(--other) }
    .ok { fill: var(--ok) } .danger { fill: var(--danger) }
    .whisker { stroke: var(--ink); stroke-width: 1.5; fill: none }
    .halo { stroke: var(--paper); stroke-width: 5; fill: none }
    .bound { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; fill: none }
    .curve { fill: none; stroke-width: 2; stroke-linejoin: round }
    .curve.accent { stroke: var(--accent) } .curve.spark { stroke: var(--spark) }
    path.accent.curve, path.spark.curve { fill: none }`;

export function svgDocument({ width, height, title, body }: Picture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>${escapeXml(title)}</title>
  <style>${STYLE}
  </style>
  <rect width="100%" height="100%" rx="12" class="paper"/>
${body}
</svg>
`;
}

export function textAt(x: number, y: number, words: string, classes = ''): string {
  const styled = classes === '' ? '' : ` class="${classes}"`;
  return `  <text x="${round(x)}" y="${round(y)}"${styled}>${escapeXml(words)}</text>`;
}

export function lineOver(path: string, classes: string): string {
  return `  <path d="${path}" class="halo"/>\n  <path d="${path}" class="${classes}"/>`;
}

export function round(pixels: number): string {
  return String(Math.round(pixels * 10) / 10);
}

/** Returns axis marks from 0 to `most`: about four round decimal values. */
export function ticks(most: number): readonly number[] {
  if (!(most > 0)) return [0];
  const raw = most / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const count = Math.ceil(most / step) + 1;
  // The product is rounded, because 3 × 0.2 exceeds 0.6 in binary.
  return Array.from({ length: count }, (_, index) => Number((index * step).toPrecision(12)));
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
