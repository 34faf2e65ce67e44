import type { Page } from '@playwright/test';

/**
 * Pictures of the drawn camera. `stripes` are too fine to be visible in a blurred picture. `person`
 * is a person in front of them. The test classifier treats `marker` as explicit.
 */
export type DrawnPicture = 'stripes' | 'person' | 'marker';

/**
 * Replaces the page's camera by one that shows drawn pictures. Must be called before the page
 * opens.
 */
export async function useDrawnCamera(page: Page): Promise<void> {
  await page.addInitScript(installDrawnCamera);
}

export async function drawInstead(page: Page, picture: DrawnPicture): Promise<void> {
  await page.evaluate((next) => window.drawInstead(next), picture);
}

declare global {
  interface Window {
    drawInstead(picture: DrawnPicture): void;
  }
}

/** Runs in the page before the page's own code. */
export function installDrawnCamera(): void {
  // Firefox also runs this code in its initial blank page, which has no devices.
  if (!isSecureContext) return;
  let picture: DrawnPicture = 'stripes';
  window.drawInstead = (next) => {
    picture = next;
  };
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const context = canvas.getContext('2d');
  const drawPerson = (on: CanvasRenderingContext2D): void => {
    const oval = (x: number, y: number, width: number, height: number, colour: string): void => {
      on.fillStyle = colour;
      on.beginPath();
      on.ellipse(x, y, width, height, 0, 0, Math.PI * 2);
      on.fill();
    };
    oval(320, 530, 190, 190, '#2f4f7f');
    on.fillStyle = '#f0c8a8';
    on.fillRect(286, 300, 68, 70);
    oval(320, 208, 96, 112, '#5b3a21');
    oval(320, 230, 82, 102, '#f0c8a8');
    for (const x of [288, 352]) {
      oval(x, 218, 13, 8, '#ffffff');
      oval(x, 218, 6, 7, '#3a2a1c');
    }
    oval(320, 282, 28, 8, '#a8504c');
  };
  let frame = 0;
  const draw = (): void => {
    if (context === null) return;
    frame += 1;
    if (picture !== 'marker') {
      for (let x = 0; x < canvas.width; x += 16) {
        context.fillStyle = (x / 16) % 2 === 0 ? '#f4f4f4' : '#101010';
        context.fillRect(x, 0, 16, canvas.height);
      }
      if (picture === 'person') drawPerson(context);
    } else {
      for (let y = 0; y < canvas.height; y += 40) {
        for (let x = 0; x < canvas.width; x += 40) {
          context.fillStyle = (x + y) % 80 === 0 ? '#ff00ff' : '#200020';
          context.fillRect(x, y, 40, 40);
        }
      }
    }
    // The picture changes in every frame, because a browser sends hardly any frames of a static
    // picture.
    context.fillStyle = frame % 2 === 0 ? '#808080' : '#7a7a7a';
    context.fillRect(0, 0, 8, 8);
  };
  draw();
  setInterval(draw, 1_000 / 15);
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await original({ audio: constraints?.audio ?? false });
    for (const track of canvas.captureStream(15).getVideoTracks()) stream.addTrack(track);
    return stream;
  };
}
