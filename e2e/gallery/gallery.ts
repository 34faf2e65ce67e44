import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import { ROOT } from '../support/process.ts';
import { type Variant, VIEWPORTS } from './variants.ts';

/** One view of the gallery, which `apps/web/src/gallery/stage.tsx` draws. */
export interface View {
  readonly name: string;
  readonly scene: string;
  readonly opener: number | null;
}

interface Opener {
  readonly index: number;
  readonly key: string;
}

interface GalleryHandle {
  readonly scenes: readonly string[];
  openers(): readonly Opener[];
  show(view: View, language: string): Promise<void>;
  given(view: View): readonly string[];
}

declare global {
  interface Window {
    stage?: GalleryHandle;
  }
}

/** The browser gets this origin's files from disk, so no server is needed. */
const ORIGIN = 'http://localhost';

/** Timeout in ms of loading the gallery, long enough for a busy machine. */
const LOAD_MS = 120_000;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface Gallery {
  open(variant: Variant, options?: OpenOptions): Promise<GalleryPage>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly forcedColors?: boolean;
  readonly reducedMotion?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface GalleryPage {
  readonly page: Page;
  /**
   * Shows every scene, and then every view that pressing a control in a scene opens. Yields each
   * view while the page shows it.
   */
  showAll(): AsyncGenerator<View>;
  show(view: View): Promise<void>;
  /** Returns the texts in a view that users wrote, which aren't translated. */
  given(view: View): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type GalleryApp = 'web' | 'console';

export async function openGallery(browser: Browser, app: GalleryApp = 'web'): Promise<Gallery> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-gallery-'));
  const builder = join(ROOT, 'packages/ui/scripts/build-gallery.ts');
  await promisify(execFile)(process.execPath, [builder, app, folder], { cwd: ROOT });
  return {
    open: (variant, options) => openPage(browser, folder, variant, options ?? {}),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function localeOf(language: string): string {
  if (language === 'en' || language === 'pseudo') return 'en-GB';
  const { region } = new Intl.Locale(language).maximize();
  return region === undefined ? language : `${language}-${region}`;
}

async function openPage(
  browser: Browser,
  folder: string,
  variant: Variant,
  { forcedColors = false, reducedMotion = false, viewport }: OpenOptions,
): Promise<GalleryPage> {
  const context = await browser.newContext({
    viewport: viewport ?? VIEWPORTS[variant.viewport],
    locale: localeOf(variant.language),
    colorScheme: variant.scheme,
    forcedColors: forcedColors ? 'active' : 'none',
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
  });
  await context.route('**/*', async (route) => {
    const path = new URL(route.request().url()).pathname;
    const body = await readFile(join(folder, path)).catch(() => null);
    if (body === null) await route.fulfill({ status: 404 });
    else await route.fulfill({ body, contentType: TYPES[extname(path)] ?? 'text/plain' });
  });
  context.setDefaultTimeout(LOAD_MS);
  const page = await context.newPage();
  const load = async (): Promise<void> => {
    await page.goto(`${ORIGIN}/gallery.html?stage`);
    await page.waitForFunction(() => window.stage !== undefined);
  };
  await load();
  let isOpened = false;
  const show = async (view: View): Promise<void> => {
    // Reloads, because an element opened in this view may stay open in the next one.
    if (isOpened) await load();
    isOpened = view.opener !== null;
    await page.evaluate(([shown, words]) => window.stage?.show(shown, words), [
      view,
      variant.language,
    ] as const);
  };
  return {
    page,
    show,
    async *showAll() {
      const opened: View[] = [];
      const seen = new Set<string>();
      for (const scene of await page.evaluate(() => window.stage?.scenes ?? [])) {
        const view = { name: scene, scene, opener: null };
        await show(view);
        for (const { index, key } of await page.evaluate(() => window.stage?.openers() ?? [])) {
          if (seen.has(key)) continue;
          seen.add(key);
          opened.push({ name: `${scene}-opened-${index + 1}`, scene, opener: index });
        }
        yield view;
      }
      for (const view of opened) {
        await show(view);
        yield view;
      }
    },
    given: (view) => page.evaluate((shown) => window.stage?.given(shown) ?? [], view),
    close: () => context.close(),
  };
}
