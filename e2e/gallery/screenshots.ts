/**
 * `npm run screenshots`: every view of the gallery in every look, as PNG files under `screenshots`,
 * with contact sheets of each window. The last line is JSON.
 *
 * `-- --scene call --viewport 390x844 --scheme dark --language fr`: only those; each may be given
 * several times, and a scene is named by any part of its name. `--full`: sheets in full size.
 * `-- --readme`: instead of all that, the pictures of the README, in `docs/pictures`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { launchBrowser } from '../support/browser.ts';
import { ROOT } from '../support/process.ts';
import { ContactSheet } from './contact-sheet.ts';
import { type Gallery, openGallery, type View } from './gallery.ts';
import { LOOKS, type Look, nameOfLook, VIEWPORTS } from './looks.ts';
import { drawReadmePictures } from './readme-pictures.ts';

/** Pages at work at once. */
const WORKERS = 2;
/** A page longer than so many windows is cut there. */
const WINDOWS_MAX = 3;
/** The width of a picture on its sheet, for windows that are upright, and others. */
const SHOWN_WIDTHS = { upright: 240, wide: 425 } as const;

const folder = join(ROOT, 'screenshots');
const { values } = parseArgs({
  options: {
    scene: { type: 'string', multiple: true, default: [] },
    viewport: { type: 'string', multiple: true, default: [] },
    scheme: { type: 'string', multiple: true, default: [] },
    language: { type: 'string', multiple: true, default: [] },
    full: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
  },
});
const wanted = (chosen: readonly string[], name: string): boolean =>
  chosen.length === 0 || chosen.includes(name);
const looks = LOOKS.filter(
  ({ viewport, scheme, language }) =>
    wanted(values.viewport, viewport) &&
    wanted(values.scheme, scheme) &&
    wanted(values.language, language),
);

const startMs = performance.now();
const browser = await launchBrowser();
const gallery = await openGallery(browser);
try {
  if (values.readme) console.log(JSON.stringify(await drawReadmePictures(gallery)));
  else await shootAll();
} finally {
  await browser.close();
  await gallery.close();
}

async function shootAll(): Promise<void> {
  if (values.scene.length === 0 && looks.length === LOOKS.length) {
    await rm(folder, { recursive: true, force: true });
  }
  const views = await viewsAsked(gallery);
  if (views.length === 0 || looks.length === 0) throw new Error('No view of that name or look.');
  const rest = [...looks];
  const sheets: string[] = [];
  const work = async (): Promise<void> => {
    for (let look = rest.shift(); look !== undefined; look = rest.shift()) {
      sheets.push(...(await shoot(browser, gallery, look, views)));
      console.log(`  ${nameOfLook(look)}`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  const shots = views.length * looks.length;
  console.log(JSON.stringify({ views: views.length, looks: looks.length, shots, seconds, sheets }));
}

async function viewsAsked(from: Gallery): Promise<readonly View[]> {
  const first = await from.open({ viewport: '1280x800', scheme: 'light', language: 'en' });
  const views = await first.views();
  await first.close();
  return views.filter(
    ({ name }) => values.scene.length === 0 || values.scene.some((part) => name.includes(part)),
  );
}

/** Gives the sheets that it wrote. */
async function shoot(
  on: Browser,
  from: Gallery,
  look: Look,
  views: readonly View[],
): Promise<string[]> {
  const { viewport, scheme, language } = look;
  const { width, height } = VIEWPORTS[viewport];
  const sheetFolder = join(folder, 'sheets');
  const shotFolder = join(folder, viewport, `${scheme}-${language}`);
  await mkdir(sheetFolder, { recursive: true });
  await mkdir(shotFolder, { recursive: true });
  const shown = values.full ? width : SHOWN_WIDTHS[width < height ? 'upright' : 'wide'];
  const sheet = new ContactSheet(on, sheetFolder, `${viewport}-${scheme}-${language}`, shown);
  const opened = await from.open(look);
  const session = await opened.page.context().newCDPSession(opened.page);
  for (const view of views) {
    await opened.show(view);
    const pageHeight = await opened.page.evaluate(() => document.documentElement.scrollHeight);
    const shownHeight = Math.min(Math.max(pageHeight, height), WINDOWS_MAX * height);
    const { data } = await session.send('Page.captureScreenshot', {
      captureBeyondViewport: shownHeight > height,
      clip: { x: 0, y: 0, width, height: shownHeight, scale: 1 },
    });
    const png = Buffer.from(data, 'base64');
    await writeFile(join(shotFolder, `${view.name}.png`), png);
    await sheet.add({ caption: view.name, png, width, height: shownHeight });
  }
  await opened.close();
  await sheet.finish();
  return sheet.files;
}
