import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { LANGUAGES, readLocales } from '@farandole/ui/scripts/locales';
import { build } from 'vite';

/** Maximum gzipped size of the JavaScript and CSS that load before the button Start works. */
const LANDING_BYTES_MAX = 60_000;
const CARD_BYTES_MAX = 60_000;
/**
 * Maximum gzipped size of what loads later on the first screen: its drawing and chips, and the next
 * screens.
 */
const AFTERWARDS_BYTES_MAX = 99_500;

let folder = '';
let html = '';
let files: readonly string[] = [];
const modules: string[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farandole-page-'));
  const root = join(import.meta.dirname, '..');
  await build({
    root,
    logLevel: 'error',
    plugins: [
      {
        name: 'farandole-modules',
        generateBundle(_, bundle) {
          for (const chunk of Object.values(bundle)) {
            if (chunk.type === 'chunk') modules.push(...chunk.moduleIds);
          }
        },
      },
    ],
    build: { outDir: folder, emptyOutDir: true },
  });
  html = await readFile(join(folder, 'index.html'), 'utf8');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

const text = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
const gzipBytes = async (file: string): Promise<number> =>
  (await readFile(join(folder, `${file}.gz`))).length;
const ofKind = (...kinds: string[]): string[] =>
  files.filter((file) => kinds.includes(extname(file)));

const named = (): string[] => [
  ...new Set(
    [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/gu)].map(
      ([, file]) => file ?? '',
    ),
  ),
];

/**
 * Returns the files that load with a part that the application imports late.
 * @param main the application's code
 */
function filesOfPart(main: string, part: string): string[] {
  const [, all = '[]'] = /\bm\.f=(\[[^\]]*\])/u.exec(main) ?? [];
  const needed = JSON.parse(all) as string[];
  const call = new RegExp(`import\\(\`\\./(${part}-[\\w-]{8}\\.js)\`\\)([^\`]*)`, 'u').exec(main);
  assert.ok(call !== null, part);
  const [, places = ''] = /__vite__mapDeps\(\[([\d,]*)\]\)/u.exec(call[2] ?? '') ?? [];
  const others = (places.match(/\d+/gu) ?? []).map((place) => needed[Number(place)] ?? '');
  return [`assets/${call[1]}`, ...others];
}

test('loads at most 60 kB before Start can be pressed', async (context) => {
  const firstWords = ofKind('.js').filter((file) => /\/page-first-/u.test(file));
  assert.equal(firstWords.length, Object.keys(LANGUAGES).length);
  const fixed = named();
  assert.ok(fixed.some((file) => file.endsWith('.css')));
  assert.ok(fixed.filter((file) => file.endsWith('.js')).length >= 3);
  let total = 0;
  for (const file of fixed) {
    const bytes = await gzipBytes(file);
    context.diagnostic(`${bytes} ${file}`);
    total += bytes;
  }
  const words = await Promise.all(firstWords.map(gzipBytes));
  context.diagnostic(`${Math.max(...words)} the first words of a language`);
  total += Math.max(...words);
  context.diagnostic(`${total} of ${LANDING_BYTES_MAX} bytes`);
  assert.ok(total <= LANDING_BYTES_MAX, `${total} bytes`);
});

/** Reads the width and the height from the header of a PNG. */
async function sizeOfPng(file: string): Promise<string> {
  const png = await readFile(join(folder, file));
  assert.equal(png.toString('latin1', 1, 4), 'PNG', file);
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

test('has a link preview of at most 60 kB with a title and a description', async () => {
  const said = (property: string): string =>
    new RegExp(`<meta property="og:${property}" content="([^"]*)"`, 'u').exec(html)?.[1] ?? '';
  assert.equal(said('title'), 'Farandole');
  for (const words of Object.values(readLocales('document'))) {
    assert.ok(said('description').includes(words.description));
    assert.ok(said('image:alt').includes(words.card));
  }
  const card = said('image').slice(1);
  assert.equal(await sizeOfPng(card), `${said('image:width')}x${said('image:height')}`);
  assert.ok((await readFile(join(folder, card))).length <= CARD_BYTES_MAX);
});

test('has all icons in the sizes that the manifest and the document name', async () => {
  const manifest = JSON.parse(await text('manifest.webmanifest')) as {
    icons: { src: string; sizes: string; type: string; purpose?: string }[];
    theme_color: string;
  };
  for (const { src, sizes, type } of manifest.icons) {
    if (type === 'image/svg+xml') assert.match(await text(src.slice(1)), /^<svg /u);
    else assert.equal(await sizeOfPng(src.slice(1)), sizes, src);
  }
  const drawn = manifest.icons.filter(({ type }) => type === 'image/png');
  assert.deepEqual(
    drawn.map(({ sizes, purpose = 'any' }) => `${sizes} ${purpose}`),
    ['192x192 any', '512x512 any', '512x512 maskable'],
  );
  assert.ok(
    html.includes(
      `data-scheme="light" media="(prefers-color-scheme: light)" content="${manifest.theme_color}"`,
    ),
  );
  const [, touch = ''] = /<link rel="apple-touch-icon" href="\/([^"]+)"/u.exec(html) ?? [];
  assert.equal(await sizeOfPng(touch), '180x180');
});

/** Returns the files of the screens that the page prefetches while idle. */
async function fetchedWhenIdle(): Promise<string[]> {
  const app = await readFile(join(import.meta.dirname, '../src/screens/app.tsx'), 'utf8');
  const [, list = ''] = /const rest: readonly Lazy\[\] = \[([^\]]*)\]/u.exec(app) ?? [];
  const parts = list.match(/\w+/gu) ?? [];
  return parts.map((part) => {
    const [said = ''] = new RegExp(`const ${part} = lazy\\([^;]*;`, 'u').exec(app) ?? [];
    return /import\('\.\/(?:[\w-]+\/)*([\w-]+)\.tsx'\)/u.exec(said)?.[1] ?? 'notices';
  });
}

test('loads at most 99.5 kB more in idle time on the first screen', async (context) => {
  const main = await text(named().find((file) => /\/application-.*\.js$/u.test(file)) ?? '');
  const screens = await fetchedWhenIdle();
  assert.ok(screens.length >= 8);
  const fetched = new Set<string>();
  const extras = ['living-picture', 'landing-wishes'];
  for (const part of [...extras, ...screens, 'page-effects', 'browser-reports']) {
    for (const file of filesOfPart(main, part)) fetched.add(file);
  }
  let total = 0;
  for (const file of fetched) {
    if (named().includes(file)) continue;
    const bytes = await gzipBytes(file);
    context.diagnostic(`${bytes} ${file}`);
    total += bytes;
  }
  const sizesOf = (name: RegExp) =>
    Promise.all(
      ofKind('.js')
        .filter((file) => name.test(file))
        .map(gzipBytes),
    );
  const rest = await sizesOf(/\/page-rest-/u);
  assert.equal(rest.length, Object.keys(LANGUAGES).length);
  const [icons = 0, ...others] = await sizesOf(/\/rest-/u);
  assert.deepEqual(others, []);
  total += Math.max(...rest) + icons;
  context.diagnostic(`${total} of ${AFTERWARDS_BYTES_MAX} bytes`);
  assert.ok(total <= AFTERWARDS_BYTES_MAX, `${total} bytes`);
});

test('the document preloads all imports of the entry script except translations', async () => {
  const entry = named().find((file) => /\/index-.*\.js$/u.test(file));
  assert.ok(entry !== undefined);
  const main = /import\(`\.\/(main-[^`]+)`\)/u.exec(await text(entry))?.[1];
  assert.ok(main !== undefined);
  assert.ok(named().includes(`assets/${main}`));
  assert.match(html, /<link rel="preload" as="font" [^>]*href="\/assets\/[^"]*latin-600[^"]*"/u);
});

test('shows a message in browsers without scripts, not the failure message', async () => {
  const sheets = await Promise.all(
    named()
      .filter((file) => file.endsWith('.css'))
      .map(text),
  );
  assert.match(html, /<noscript>/u);
  assert.match(
    sheets.join(''),
    /@media \(scripting: ?none\) ?\{ ?\.not-begun ?\{ ?display: ?none/u,
  );
});

test('applies the chosen theme before the first paint', async () => {
  const [, entry] =
    /<script type="module" blocking="render" [^>]*src="\/([^"]+)"/u.exec(html) ?? [];
  assert.ok(entry !== undefined);
  const texts = await Promise.all(named().map(async (file) => [file, await text(file)] as const));
  const looks = texts.filter(([, content]) => content.includes('meta[name=theme-color]'));
  assert.equal(looks.length, 1);
  const [[file] = ['']] = looks;
  assert.ok((await text(entry)).includes(file.replace('assets/', './')), 'the entry imports it');
});

test('puts every screen but the first into a file not loaded at start', async () => {
  const app = await readFile(join(import.meta.dirname, '../src/screens/app.tsx'), 'utf8');
  const screens = [...app.matchAll(/import\('\.\/([\w-]+)\.tsx'\)/gu)].map(
    ([, name]) => name ?? '',
  );
  assert.ok(new Set(screens).size >= 5);
  for (const screen of screens) {
    const chunks = ofKind('.js').filter((file) => file.startsWith(`assets/${screen}-`));
    assert.equal(chunks.length, 1, screen);
    for (const chunk of chunks) assert.ok(!named().includes(chunk), chunk);
  }
});

test('preloads one font file with all characters of the first screen but Arabic ones', async () => {
  const fonts = [...html.matchAll(/href="\/(assets\/[^"]+\.woff2)"/gu)].map(
    ([, file]) => file ?? '',
  );
  assert.equal(fonts.length, 1);
  const [font = ''] = fonts;
  const sheets = await Promise.all(ofKind('.css').map(text));
  const faces = sheets.flatMap((sheet) => sheet.match(/@font-face\{[^}]*\}/gu) ?? []);
  const face = faces.find((rule) => rule.includes(font)) ?? '';
  const ranges = /unicode-range:([^;}]+)/u.exec(face)?.[1]?.split(',') ?? [];
  const bounds = ranges.map((range) => {
    const [from = '', to = from] = range.trim().replace(/^U\+/iu, '').split('-');
    // In a CSS `unicode-range`, `U+??` means `U+00-FF`.
    return [from.replaceAll('?', '0'), to.replaceAll('?', 'F')].map((hex) =>
      Number.parseInt(hex, 16),
    );
  });
  const has = (code: number): boolean =>
    bounds.some(([from = 0, to = -1]) => code >= from && code <= to);
  assert.ok(has(0x41) && !has(0x416));
  for (const [language, words] of Object.entries(readLocales('page-first'))) {
    // The display font has no Arabic. The system's font draws Arabic text.
    const written = JSON.stringify(words).replaceAll(/[\u0600-\u06FF]/gu, '');
    const missing = Array.from(written).filter((letter) => !has(letter.codePointAt(0) ?? 0));
    assert.deepEqual(missing, [], language);
  }
});

test("shows the document's static text in every language", () => {
  for (const part of [
    /<main class="alone not-begun">.*?<\/main>/su,
    /<noscript>.*?<\/noscript>/su,
  ]) {
    const [said = ''] = part.exec(html) ?? [];
    assert.ok(said.length > 0);
    for (const language of Object.keys(LANGUAGES).filter((name) => name !== 'en')) {
      assert.ok(said.includes(`lang="${language}"`), language);
    }
  }
});

test('compresses files in two formats that decompress to the original', async () => {
  const texts = ofKind('.bin', '.css', '.html', '.js', '.svg', '.wasm', '.webmanifest');
  assert.ok(texts.length > 10);
  for (const file of texts) {
    const content = await readFile(join(folder, file));
    const read = (ending: string) => readFile(join(folder, file + ending));
    assert.ok(brotliDecompressSync(await read('.br')).equals(content), file);
    assert.ok(gunzipSync(await read('.gz')).equals(content), file);
  }
});

test('inlines nothing that the Content-Security-Policy forbids', async () => {
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/u);
  for (const file of ofKind('.js', '.css', '.html')) {
    // The search ignores the strings by which WebAssembly programs detect an inlined file, and an
    // address that the blur's program never makes.
    const written = (await text(file)).replace(
      /`data:(?:application\/octet-stream;base64,|audio\/x-)`/gu,
      '',
    );
    assert.doesNotMatch(written, /\bdata:[a-z]+\/[a-z]/u, file);
  }
  for (const file of ofKind('.js')) {
    assert.doesNotMatch(await text(file), /\beval\(|new Function\(/u, file);
  }
});

test('requests no file from other origins', async () => {
  for (const file of ofKind('.css', '.html', '.webmanifest')) {
    assert.doesNotMatch(
      await text(file),
      /(?:url\(|src=|href=|"src": )["']?(?:https?:)?\/\//u,
      file,
    );
  }
});

test("puts a digest into every asset's name for permanent caching", () => {
  const assets = files.filter((file) => file.startsWith('assets/'));
  assert.ok(assets.length > 10);
  for (const file of assets)
    assert.match(file, /-[\w-]{8}\.(?:bin|css|js|wasm|woff2)(?:\.br|\.gz)?$/u);
});

test("loads the shield only on demand, and only its worker's files", async () => {
  const [worker, ...others] = ofKind('.js').filter((file) => file.includes('shield-worker'));
  assert.ok(worker !== undefined && others.length === 0);
  const own = ofKind('.wasm', '.bin').filter((file) => file.includes('shield-'));
  for (const file of [worker, ...own]) assert.ok(!html.includes(file), file);
  assert.equal(own.length, 2);
  assert.ok((await gzipBytes(worker)) <= 50_000);
  // The build leaves out the threaded backend, because it would build a worker from a string.
  assert.doesNotMatch(await text(worker), /new Worker\(/u);
});

test('[DV-4] [DV-20] loads the effects of camera and microphone only on demand', async () => {
  const parts = ofKind('.js').filter((file) =>
    /(?:background-blur|noise-(?:filter|worklet))-/u.test(file),
  );
  assert.equal(parts.length, 3);
  const names = parts.map((file) => file.slice('assets/'.length));
  for (const file of ofKind('.js').filter((each) => !parts.includes(each))) {
    const code = await text(file);
    for (const name of names) {
      // No chunk imports an effect with its own code.
      assert.ok(!new RegExp(`(?:from|import)["'\`]\\./${name}`, 'u').test(code), `${file} ${name}`);
    }
  }
  const opener = ofKind('.js').filter((file) => file.includes('browser-media-'));
  assert.equal(opener.length, 1);
  assert.match(await text(opener[0] ?? ''), /import\(`\.\/background-blur-/u);
  for (const file of [...parts, ...ofKind('.wasm', '.bin')]) assert.ok(!html.includes(file), file);
  // The digests of the graph, the model and the two programs.
  const assets = ofKind('.js').filter((file) => file.startsWith('assets/'));
  const code = await Promise.all(assets.map(text));
  assert.equal(new Set(code.join('').match(/sha256-[\w+/]{43}=/gu)).size, 4);
});

test('includes the licences of all bundled packages', async () => {
  const licences = await text('licences.txt');
  const inside = ['preact', '@preact/signals-core', '@tensorflow/tfjs-core', 'nsfwjs'];
  const effects = ['@sapphi-red/web-noise-suppressor', '@shiguredo/virtual-background'];
  for (const name of [...inside, ...effects, '@fontsource/bricolage-grotesque']) {
    assert.match(licences, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'mu'), name);
  }
  assert.match(licences, /Permission is hereby granted, free of charge/u);
  assert.match(licences, /SIL OPEN FONT LICENSE/iu);
  for (const tool of ['vite', 'typescript'])
    assert.doesNotMatch(licences, new RegExp(`^${tool} `, 'mu'));
});

test('excludes the gallery from every build', () => {
  assert.ok(modules.some((id) => id.endsWith('/src/main.tsx')));
  assert.deepEqual(
    modules.filter((id) => /\/src\/(?:gallery|fakes)\//u.test(id)),
    [],
  );
});
