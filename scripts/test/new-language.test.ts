import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { build } from 'vite';
import { listFiles } from '../lib/files.mjs';
import { root } from '../setup.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const TAG = 'qaa';
const NAME = 'Qaala';
/** A language in which chat has no hints, and which the operator hasn't marked. */
const HIDDEN_TAG = 'qab';
const HIDDEN_NAME = 'Qabba';
const MARK = '☂';
/** A text and a file that the new language lacks, and the English text in both. */
const LACKING = { file: 'page-rest.json', group: 'agePrompt', text: 'notNow' } as const;
const LACKING_FILE = 'interests.json';

type Words = { readonly [name: string]: string | Words } | readonly string[];

function marked(words: Words): unknown {
  if (Array.isArray(words)) return words.map((word) => `${word}${MARK}`);
  return Object.fromEntries(
    Object.entries(words).map(([name, value]) => [
      name,
      typeof value === 'string' ? `${value}${MARK}` : marked(value),
    ]),
  );
}

function copyWithLanguage(t: TestContext): string {
  const folder = temporaryFolder(t);
  const sources = /^(?:locales|apps\/(?:web|console|server)|packages)\/|^[\w.]+\.json$/u;
  for (const file of listFiles().filter((path) => sources.test(path) && !path.includes('/test/'))) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  const modules = join(root, 'node_modules');
  mkdirSync(join(folder, 'node_modules', '@farandole'), { recursive: true });
  for (const name of readdirSync(modules)) {
    if (name !== '@farandole') symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  }
  for (const room of ['apps', 'packages']) {
    for (const name of readdirSync(join(folder, room))) {
      symlinkSync(join(folder, room, name), join(folder, 'node_modules', '@farandole', name));
    }
  }
  const english = join(folder, 'locales', 'en');
  mkdirSync(join(folder, 'locales', TAG));
  for (const file of readdirSync(english)) {
    if (file === LACKING_FILE) continue;
    const words = JSON.parse(readFileSync(join(english, file), 'utf8')) as Words;
    const said =
      file === 'language.json'
        ? { name: NAME, direction: 'rtl', withoutHints: true }
        : marked(words);
    writeFileSync(join(folder, 'locales', TAG, file), JSON.stringify(said));
  }
  const hidden = join(folder, 'locales', HIDDEN_TAG);
  mkdirSync(hidden);
  const language = { name: HIDDEN_NAME, direction: 'ltr' };
  writeFileSync(join(hidden, 'language.json'), JSON.stringify(language));
  const lacking = join(folder, 'locales', TAG, LACKING.file);
  const words = JSON.parse(readFileSync(lacking, 'utf8')) as Record<string, Record<string, string>>;
  delete words[LACKING.group]?.[LACKING.text];
  writeFileSync(lacking, JSON.stringify(words));
  return folder;
}

async function built(copy: string, app: string): Promise<ReadonlyMap<string, string>> {
  const output = await build({
    root: join(copy, 'apps', app),
    logLevel: 'error',
    build: { write: false },
  });
  assert.ok('output' in output);
  return new Map(
    output.output.map((file) => [
      file.fileName,
      String(file.type === 'chunk' ? file.code : file.source),
    ]),
  );
}

const saidIn = (files: ReadonlyMap<string, string>, name: string): readonly string[] =>
  [...files]
    .filter(([file, text]) => file.startsWith(`assets/${name}-`) && text.includes(MARK))
    .map(([file]) => file);

test('adds a language with the mark withoutHints to page, console and server', async (t) => {
  const copy = copyWithLanguage(t);
  await t.test('the page lists, loads and embeds a new language', async () => {
    const page = await built(copy, 'web');
    for (const name of [
      'page-first',
      'page-rest',
      'cards',
      'meeting',
      'effects',
      'voice',
      'exchange',
      'question',
    ]) {
      assert.equal(saidIn(page, name).length, 1, name);
    }
    assert.equal(saidIn(page, 'interests').length, 0);
    const [rest = ''] = saidIn(page, 'page-rest').map((file) => page.get(file));
    assert.match(rest, /notNow["']?: ?[`'"]Not now/u, 'a missing text is in English');
    assert.ok([...page.values()].some((text) => text.includes(NAME)));
    const html = page.get('index.html') ?? '';
    assert.equal(html.match(new RegExp(`lang="${TAG}" dir="rtl"`, 'gu'))?.length, 4);
    assert.ok(!html.includes(`lang="${HIDDEN_TAG}"`));
    const manifest = JSON.parse(page.get('manifest.webmanifest') ?? '') as {
      readonly description_localized: Readonly<Record<string, string>>;
    };
    assert.ok(manifest.description_localized[TAG]?.endsWith(MARK));
  });
  await t.test('the console lists and loads a new language', async () => {
    const page = await built(copy, 'console');
    for (const name of ['console', 'statements']) assert.equal(saidIn(page, name).length, 1, name);
    assert.ok([...page.values()].some((text) => text.includes(NAME)));
    assert.match(page.get('index.html') ?? '', new RegExp(`<p lang="${TAG}" dir="rtl">`, 'u'));
  });
  await t.test('the server renders its pages in a new language', () => {
    const http = join(copy, 'apps', 'server', 'src', 'http');
    const program = `
      import { insecurePage } from ${JSON.stringify(join(http, 'insecure-page.ts'))};
      import { isLanguage } from ${JSON.stringify(join(http, 'accept-language.ts'))};
      import { appealPage } from ${JSON.stringify(join(http, 'appeal', 'appeal-page.ts'))};
      const view = { state: 'ask', fault: null };
      const operator = { name: null, contact: null };
      const appeal = appealPage({ language: '${TAG}', status: 200, view, operator });
      const texts = [await insecurePage('${TAG}-XX').text(), await appeal.text()];
      const known = isLanguage('${TAG}') && !isLanguage('${HIDDEN_TAG}');
      console.log(JSON.stringify([known, ...texts]));`;
    const args = ['--input-type=module', '--eval', program];
    const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
    const [isKnown, ...pages] = JSON.parse(printed) as [boolean, string, string];
    assert.equal(isKnown, true);
    for (const html of pages) {
      assert.match(html, new RegExp(`<html lang="${TAG}" dir="rtl">`, 'u'));
      assert.match(html, new RegExp(`<h1>[^<]+${MARK}</h1>`, 'u'));
    }
  });
});
