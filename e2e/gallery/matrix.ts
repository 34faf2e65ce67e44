/**
 * The full matrix of the long tier: every view of page and console in every look, by axe and layout
 * rules; then the page by layout rules with user settings (text size, spacing, 400 % zoom, on-screen
 * keyboard, forced colours, reduced motion). The last line is JSON. `node e2e/gallery/matrix.ts
 * spaced "forced colours"` runs only the matching turns.
 */
import { parseArgs } from 'node:util';
import { launchBrowser } from '../support/browser.ts';
import { type Gallery, type GalleryApp, openGallery } from './gallery.ts';
import { CONSOLE_TARGETS, type Finding, type InspectionOptions, inspect } from './inspection.ts';
import { CONSOLE_LOOKS, LANGUAGES, LOOKS, type Look, nameOfLook, TESTED } from './looks.ts';

const WORKERS = 2;

interface Turn {
  readonly name: string;
  /** Default: web. */
  readonly app?: GalleryApp;
  readonly look: Look;
  readonly options: InspectionOptions;
}

const FEW: readonly Look[] = [
  { viewport: '390x844', scheme: 'light', language: 'en' },
  TESTED,
  { viewport: '1280x800', scheme: 'light', language: 'fr' },
];

const NARROW = LANGUAGES.map(
  (language): Look => ({ viewport: '320x568', scheme: 'light', language }),
);

/** Views of a conversation without popups. */
const CONVERSATION = /^(?:waiting|call|text|ended)[a-z-]*$/;

/** Text sizes above the default, in the smallest windows. */
const LARGER = [
  { textSize: 150, viewports: ['320x568', '390x844', '844x390', '1280x800'], among: /./ },
  { textSize: 130, viewports: ['390x844'], among: CONVERSATION },
  { textSize: 115, viewports: ['390x844'], among: CONVERSATION },
] as const;

/** Window heights left by on-screen keyboards. */
const LOWERED = [
  { name: '390x460', viewport: { width: 390, height: 460 } },
  { name: '360x300', viewport: { width: 360, height: 300 } },
] as const;

const WORDY = ['fr', 'pseudo'] as const;

/** 1280 × 1024 at 400 %. */
const ZOOMED = { width: 320, height: 256 };

const all: readonly Turn[] = [
  ...LOOKS.map((look) => ({ name: nameOfLook(look), look, options: {} })),
  // The console is made for desktop and tablet.
  ...CONSOLE_LOOKS.filter(({ viewport }) => viewport !== '390x844').map((look) => ({
    name: `console ${nameOfLook(look)}`,
    app: 'console' as const,
    look,
    options: CONSOLE_TARGETS,
  })),
  ...[...FEW, ...NARROW].map((look) => ({
    name: `${nameOfLook(look)} spaced`,
    look,
    options: { textSpacing: true, axe: false },
  })),
  ...LARGER.flatMap(({ textSize, viewports, among }) =>
    viewports.flatMap((viewport) =>
      WORDY.map((language) => {
        const look = { viewport, scheme: 'light', language } as const;
        const options = { textSize, axe: false, among } as const;
        return { name: `${nameOfLook(look)} text ${textSize} %`, look, options };
      }),
    ),
  ),
  ...LOWERED.flatMap(({ name, viewport }) =>
    WORDY.map((language) => {
      const look = { viewport: '390x844', scheme: 'light', language } as const;
      const options = { viewport, keyboard: true, axe: false } as const;
      return { name: `${name} ${language} keyboard`, look, options };
    }),
  ),
  ...NARROW.map((look) => ({
    name: `${look.language} at 400 %`,
    look,
    options: { viewport: ZOOMED, axe: false },
  })),
  ...FEW.map((look) => ({
    name: `${nameOfLook(look)} forced colours`,
    look,
    options: { forcedColors: true, axe: false },
  })),
  ...FEW.map((look) => ({
    name: `${nameOfLook(look)} still`,
    look,
    options: { reducedMotion: true, axe: false },
  })),
];

const { positionals: parts } = parseArgs({ allowPositionals: true });
const turns = all.filter(
  ({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)),
);

const startMs = performance.now();
const browser = await launchBrowser();
const galleries: Readonly<Record<GalleryApp, Gallery>> = {
  web: await openGallery(browser),
  console: await openGallery(browser, 'console'),
};
const findings: Finding[] = [];
let looked = 0;
try {
  const rest = [...turns];
  const work = async (): Promise<void> => {
    for (let turn = rest.shift(); turn !== undefined; turn = rest.shift()) {
      const found = await inspect(galleries[turn.app ?? 'web'], turn.look, 'all', turn.options);
      findings.push(...found.findings);
      looked += found.looked;
      console.log(`  ${turn.name}: ${found.findings.length} in ${found.looked} views`);
      for (const { view, fault } of found.findings) console.log(`    ${view}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
} finally {
  await browser.close();
  for (const gallery of Object.values(galleries)) await gallery.close();
}
const seconds = Math.round((performance.now() - startMs) / 1_000);
console.log(JSON.stringify({ turns: turns.length, looked, seconds, violations: findings.length }));
if (findings.length > 0 || looked === 0) process.exitCode = 1;
