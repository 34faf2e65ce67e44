/**
 * Runs the full matrix of the long tier: axe and the layout rules on every view of page and console
 * in every variant. The page is then checked under user settings: text size, spacing, 400 % zoom,
 * on-screen keyboard, forced colours and reduced motion. The last line is JSON.
 * `node e2e/gallery/matrix.ts spaced "forced colours"` runs only the checks whose name contains one
 * of the words, and `--scene report` only the views whose name matches.
 */
import { parseArgs } from 'node:util';
import { launchBrowser } from '../support/browser.ts';
import { type Gallery, type GalleryApp, openGallery } from './gallery.ts';
import { CONSOLE_TARGETS, type Finding, type InspectionOptions, inspect } from './inspection.ts';
import {
  CONSOLE_VARIANTS,
  LANGUAGES,
  nameOfVariant,
  TESTED,
  VARIANTS,
  type Variant,
} from './variants.ts';

const WORKERS = 2;

interface Shot {
  readonly name: string;
  /** App whose gallery is checked, by default the page (`web`). */
  readonly app?: GalleryApp;
  readonly variant: Variant;
  readonly options: InspectionOptions;
}

const FEW: readonly Variant[] = [
  { viewport: '390x844', scheme: 'light', language: 'en' },
  TESTED,
  { viewport: '1280x800', scheme: 'light', language: 'fr' },
];

const NARROW = LANGUAGES.map(
  (language): Variant => ({ viewport: '320x568', scheme: 'light', language }),
);

/** Matches the names of conversation views without popups. */
const CONVERSATION = /^(?:waiting|call|text|ended)[a-z-]*$/;

/** Text sizes above the default, each with the windows and views in which it is checked. */
const LARGER = [
  { textSize: 150, viewports: ['320x568', '390x844', '844x390', '1280x800'], among: /./ },
  { textSize: 130, viewports: ['390x844'], among: CONVERSATION },
  { textSize: 115, viewports: ['390x844'], among: CONVERSATION },
] as const;

/** The browser's own text size in pixels at 200 %. */
const DOUBLED = 32;

/** Window sizes that remain above a phone's on-screen keyboard. */
const LOWERED = [
  { name: '390x460', viewport: { width: 390, height: 460 } },
  { name: '360x300', viewport: { width: 360, height: 300 } },
] as const;

const WORDY = ['fr', 'pseudo'] as const;

/** Size in CSS pixels of a window of 1280 × 1024 at 400 % zoom. */
const ZOOMED = { width: 320, height: 256 };

const all: readonly Shot[] = [
  ...VARIANTS.map((variant) => ({ name: nameOfVariant(variant), variant, options: {} })),
  // The console isn't checked in phone sizes, because it is made for desktop and tablet.
  ...CONSOLE_VARIANTS.filter(({ viewport }) => viewport !== '390x844').map((variant) => ({
    name: `console ${nameOfVariant(variant)}`,
    app: 'console' as const,
    variant,
    options: CONSOLE_TARGETS,
  })),
  ...[...FEW, ...NARROW].map((variant) => ({
    name: `${nameOfVariant(variant)} spaced`,
    variant,
    options: { textSpacing: true, axe: false },
  })),
  ...LARGER.flatMap(({ textSize, viewports, among }) =>
    viewports.flatMap((viewport) =>
      WORDY.map((language) => {
        const variant = { viewport, scheme: 'light', language } as const;
        const options = { textSize, axe: false, among } as const;
        return { name: `${nameOfVariant(variant)} text ${textSize} %`, variant, options };
      }),
    ),
  ),
  ...LARGER[0].viewports.flatMap((viewport) =>
    WORDY.flatMap((language) => {
      const variant = { viewport, scheme: 'light', language } as const;
      const options = { browserText: DOUBLED, axe: false } as const;
      const name = `${nameOfVariant(variant)} browser text 200 %`;
      const spaced = {
        name: `${name} spaced`,
        variant,
        options: { ...options, textSpacing: true },
      };
      return [{ name, variant, options }, spaced];
    }),
  ),
  ...LOWERED.flatMap(({ name, viewport }) =>
    WORDY.map((language) => {
      const variant = { viewport: '390x844', scheme: 'light', language } as const;
      const options = { viewport, keyboard: true, axe: false } as const;
      return { name: `${name} ${language} keyboard`, variant, options };
    }),
  ),
  ...NARROW.map((variant) => ({
    name: `${variant.language} at 400 %`,
    variant,
    options: { viewport: ZOOMED, axe: false },
  })),
  ...FEW.map((variant) => ({
    name: `${nameOfVariant(variant)} forced colours`,
    variant,
    options: { forcedColors: true, axe: false },
  })),
  ...FEW.map((variant) => ({
    name: `${nameOfVariant(variant)} still`,
    variant,
    options: { reducedMotion: true, axe: false },
  })),
];

const { positionals: parts, values } = parseArgs({
  allowPositionals: true,
  options: { scene: { type: 'string' } },
});
const { scene } = values;
const shots = all.filter(
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
  const rest = [...shots];
  const work = async (): Promise<void> => {
    for (let shot = rest.shift(); shot !== undefined; shot = rest.shift()) {
      const options =
        scene === undefined ? shot.options : { ...shot.options, among: new RegExp(scene, 'u') };
      const found = await inspect(galleries[shot.app ?? 'web'], shot.variant, 'all', options);
      findings.push(...found.findings);
      looked += found.looked;
      console.log(`  ${shot.name}: ${found.findings.length} in ${found.looked} views`);
      for (const { view, fault } of found.findings) console.log(`    ${view}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
} finally {
  await browser.close();
  for (const gallery of Object.values(galleries)) await gallery.close();
}
const seconds = Math.round((performance.now() - startMs) / 1_000);
console.log(JSON.stringify({ shots: shots.length, looked, seconds, violations: findings.length }));
if (findings.length > 0 || looked === 0) process.exitCode = 1;
