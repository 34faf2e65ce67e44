import type { Page } from '@playwright/test';
import { meetByVideo } from '../support/meeting.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** Shapes of cameras, as width and height in pixels. */
const SHAPES = {
  '9:16': [360, 640],
  '3:4': [480, 640],
  '4:3': [640, 480],
  '16:9': [640, 360],
} as const;
type Shape = keyof typeof SHAPES;

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };
const LANDSCAPE = { width: 844, height: 390 };

/** Runs in the page before the page's own code. The page's camera is a canvas of any size. */
function installCamera(): void {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const context = canvas.getContext('2d');
  let frame = 0;
  setInterval(() => {
    if (context === null) return;
    frame += 1;
    context.fillStyle = frame % 2 === 0 ? '#7788aa' : '#7789ab';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 1_000 / 15);
  Reflect.set(window, 'shapeCamera', (width: number, height: number) => {
    canvas.width = width;
    canvas.height = height;
  });
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await original({ audio: constraints?.audio ?? false });
    for (const track of canvas.captureStream(15).getVideoTracks()) stream.addTrack(track);
    return stream;
  };
}

async function shape({ page }: Person, name: Shape): Promise<void> {
  await page.evaluate(([width, height]) => {
    const shapeCamera: unknown = Reflect.get(window, 'shapeCamera');
    if (typeof shapeCamera === 'function') Reflect.apply(shapeCamera, null, [width, height]);
  }, SHAPES[name]);
}

interface Seen {
  /** Width divided by height of the stranger's camera, as the viewer's browser decodes it. */
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
  /** Share of the window that the picture covers. */
  readonly window: number;
  /** Share of the picture that the page cuts off. */
  readonly cut: number;
  /** Share of the window's height between the controls above and the chat below. */
  readonly free: number;
}

/**
 * Measures the stranger's picture. Returns `null` while the shield covers it, which it does again if
 * a busy machine is late with a check.
 */
function seenBy(page: Page): Promise<Seen | null> {
  return page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('video[aria-label=Stranger]');
    if (video === null) return null;
    const box = video.getBoundingClientRect();
    const frame = video.closest('.picture')?.getBoundingClientRect() ?? box;
    const width = Math.min(box.right, frame.right) - Math.max(box.left, frame.left);
    const height = Math.min(box.bottom, frame.bottom) - Math.max(box.top, frame.top);
    const ratio = video.videoWidth / video.videoHeight;
    // With `object-fit: cover` the whole picture would have this area.
    const whole = Math.max(box.width, box.height * ratio) ** 2 / ratio;
    const top = document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0;
    const side = document.querySelector('.side')?.getBoundingClientRect().top ?? innerHeight;
    return {
      ratio,
      width,
      height,
      window: (width * height) / (innerWidth * innerHeight),
      cut: 1 - (width * height) / whole,
      free: (side - top) / innerHeight,
    };
  });
}

/** Waits until the viewer's browser decodes the shape and the page has laid it out. */
async function seenShape(viewer: Person, name: Shape): Promise<Seen> {
  const [width, height] = SHAPES[name];
  let last: Seen | null = null;
  await expect
    .poll(async () => {
      const seen = await seenBy(viewer.page);
      const isStill = seen !== null && seen.width === last?.width && seen.height === last.height;
      last = seen;
      return isStill && Math.abs(seen.ratio - width / height) < 0.03 && seen.cut <= 0.105;
    })
    .toBe(true);
  if (last === null) throw new Error('the stranger is not shown');
  return last;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function print(where: string, name: Shape, { width, height, window, cut }: Seen): void {
  const size = `${Math.round(width)} × ${Math.round(height)}`;
  console.log(`${where}, ${name}: ${size}, ${percent(window)} of the window, cut ${percent(cut)}`);
}

test('gives the stranger’s video most of the window for every camera shape', {
  tag: '@long',
}, async ({ two }) => {
  test.setTimeout(180_000);
  const camera = { before: [installCamera] };
  const { ana, ben } = await two({ viewport: PHONE }, camera);
  await meetByVideo(ana, ben);
  await ana.showVideo();
  const names = Object.keys(SHAPES) as readonly Shape[];
  for (const name of names) {
    await test.step(name, async () => {
      await shape(ben, name);
      await ana.page.setViewportSize(PHONE);
      const onPhone = await seenShape(ana, name);
      print('phone', name, onPhone);
      expect(onPhone.width).toBeGreaterThanOrEqual(PHONE.width - 1);
      if (name === '9:16') expect(onPhone.window).toBeGreaterThanOrEqual(0.7);
      await ana.page.setViewportSize(DESK);
      const atDesk = await seenShape(ana, name);
      print('desktop, chat closed', name, atDesk);
      if (name === '9:16') expect(atDesk.height).toBeGreaterThanOrEqual(DESK.height - 1);
      if (atDesk.ratio > 1) expect(atDesk.window).toBeGreaterThanOrEqual(0.6);
    });
  }

  await test.step('opens the chat column when the first chat line arrives', async () => {
    await ben.say('hello');
    await ana.expectLine('hello');
    for (const name of ['4:3', '16:9', '9:16'] as const) {
      await shape(ben, name);
      const seen = await seenShape(ana, name);
      print('desktop, chat open', name, seen);
      if (name === '9:16') expect(seen.height).toBeGreaterThanOrEqual(DESK.height - 1);
      else expect(seen.window).toBeGreaterThanOrEqual(0.5);
    }
    await ana.button('Hide chat').click();
    await expect.poll(async () => (await seenBy(ana.page))?.free).toBeGreaterThan(0.6);
  });

  await test.step('keeps a third of the height above an on-screen keyboard', async () => {
    await ana.page.setViewportSize(PHONE);
    await ana.messageBox.focus();
    await ana.page.evaluate(() => {
      Object.defineProperty(visualViewport, 'height', { value: 480 });
      visualViewport?.dispatchEvent(new Event('resize'));
    });
    const talk = ana.page.locator('.talk');
    await expect.poll(async () => (await talk.boundingBox())?.height).toBe(480);
    const { free } = await seenShape(ana, '9:16');
    console.log(
      `above the keyboard: ${percent((free * PHONE.height) / 480)} of the height is free`,
    );
    expect(free * PHONE.height).toBeGreaterThanOrEqual(0.35 * 480);
  });
});

test('shows chat beside the picture on a phone in landscape', {
  tag: '@long',
}, async ({ two }) => {
  const { ana, ben } = await two({ viewport: LANDSCAPE }, { before: [installCamera] });
  const { page } = ana;
  await meetByVideo(ana, ben);
  await ana.showVideo();

  await test.step('gives the picture the whole height and keeps every control in view', async () => {
    for (const name of ['16:9', '9:16'] as const) {
      await shape(ben, name);
      const seen = await seenShape(ana, name);
      print('landscape', name, seen);
      expect(seen.height).toBeGreaterThanOrEqual(LANDSCAPE.height - 1);
    }
    const controls = ['Stop', 'Report', 'More', 'Next', 'Mute microphone', 'Turn camera off'];
    const boxes = [ana.messageBox, ...controls.map((name) => ana.button(name))];
    for (const control of boxes) await expect(control).toBeInViewport({ ratio: 1 });
  });

  await test.step('opens a chat column beside the picture on the first chat line', async () => {
    await ben.say('hello');
    await ana.expectLine('hello');
    const seen = await seenShape(ana, '9:16');
    print('landscape, chat open', '9:16', seen);
    const chat = await ana.chat.boundingBox();
    const picture = await ana.strangerTile.boundingBox();
    if (chat === null || picture === null) throw new Error('chat or picture is not shown');
    expect(chat.x).toBeGreaterThanOrEqual(picture.x + picture.width);
    for (const control of [ana.messageBox, ana.button('Next'), ana.button('Stop')]) {
      await expect(control).toBeInViewport({ ratio: 1 });
    }
  });

  await test.step('keeps picture, draft and call when the phone turns', async () => {
    await ana.messageBox.fill('half a tho');
    await page.setViewportSize(PHONE);
    const upright = await seenShape(ana, '9:16');
    expect(upright.window).toBeGreaterThanOrEqual(0.7);
    await expect(ana.messageBox).toHaveValue('half a tho');
    await page.setViewportSize(LANDSCAPE);
    await seenShape(ana, '9:16');
    await ana.messageBox.press('Enter');
    await ben.expectLine('half a tho');
    await ana.expectFrames(3);
  });
});

/** Collects every text that the page shows from now on, each once. */
async function textsShown({ page }: Person): Promise<() => Promise<readonly string[]>> {
  const texts = await page.evaluateHandle(() => {
    const seen = new Set<string>();
    const look = (): void => {
      const talk = document.querySelector('.talk.call');
      if (talk === null) return;
      const walker = document.createTreeWalker(talk, NodeFilter.SHOW_TEXT);
      for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
        const holder = text.parentElement;
        const words = text.nodeValue?.trim() ?? '';
        if (words === '' || holder?.checkVisibility() !== true) continue;
        if (holder.closest('.sr') === null) seen.add(words);
      }
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    return seen;
  });
  return () => texts.evaluate((seen) => [...seen]);
}

test('shows no warning between the match and showing the stranger', async ({ two }) => {
  const { ana, ben } = await two({ viewport: PHONE }, {});
  const shown = await textsShown(ana);
  await meetByVideo(ana, ben);
  await expect(ana.button('Show video')).toBeVisible();
  const texts = (await shown()).filter((text) => !/^\d+:\d\d$/.test(text));
  console.log(`between match and uncovering:\n${texts.map((text) => `  ${text}`).join('\n')}`);
  // Every other text is a button's name, the match reason or about the cover.
  const known = [
    /^(?:Stop|Report|Next|Send|Show video)$/,
    /^You both speak /,
    /^Connecting…$/,
    /^Getting the shield ready/,
    /^It downloads once/,
    /^Checking their picture/,
    /^Their video is covered and muted\.$/,
  ];
  expect(texts.filter((text) => !known.some((one) => one.test(text)))).toEqual([]);
});

test('moves and swaps the own picture by buttons, and by a drag', { tag: '@long' }, async ({
  two,
}) => {
  const { ana, ben } = await two({ viewport: PHONE }, {});
  await meetByVideo(ana, ben);
  await ana.showVideo();
  const own = ana.page.getByRole('figure', { name: 'You' });
  const place = async (): Promise<string> => {
    const box = await own.boundingBox();
    if (box === null) throw new Error('the own picture is not shown');
    const down = box.y + box.height / 2 < PHONE.height / 2 ? 'top' : 'bottom';
    return `${down} ${box.x + box.width / 2 < PHONE.width / 2 ? 'left' : 'right'}`;
  };
  expect(await place()).toBe('top right');
  const seen: string[] = [];
  for (let press = 0; press < 4; press += 1) {
    await ana.button('Move your picture to the next corner').click();
    seen.push(await place());
  }
  expect(seen).toEqual(['bottom right', 'bottom left', 'top left', 'top right']);

  await test.step('a drag moves the own picture to the nearest corner without swapping', async () => {
    const box = await own.boundingBox();
    if (box === null) throw new Error('the own picture is not shown');
    await ana.page.mouse.move(box.x + 20, box.y + 20);
    await ana.page.mouse.down();
    await ana.page.mouse.move(80, 300, { steps: 4 });
    await ana.page.mouse.move(60, 520, { steps: 4 });
    await ana.page.mouse.up();
    await expect.poll(place).toBe('bottom left');
    const stored = await ana.page.evaluate(() => localStorage.getItem('farandole.preferences'));
    expect(JSON.parse(stored ?? '{}'), 'the next visit starts there').toMatchObject({
      corner: 'bottom-start',
    });
    await expect
      .poll(async () => (await ana.strangerVideo.boundingBox())?.width)
      .toBeGreaterThan(PHONE.width - 2);
  });

  await test.step('a swap makes the stranger small, and covering makes them large again', async () => {
    await ana.button('Swap the two pictures').click();
    await expect
      .poll(async () => (await ana.strangerVideo.boundingBox())?.width)
      .toBeLessThan(PHONE.width / 2);
    await ana.button('Cover').click();
    await expect(ana.button('Show video')).toBeVisible();
    expect((await own.boundingBox())?.width).toBeLessThan(PHONE.width / 2);
  });
});

test('fades controls only while the mouse is still, never Stop, Next or Report', {
  tag: '@long',
}, async ({ two }) => {
  const { ana, ben } = await two({ viewport: DESK }, {});
  await meetByVideo(ana, ben);
  await ana.showVideo();
  const opacity = (name: string): Promise<string> =>
    ana.button(name).evaluate((button) => getComputedStyle(button).opacity);
  // On a busy machine the shield may cover the picture again, which also shows the controls.
  let x = 600;
  await expect(async () => {
    x += 1;
    await ana.page.mouse.move(x, 300);
    await expect.poll(() => opacity('Mute microphone'), { timeout: 6_000 }).toBe('0');
  }).toPass({ timeout: 45_000 });
  for (const name of ['Stop', 'Next', 'Report', 'Cover']) expect(await opacity(name)).toBe('1');
  // A faded control keeps its place in the accessibility tree and in the tab order.
  await ana.button('Mute microphone').focus();
  await expect.poll(() => opacity('Mute microphone')).toBe('1');
});
