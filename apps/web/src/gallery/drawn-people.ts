export interface Portrait {
  readonly sky: readonly [string, string, string];
  readonly shirt: string;
  readonly skin: string;
  readonly hair: string;
  readonly hairStyle: 'short' | 'long';
}

/**
 * Blurred lamps behind the drawn person. Each has x, y and size as shares of the picture's height.
 */
const LAMPS = [
  [0.12, 0.2, 0.09],
  [0.3, 0.1, 0.05],
  [1.18, 0.16, 0.08],
  [1.05, 0.42, 0.05],
  [0.08, 0.55, 0.06],
  [1.26, 0.62, 0.07],
] as const;

export function drawPortrait(canvas: HTMLCanvasElement, portrait: Portrait): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { height } = canvas;
  drawRoom(context, canvas.width, height, portrait.sky);
  // From here on the origin is the centre of the head, and the head is two units high.
  context.save();
  context.translate(canvas.width / 2, height * 0.46);
  context.scale(height * 0.19, height * 0.19);
  if (portrait.hairStyle === 'long') drawLongHair(context, portrait.hair);
  drawShoulders(context, portrait);
  drawFace(context, portrait);
  drawFringe(context, portrait);
  context.restore();
}

function drawRoom(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  sky: Portrait['sky'],
): void {
  const evening = context.createLinearGradient(0, 0, width, height);
  evening.addColorStop(0, sky[0]);
  evening.addColorStop(0.65, sky[1]);
  evening.addColorStop(1, sky[2]);
  context.fillStyle = evening;
  context.fillRect(0, 0, width, height);
  context.fillStyle = 'rgb(255 240 214 / 0.16)';
  for (const [x, y, size] of LAMPS) disc(context, x * height, y * height, size * height);
}

function drawShoulders(context: CanvasRenderingContext2D, { shirt, skin }: Portrait): void {
  context.fillStyle = shirt;
  context.beginPath();
  context.moveTo(-2.5, 3.2);
  context.bezierCurveTo(-2.4, 1.75, -1.5, 1.6, -0.5, 1.25);
  context.lineTo(0.5, 1.25);
  context.bezierCurveTo(1.5, 1.6, 2.4, 1.75, 2.5, 3.2);
  context.fill();
  context.fillStyle = skin;
  context.beginPath();
  context.moveTo(-0.42, 0.5);
  context.lineTo(-0.5, 1.28);
  context.quadraticCurveTo(0, 1.85, 0.5, 1.28);
  context.lineTo(0.42, 0.5);
  context.fill();
  context.fillStyle = 'rgb(30 12 20 / 0.22)';
  ellipse(context, 0, 0.88, 0.46, 0.3);
}

function drawFace(context: CanvasRenderingContext2D, { skin, hair }: Portrait): void {
  context.fillStyle = skin;
  disc(context, -0.8, 0.1, 0.17);
  disc(context, 0.8, 0.1, 0.17);
  ellipse(context, 0, 0, 0.8, 1);
  context.fillStyle = 'rgb(214 92 72 / 0.2)';
  disc(context, -0.46, 0.3, 0.2);
  disc(context, 0.46, 0.3, 0.2);
  context.fillStyle = '#241a26';
  ellipse(context, -0.31, 0.02, 0.08, 0.1);
  ellipse(context, 0.31, 0.02, 0.08, 0.1);
  context.fillStyle = '#fff';
  disc(context, -0.28, -0.02, 0.028);
  disc(context, 0.34, -0.02, 0.028);
  context.lineCap = 'round';
  context.lineWidth = 0.07;
  context.strokeStyle = hair;
  arc(context, -0.33, -0.02, 0.24, 1.2, 1.72);
  arc(context, 0.33, -0.02, 0.24, 1.28, 1.8);
  context.lineWidth = 0.05;
  context.strokeStyle = 'rgb(70 24 24 / 0.45)';
  arc(context, 0, 0.2, 0.1, 0.15, 0.85);
  context.lineWidth = 0.07;
  context.strokeStyle = '#8a3434';
  arc(context, 0, 0.3, 0.32, 0.2, 0.8);
}

function drawLongHair(context: CanvasRenderingContext2D, hair: string): void {
  context.fillStyle = hair;
  ellipse(context, 0, -0.16, 1.04, 1.08);
  context.beginPath();
  context.moveTo(-1.04, -0.2);
  context.bezierCurveTo(-1.25, 0.9, -1.3, 1.4, -1.1, 1.9);
  context.lineTo(1.1, 1.9);
  context.bezierCurveTo(1.3, 1.4, 1.25, 0.9, 1.04, -0.2);
  context.fill();
}

function drawFringe(context: CanvasRenderingContext2D, { hair, hairStyle }: Portrait): void {
  context.fillStyle = hair;
  context.beginPath();
  const side = hairStyle === 'long' ? 0.4 : -0.05;
  context.moveTo(-0.86, side);
  context.bezierCurveTo(-1.02, -0.9, -0.5, -1.24, 0.05, -1.2);
  context.bezierCurveTo(0.65, -1.2, 1.0, -0.8, 0.86, side);
  context.bezierCurveTo(0.84, -0.3, 0.66, -0.5, 0.4, -0.56);
  context.bezierCurveTo(0, -0.42, -0.5, -0.46, -0.66, -0.6);
  context.bezierCurveTo(-0.8, -0.4, -0.84, -0.2, -0.86, side);
  context.fill();
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ellipse(context, x, y, radius, radius);
}

function ellipse(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  across: number,
  down: number,
): void {
  context.beginPath();
  context.ellipse(x, y, across, down, 0, 0, 2 * Math.PI);
  context.fill();
}

/** Draws an arc. Angles are in half turns, clockwise from the right. */
function arc(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  from: number,
  to: number,
): void {
  context.beginPath();
  context.arc(x, y, radius, from * Math.PI, to * Math.PI);
  context.stroke();
}

const people = new Map<Portrait, { readonly stream: MediaStream; readonly draw: () => void }>();

/**
 * Returns a live video stream that shows the portrait. There is one stream for each portrait until
 * the page is closed. The canvas is redrawn repeatedly, because a video that starts later gets no
 * frame from an unchanged canvas.
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

/** Redraws every portrait, so that a video that has just started gets a frame. */
export function drawPeopleAgain(): void {
  const waits = [...document.querySelectorAll('video')].some(
    ({ srcObject, readyState }) =>
      srcObject !== null && readyState < HTMLMediaElement.HAVE_CURRENT_DATA,
  );
  if (waits) for (const { draw } of people.values()) draw();
}
