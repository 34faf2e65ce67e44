/** The colours of one drawn person. */
export interface Portrait {
  readonly sky: readonly [string, string, string];
  readonly shirt: string;
}

/** Head and shoulders before an evening sky: somebody, and nobody in particular. */
export function drawPortrait(canvas: HTMLCanvasElement, { sky, shirt }: Portrait): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  const evening = context.createLinearGradient(0, 0, width, height);
  evening.addColorStop(0, sky[0]);
  evening.addColorStop(0.65, sky[1]);
  evening.addColorStop(1, sky[2]);
  context.fillStyle = evening;
  context.fillRect(0, 0, width, height);
  const middle = width / 2;
  const head = height * 0.17;
  context.fillStyle = shirt;
  context.beginPath();
  context.ellipse(middle, height * 1.06, head * 2.3, height * 0.42, 0, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = '#b97f5e';
  context.fillRect(middle - head * 0.38, height * 0.5, head * 0.76, height * 0.2);
  context.beginPath();
  context.ellipse(middle, height * 0.42, head * 0.86, head * 1.1, 0, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = '#2b2033';
  context.beginPath();
  context.ellipse(
    middle,
    height * 0.345,
    head * 0.98,
    head * 0.86,
    0,
    Math.PI * 0.97,
    Math.PI * 2.03,
  );
  context.fill();
}

const people = new Map<Portrait, { readonly stream: MediaStream; readonly draw: () => void }>();

/**
 * The same as a live stream, one a portrait for as long as the page lives. A canvas that never
 * changes sends no frame to a video that comes later, so it is drawn again and again.
 */
export function drawnStream(portrait: Portrait): MediaStream {
  const known = people.get(portrait);
  if (known !== undefined) return known.stream;
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const draw = (): void => drawPortrait(canvas, portrait);
  draw();
  const stream = canvas.captureStream();
  people.set(portrait, { stream, draw });
  setInterval(draw, 500);
  return stream;
}

/** Sends a frame of each now, to whoever has just begun to look. */
export function drawPeopleAgain(): void {
  for (const { draw } of people.values()) draw();
}
