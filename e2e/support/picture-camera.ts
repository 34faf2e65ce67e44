declare global {
  interface Window {
    showPicture(name: string): void;
    addPicture(name: string, base64: string): Promise<void>;
  }
}

/** Names of the drawing functions in `installPictureCamera`. */
export const DRAWN_PICTURES = [
  'gradient',
  'skin-toned noise',
  'grey noise',
  'stripes',
  'portrait, light skin',
  'portrait, dark skin',
  'portrait, close to the camera',
  'two faces',
  'face as a line drawing',
  'mask',
  'hand before the camera',
  'guitar',
  'room',
  'dark room',
  'window at night',
  'landscape',
  'text',
  'fractal',
  'skin-toned blobs',
] as const;

/**
 * Replaces the page's camera by one with drawn, harmless pictures. Runs in the page before the
 * page's own code, so it must not reference names outside.
 */
export function installPictureCamera(): void {
  // Firefox also runs this in its initial blank page, which is insecure and has no devices.
  if (!window.isSecureContext) return;
  const width = 640;
  const height = 480;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const c = context;
  const files = new Map<string, ImageBitmap>();
  let name = 'gradient';
  let state = 1;

  /**
   * A linear congruential generator of random numbers. Each frame starts from the same seed, so
   * that the picture is stable.
   */
  const chance = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const fill = (colour: string): void => {
    c.fillStyle = colour;
    c.fillRect(0, 0, width, height);
  };
  const oval = (x: number, y: number, rx: number, ry: number, colour: string): void => {
    c.fillStyle = colour;
    c.beginPath();
    c.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
    c.fill();
  };
  const box = (x: number, y: number, w: number, h: number, colour: string): void => {
    c.fillStyle = colour;
    c.fillRect(x, y, w, h);
  };
  const line = (...points: readonly (readonly [number, number])[]): void => {
    c.beginPath();
    for (const [x, y] of points) c.lineTo(x, y);
    c.stroke();
  };
  const wall = (from: string, to: string): void => {
    const shade = c.createLinearGradient(0, 0, width, height);
    shade.addColorStop(0, from);
    shade.addColorStop(1, to);
    c.fillStyle = shade;
    c.fillRect(0, 0, width, height);
  };
  /**
   * Draws a person as head and shoulders. With a `size` of 1 they fill the middle of the
   * picture.
   */
  const person = (x: number, size: number, skin: string, hair: string, wool: string): void => {
    const y = 190;
    oval(x, y + 300 * size, 190 * size, 190 * size, wool);
    box(x - 34 * size, y + 70 * size, 68 * size, 70 * size, skin);
    oval(x, y - 22 * size, 96 * size, 112 * size, hair);
    oval(x, y, 82 * size, 102 * size, skin);
    for (const side of [-1, 1]) {
      oval(x + side * 32 * size, y - 12 * size, 13 * size, 8 * size, '#ffffff');
      oval(x + side * 32 * size, y - 12 * size, 6 * size, 7 * size, '#3a2a1c');
      box(x + side * 32 * size - 16 * size, y - 34 * size, 32 * size, 5 * size, hair);
    }
    oval(x, y + 18 * size, 9 * size, 16 * size, 'rgb(0 0 0 / 12%)');
    oval(x, y + 52 * size, 28 * size, 8 * size, '#a8504c');
  };
  const noise = (colour: (share: number) => readonly [number, number, number]): void => {
    const image = c.createImageData(width, height);
    for (let i = 0; i < image.data.length; i += 4) {
      const [red, green, blue] = colour(chance());
      image.data.set([red, green, blue, 255], i);
    }
    c.putImageData(image, 0, 0);
  };

  const pictures: Readonly<Record<string, () => void>> = {
    gradient: () => wall('#0b3d91', '#f9a03f'),
    'skin-toned noise': () =>
      noise((share) => [170 + share * 70, 120 + share * 60, 95 + share * 60]),
    'grey noise': () => noise((share) => [share * 255, share * 255, share * 255]),
    stripes: () => {
      for (let x = 0; x < width; x += 32)
        box(x, 0, 32, height, x % 64 === 0 ? '#f4f4f4' : '#202428');
    },
    'portrait, light skin': () => {
      wall('#cfd8dc', '#90a4ae');
      person(320, 1, '#f0c8a8', '#5b3a21', '#2f4f7f');
    },
    'portrait, dark skin': () => {
      wall('#f3e9d2', '#c9b48a');
      person(320, 1, '#6b4429', '#1d130c', '#a63d40');
    },
    'portrait, close to the camera': () => {
      wall('#b0bec5', '#78909c');
      person(320, 2.1, '#d9a47e', '#2b1b10', '#4b5d3a');
    },
    'two faces': () => {
      wall('#dfe7d8', '#9fb08c');
      person(200, 0.75, '#f0c8a8', '#d9b46a', '#7a4b8c');
      person(450, 0.75, '#8d5a3a', '#20140d', '#d08c2f');
    },
    'face as a line drawing': () => {
      fill('#ffffff');
      c.strokeStyle = '#111111';
      c.lineWidth = 4;
      for (const [x, y, rx, ry] of [
        [320, 220, 110, 140],
        [280, 200, 14, 9],
        [360, 200, 14, 9],
        [320, 290, 40, 10],
      ] as const) {
        c.beginPath();
        c.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
        c.stroke();
      }
      line([320, 215], [308, 250], [326, 252]);
    },
    mask: () => {
      wall('#3b2f4a', '#1c1626');
      person(320, 1.1, '#f4efe6', '#111111', '#0f0f14');
      oval(284, 178, 26, 14, '#111111');
      oval(356, 178, 26, 14, '#111111');
    },
    'hand before the camera': () => {
      wall('#e8e4da', '#b9ad96');
      oval(320, 360, 120, 130, '#e0b090');
      for (const [i, length] of [120, 170, 190, 165].entries()) {
        oval(235 + i * 58, 240, 25, length, '#e0b090');
      }
      oval(470, 330, 90, 26, '#e0b090');
    },
    guitar: () => {
      wall('#5d4037', '#2e1f1a');
      oval(250, 320, 150, 120, '#c77f3a');
      oval(380, 260, 110, 90, '#c77f3a');
      oval(310, 290, 44, 44, '#2b1a10');
      c.strokeStyle = '#6b3f1d';
      c.lineWidth = 34;
      line([380, 250], [640, 90]);
    },
    room: () => {
      wall('#eee6d8', '#d7cbb4');
      box(0, 380, width, 100, '#8d6e53');
      box(60, 220, 240, 180, '#5c7a99');
      box(380, 90, 180, 150, '#a9d3ef');
      box(466, 90, 8, 150, '#ffffff');
      box(420, 300, 150, 110, '#6d4c41');
      oval(110, 120, 40, 40, '#f3d37a');
    },
    'dark room': () => {
      fill('#0d0f12');
      box(240, 200, 160, 100, '#1d2b3a');
      oval(320, 420, 120, 80, '#14171b');
    },
    'window at night': () => {
      fill('#10141c');
      box(120, 60, 400, 320, '#1b2740');
      for (let i = 0; i < 60; i += 1) {
        box(
          130 + chance() * 380,
          200 + chance() * 170,
          7,
          9,
          chance() < 0.5 ? '#f2c14e' : '#8f9bb3',
        );
      }
    },
    landscape: () => {
      wall('#8ec5ff', '#dff1ff');
      c.fillStyle = '#5b6f7a';
      c.beginPath();
      for (const [x, y] of [
        [0, 330],
        [140, 160],
        [260, 300],
        [400, 120],
        [640, 330],
      ] as const) {
        c.lineTo(x, y);
      }
      c.fill();
      box(0, 320, width, 160, '#4c8c4a');
      oval(540, 80, 38, 38, '#ffe066');
    },
    text: () => {
      fill('#fbfaf7');
      c.fillStyle = '#1f2328';
      c.font = '22px sans-serif';
      for (let i = 0; i < 14; i += 1) {
        c.fillText('Two strangers meet, and talk about the weather.', 40, 50 + i * 30);
      }
    },
    fractal: () => {
      const image = c.createImageData(width, height);
      for (let i = 0; i < width * height; i += 1) {
        const re = ((i % width) / width) * 3 - 2.1;
        const im = (Math.floor(i / width) / height) * 2.4 - 1.2;
        let x = 0;
        let y = 0;
        let steps = 0;
        for (; steps < 40 && x * x + y * y < 4; steps += 1)
          [x, y] = [x * x - y * y + re, 2 * x * y + im];
        image.data.set([steps * 6, (steps * 3) % 255, 255 - steps * 6, 255], i * 4);
      }
      c.putImageData(image, 0, 0);
    },
    'skin-toned blobs': () => {
      wall('#d8a27c', '#b77a58');
      for (let i = 0; i < 40; i += 1) {
        const tone = 150 + Math.floor(chance() * 90);
        const colour = `rgb(${tone} ${Math.floor(tone * 0.72)} ${Math.floor(tone * 0.56)})`;
        oval(chance() * width, chance() * height, 20 + chance() * 80, 20 + chance() * 80, colour);
      }
    },
  };

  let still: ImageData | null = null;
  const compose = (): void => {
    state = 1;
    const file = files.get(name);
    if (file === undefined) pictures[name]?.();
    else {
      fill('#ffffff');
      const scale = Math.min(width / file.width, height / file.height);
      const [w, h] = [file.width * scale, file.height * scale];
      c.drawImage(file, (width - w) / 2, (height - h) / 2, w, h);
    }
    still = c.getImageData(0, 0, width, height);
  };
  let frame = 0;
  const draw = (): void => {
    frame += 1;
    if (still !== null) c.putImageData(still, 0, 0);
    // The picture changes in every frame, because a browser sends hardly any frames of a static
    // picture.
    box(0, 0, 8, 8, frame % 2 === 0 ? '#808080' : '#7a7a7a');
  };
  window.showPicture = (next) => {
    if (!files.has(next) && pictures[next] === undefined) throw new Error(`no picture ${next}`);
    name = next;
    compose();
  };
  window.addPicture = async (added, base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    files.set(added, await createImageBitmap(new Blob([bytes])));
  };
  compose();
  setInterval(draw, 1_000 / 10);
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await original({ audio: constraints?.audio ?? false });
    for (const track of canvas.captureStream(10).getVideoTracks()) stream.addTrack(track);
    return stream;
  };
}
