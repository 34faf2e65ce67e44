/**
 * `npm run screenshots` draws every view in every variant as PNG files under `screenshots`, with
 * contact sheets. The last line is JSON. `-- --scene call --viewport 390x844 --scheme dark
 * --language fr` draws only matching views. Each option may be repeated, and a scene matches by any
 * part of its name. `--full` draws full-size sheets. `--browser-text 32` draws for a browser whose
 * own text size is 32 pixels. `-- --readme` draws only the README's pictures, into
 * `docs/pictures`. `-- --site` draws only the icons and the link preview, into `apps/web/public`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { launchBrowser } from '../support/browser.ts';
import { ROOT } from '../support/process.ts';
import { ContactSheet } from './contact-sheet.ts';
import { type Gallery, type GalleryApp, openGallery, type View } from './gallery.ts';
import { drawReadmePictures } from './readme-pictures.ts';
import { drawSitePictures } from './site-pictures.ts';
import { CONSOLE_VARIANTS, nameOfVariant, VARIANTS, type Variant, VIEWPORTS } from './variants.ts';

const WORKERS = 2;
/** Maximum height of a screenshot, in window heights. Longer pages are cut. */
const WINDOWS_MAX = 3;
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
    'browser-text': { type: 'string' },
    site: { type: 'boolean', default: false },
  },
});
const wanted = (chosen: readonly string[], name: string): boolean =>
  chosen.length === 0 || chosen.includes(name);
const chosenVariants = (of: readonly Variant[]): readonly Variant[] =>
  of.filter(
    ({ viewport, scheme, language }) =>
      wanted(values.viewport, viewport) &&
      wanted(values.scheme, scheme) &&
      wanted(values.language, language),
  );

const startMs = performance.now();
const browser = await launchBrowser();
try {
  if (values.readme)
    await withGallery('web', async (gallery) => {
      console.log(JSON.stringify(await drawReadmePictures(gallery)));
    });
  else if (values.site)
    await withGallery('web', async (gallery) => {
      console.log(JSON.stringify(await drawSitePictures(browser, gallery)));
    });
  else await shootAll();
} finally {
  await browser.close();
}

async function withGallery(
  app: GalleryApp,
  work: (gallery: Gallery) => Promise<void>,
): Promise<void> {
  const gallery = await openGallery(browser, app);
  try {
    await work(gallery);
  } finally {
    await gallery.close();
  }
}

async function shootAll(): Promise<void> {
  const isAll = [values.scene, values.viewport, values.scheme, values.language].every(
    (chosen) => chosen.length === 0,
  );
  if (isAll) await rm(folder, { recursive: true, force: true });
  const sheets: string[] = [];
  let shots = 0;
  const shootApp = async (gallery: Gallery, app: GalleryApp, of: readonly Variant[]) => {
    const variants = chosenVariants(of);
    const views = variants.length === 0 ? [] : await chosenViews(gallery);
    if (views.length === 0) return;
    shots += views.length * variants.length;
    sheets.push(...(await shootVariants(gallery, app, variants, views)));
  };
  await withGallery('web', (gallery) => shootApp(gallery, 'web', VARIANTS));
  await withGallery('console', (gallery) => shootApp(gallery, 'console', CONSOLE_VARIANTS));
  if (shots === 0) throw new Error('No view of that name or look.');
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  console.log(JSON.stringify({ shots, seconds, sheets }));
}

async function shootVariants(
  gallery: Gallery,
  app: GalleryApp,
  variants: readonly Variant[],
  views: readonly View[],
): Promise<string[]> {
  const rest = [...variants];
  const sheets: string[] = [];
  const work = async (): Promise<void> => {
    for (let variant = rest.shift(); variant !== undefined; variant = rest.shift()) {
      sheets.push(...(await shoot(browser, gallery, app, variant, views)));
      console.log(`  ${app} ${nameOfVariant(variant)}`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return sheets;
}

async function chosenViews(from: Gallery): Promise<readonly View[]> {
  const first = await from.open({ viewport: '1280x800', scheme: 'light', language: 'en' });
  const views: View[] = [];
  for await (const view of first.showAll()) views.push(view);
  await first.close();
  return views.filter(
    ({ name }) => values.scene.length === 0 || values.scene.some((part) => name.includes(part)),
  );
}

async function shoot(
  on: Browser,
  from: Gallery,
  app: GalleryApp,
  variant: Variant,
  views: readonly View[],
): Promise<string[]> {
  const { viewport, scheme, language } = variant;
  const { width, height } = VIEWPORTS[viewport];
  const prefix = app === 'web' ? '' : `${app}-`;
  const sheetFolder = join(folder, 'sheets');
  const shotFolder = join(folder, viewport, `${scheme}-${language}`);
  await mkdir(sheetFolder, { recursive: true });
  await mkdir(shotFolder, { recursive: true });
  const shown = values.full ? width : SHOWN_WIDTHS[width < height ? 'upright' : 'wide'];
  const sheet = new ContactSheet(
    on,
    sheetFolder,
    `${prefix}${viewport}-${scheme}-${language}`,
    shown,
  );
  const text = values['browser-text'];
  const opened = await from.open(variant, text === undefined ? {} : { browserText: Number(text) });
  const session = await opened.page.context().newCDPSession(opened.page);
  for (const view of views) {
    await opened.show(view);
    // A popup lies within the window, so the screenshot only needs the window's height.
    const pageHeight = await opened.page.evaluate(() =>
      document.querySelector('dialog:modal') === null ? document.documentElement.scrollHeight : 0,
    );
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
