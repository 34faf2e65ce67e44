import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ask } from '@farandole/e2e/http';
import { PagesSource } from '../src/http/pages-source.ts';
import { StaticPages } from '../src/http/static-pages.ts';
import { StartError } from '../src/start-error.ts';
import {
  builtPage,
  CONSOLE_HTML,
  INDEX_HTML,
  SCRIPT,
  startTestServer,
  temporaryFolder,
} from './support/test-server.ts';

const ASSET = '/assets/main-abc123.js';
const WITH_PREVIEW =
  '<meta property="og:url" content="/" /><meta property="og:image" content="/card.png" />' +
  '<link rel="icon" href="/favicon.svg" />';

test('lets browsers cache files with digests forever and revalidate the page', async (t) => {
  const { port } = await startTestServer(t);
  const page = await ask({ port });
  assert.equal(page.text(), INDEX_HTML);
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(page.headers['cache-control'], 'no-cache');
  const script = await ask({ port, path: ASSET });
  assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable');
  const icon = await ask({ port, path: '/favicon.svg' });
  assert.equal(icon.headers['content-type'], 'image/svg+xml; charset=utf-8');
  assert.equal(icon.headers['cache-control'], 'no-cache');
});

test('serves the console at an address without a file name', async (t) => {
  const { port } = await startTestServer(t);
  const page = await ask({ port, path: '/console' });
  assert.equal(page.text(), CONSOLE_HTML);
  assert.equal(page.headers['cache-control'], 'no-cache');
  const script = await ask({ port, path: '/console/assets/main-def456.js' });
  assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable');
  for (const path of ['/console/index.html', '/console/', '/console/nothing']) {
    assert.equal((await ask({ port, path })).status, 404, path);
  }
});

test('names the offered ways to meet in the first page', async (t) => {
  const folder = await builtPage(t);
  await writeFile(join(folder, 'index.html'), '<!doctype html><html lang="en"></html>');
  const pages = await StaticPages.read(folder, ['voice', 'text']);
  const answer = await pages.respond(
    '/',
    new Request('https://one.example'),
    'https://one.example',
  );
  const html = '<!doctype html><html data-modes="voice text" lang="en"></html>';
  assert.equal(await answer?.text(), html);
});

test('completes the addresses of the link preview with the requested origin', async (t) => {
  const folder = await builtPage(t);
  await writeFile(join(folder, 'index.html'), WITH_PREVIEW);
  const pages = await StaticPages.read(folder);
  const decoded: Readonly<Record<string, (body: Buffer) => Buffer>> = {
    br: brotliDecompressSync,
    gzip: gunzipSync,
    identity: (body) => body,
  };
  const etags = new Set<string | null>();
  for (const origin of ['https://one.example', 'https://two.example:8443']) {
    for (const [encoding, decode] of Object.entries(decoded)) {
      const headers = { 'Accept-Encoding': encoding };
      const answer = await pages.respond('/', new Request(origin, { headers }), origin);
      const body = Buffer.from((await answer?.arrayBuffer()) ?? new ArrayBuffer());
      assert.equal(answer?.headers.get('content-length'), String(body.length));
      assert.equal(
        decode(body).toString(),
        `<meta property="og:url" content="${origin}/" />` +
          `<meta property="og:image" content="${origin}/card.png" />` +
          '<link rel="icon" href="/favicon.svg" />',
      );
      etags.add(answer.headers.get('etag'));
    }
  }
  assert.equal(etags.size, 6);
});

test('drops the preload of the display font for languages that do not use it', async (t) => {
  const folder = await builtPage(t);
  const font = '<link rel="preload" as="font" type="font/woff2" href="/assets/font.woff2">';
  await writeFile(join(folder, 'index.html'), `<head>${font}<title>Farandole</title></head>`);
  const pages = await StaticPages.read(folder);
  const origin = 'https://one.example';
  for (const [language, hasFont] of [
    ['ar-EG, en;q=0.5', false],
    ['de, ar', true],
    ['en', true],
  ] as const) {
    const headers = { 'Accept-Language': language };
    const answer = await pages.respond('/', new Request(origin, { headers }), origin);
    assert.equal((await answer?.text())?.includes(font), hasFont, language);
    assert.equal(answer?.headers.get('vary'), 'Accept-Encoding, Accept-Language');
  }
});

test('serves the smallest encoding the browser accepts', async (t) => {
  const { port } = await startTestServer(t);
  const matrix: readonly [accept: string | null, encoding: string | undefined][] = [
    ['gzip, deflate, br, zstd', 'br'],
    ['BR', 'br'],
    ['gzip', 'gzip'],
    ['gzip, br;q=0', 'gzip'],
    ['br;q=0.000, gzip;q=0', undefined],
    ['deflate', undefined],
    ['', undefined],
    [null, undefined],
    ['brotli', undefined],
  ];
  const bytes = {
    br: (body: Buffer) => brotliDecompressSync(body),
    gzip: (body: Buffer) => gunzipSync(body),
  };
  const etags = new Set<string>();
  for (const [accept, encoding] of matrix) {
    const headers: Record<string, string> = accept === null ? {} : { 'Accept-Encoding': accept };
    const answer = await ask({ port, path: ASSET, headers });
    assert.equal(answer.headers['content-encoding'], encoding, `Accept-Encoding: ${accept}`);
    assert.equal(answer.headers['vary'], 'Accept-Encoding');
    assert.equal(Number(answer.headers['content-length']), answer.body.length);
    const whole =
      encoding === 'br' || encoding === 'gzip' ? bytes[encoding](answer.body) : answer.body;
    assert.equal(whole.toString(), SCRIPT);
    etags.add(String(answer.headers.etag));
  }
  assert.equal(etags.size, 3, 'each encoding has an ETag of its own');
});

test('answers 304 for a cached file', async (t) => {
  const { port } = await startTestServer(t);
  const { headers } = await ask({ port });
  const etag = String(headers.etag);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const answer = await ask({ port, headers: { 'If-None-Match': known } });
    assert.equal(answer.status, 304, known);
    assert.equal(answer.body.length, 0);
    assert.equal(answer.headers.etag, etag);
  }
  assert.equal((await ask({ port, headers: { 'If-None-Match': '"other"' } })).status, 200);
});

test('serves the rest of a plain file so that a page can continue a download', async (t) => {
  const { port } = await startTestServer(t);
  const whole = await ask({ port, path: ASSET });
  const { length } = SCRIPT;
  assert.equal(whole.headers['accept-ranges'], 'bytes');
  const rest = async (headers: Record<string, string>) =>
    await ask({ port, path: ASSET, headers: { 'Accept-Encoding': 'br', ...headers } });

  const etag = String(whole.headers.etag);
  for (const condition of [{}, { 'If-Range': etag }]) {
    const part = await rest({ Range: 'bytes=3-', ...condition });
    assert.equal(part.status, 206);
    assert.equal(part.text(), SCRIPT.slice(3));
    assert.equal(part.headers['content-range'], `bytes 3-${length - 1}/${length}`);
    assert.equal(part.headers['content-encoding'], undefined);
    assert.equal(part.headers.etag, etag);
  }
  const bounded = [
    ['bytes=1-4', SCRIPT.slice(1, 5), `bytes 1-4/${length}`],
    [`bytes=1-${length}`, SCRIPT.slice(1), `bytes 1-${length - 1}/${length}`],
  ] as const;
  for (const [range, text, said] of bounded) {
    const part = await rest({ Range: range });
    assert.equal(part.text(), text);
    assert.equal(part.headers['content-range'], said);
  }
  const beyond = await rest({ Range: `bytes=${length}-` });
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers['content-range'], `bytes */${length}`);
  const ignored = ['bytes=4-1', 'bytes=-3', 'bytes=0-1,3-4', 'lines=1-', 'bytes=x-'];
  for (const range of ignored) assert.equal((await rest({ Range: range })).status, 200, range);
  assert.equal((await rest({ Range: 'bytes=3-', 'If-Range': '"other"' })).status, 200);
});

test('reads the encodings that browsers rarely ask for from disk', async (t) => {
  const folder = await builtPage(t);
  const path = '/assets/model-abc123.bin';
  const model = randomBytes(300_000);
  await writeFile(join(folder, path), model);
  await writeFile(join(folder, `${path}.br`), 'short');
  const pages = await StaticPages.read(folder);
  const origin = 'https://one.example';
  const get = async (init?: RequestInit) =>
    await pages.respond(path, new Request(origin, init), origin);
  const bytesOf = async (answer: Response | null) =>
    Buffer.from((await answer?.arrayBuffer()) ?? new ArrayBuffer());
  assert.ok((await bytesOf(await get())).equals(model));
  const rest = await get({ headers: { Range: 'bytes=100000-' } });
  assert.equal(rest?.headers.get('content-range'), 'bytes 100000-299999/300000');
  assert.ok((await bytesOf(rest)).equals(model.subarray(100_000)));
  assert.equal((await get({ method: 'HEAD' }))?.headers.get('content-length'), '300000');
  await rm(join(folder, 'assets'), { recursive: true });
  assert.equal(await get(), null);
  const best = await get({ headers: { 'Accept-Encoding': 'br' } });
  assert.equal(await best?.text(), 'short');
});

test('answers a HEAD request as GET without a body', async (t) => {
  const { port } = await startTestServer(t);
  const head = await ask({ method: 'HEAD', port });
  assert.equal(head.body.length, 0);
  assert.equal(Number(head.headers['content-length']), Buffer.byteLength(INDEX_HTML));
});

test('serves only files of the built page', async (t) => {
  const { port, pagesDir } = await startTestServer(t);
  await writeFile(join(pagesDir, '..', 'secret.txt'), 'secret').catch(() => {});
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/../../package.json',
    '/assets/..%5c..%5cpackage.json',
    '//etc/passwd',
    '/etc/passwd',
    '/assets',
    '/assets/',
    '/index.html',
    '/assets/main-abc123.js.br',
    '/assets/main-abc123.js%00',
    '/ASSETS/main-abc123.js',
    '/assets/main%2dabc123.js',
    '/%61ssets/main-abc123.js',
    '/__proto__',
    '/constructor',
  ]) {
    const answer = await ask({ port, path });
    assert.equal(answer.status, 404, path);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
  }
});

test('answers an unknown address with a page to browsers, JSON to programs', async (t) => {
  const { port } = await startTestServer(t);
  const page = await ask({ port, path: '/nothing', headers: { Accept: 'text/html,*/*' } });
  assert.equal(page.status, 404);
  assert.match(page.text(), /^<!doctype html><html lang="en">.*There is nothing at this address/);
  const french = { accept: 'text/html', 'accept-language': 'fr-CA' };
  const inFrench = await ask({ port, path: '/nothing', headers: french });
  assert.match(inFrench.text(), /^<!doctype html><html lang="fr">.*Il n’y a rien/);
  const arabic = { accept: 'text/html', 'accept-language': 'ar-EG' };
  const inArabic = await ask({ port, path: '/nothing', headers: arabic });
  assert.match(inArabic.text(), /^<!doctype html><html lang="ar" dir="rtl">/);
  assert.match(page.text(), /<a href="\/">/);
  const answer = await ask({ port, path: '/nothing', headers: { Accept: 'application/json' } });
  assert.deepEqual(Object.keys(answer.json() as object), ['error', 'detail']);
});

test('refuses to start without a page build', async (t) => {
  const folder = await temporaryFolder(t);
  const refusal = (error: unknown) =>
    error instanceof StartError && /npm start/.test(error.message);
  await assert.rejects(StaticPages.read(folder), refusal);
  await assert.rejects(StaticPages.read(join(folder, 'gone')), refusal);
});

test('serves the latest complete build in development', async (t) => {
  const folder = await builtPage(t);
  const source = await PagesSource.open(folder, true);
  t.after(() => source.close());
  const first = source.current;
  await rm(join(folder, 'assets'), { recursive: true });
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'assets', 'main-def456.js'), SCRIPT);
  let nowMonotonicMs = 0;
  while (source.current === first || !source.current.has('/assets/main-def456.js')) {
    // Simulated time passes faster than the disk reports changes, so the test ticks until the
    // change arrives.
    source.tick((nowMonotonicMs += 50));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(!source.current.has(ASSET));
  const whole = source.current;
  await rm(join(folder, 'index.html'));
  for (let i = 0; i < 20; i++) {
    source.tick((nowMonotonicMs += 50));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(source.current, whole, 'half a build is not served');
});
