import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import type { LineView } from '../src/chat/chat-view.ts';
import { browserLanguageTools } from '../src/chat/language-tools.ts';
import { Translations } from '../src/chat/translations.ts';
import { FakeLanguageTools } from '../src/fakes/fake-language-tools.ts';
import { settle } from '../src/fakes/fake-time.ts';

function line(from: LineView['from'], id: string, text: string): LineView {
  const rest = { atMs: 0, sinceStartMs: 0, state: 'sent', refusal: null } as const;
  return { key: `${from}:${id}`, id, from, text, ...rest };
}

/** A user who reads English and French, with the page in English. */
function desk() {
  const tools = new FakeLanguageTools();
  const lines = signal<readonly LineView[]>([]);
  const chat = signal<{ readonly lines: readonly LineView[] } | null>(null);
  const automatic = signal(false);
  let shares = false;
  const translations = new Translations({
    tools,
    chat,
    automatic: () => automatic.value,
    target: () => 'en',
    known: () => ['en', 'fr-CA'],
    shareLanguage: () => shares,
  });
  return {
    tools,
    automatic,
    translations,
    share: () => {
      shares = true;
    },
    async say(...said: readonly LineView[]): Promise<void> {
      lines.value = [...lines.value, ...said];
      chat.value = { lines: lines.value };
      await settle();
    },
    async clear(): Promise<void> {
      lines.value = [];
      chat.value = null;
      await settle();
    },
    states: () => [...translations.all.value].map(([key, { state }]) => [key, state]),
  };
}

const HALLO = line('peer', '1', 'de: hallo');

test('[DV-41] offers to translate only lines of the peer in a language the user doesn’t read', async () => {
  const { say, states } = desk();
  await say(
    HALLO,
    line('peer', '2', 'fr: bonjour'),
    line('you', '3', 'de: hallo'),
    line('peer', '4', '42 :)'),
  );
  assert.deepEqual(states(), [['peer:1', 'offered']]);
});

test('[DV-41] without a detector, offers it only if the users told no common language', async () => {
  const strangers = desk();
  strangers.tools.hasDetector = false;
  await strangers.say(HALLO);
  assert.deepEqual(strangers.states(), [['peer:1', 'offered']]);
  const sharers = desk();
  sharers.tools.hasDetector = false;
  sharers.share();
  await sharers.say(HALLO);
  assert.deepEqual(sharers.states(), []);
});

test('[DV-42] translates a line after a press, says why not, and tries again', async () => {
  const { say, states, tools, translations } = desk();
  await say(HALLO);
  tools.fails = true;
  await translations.translate(HALLO);
  assert.deepEqual(states(), [['peer:1', 'failed']]);
  tools.fails = false;
  await translations.translate(HALLO);
  const done = { state: 'done', text: 'en of de: de: hallo', language: 'en' };
  assert.deepEqual(translations.all.value.get('peer:1'), done);
  const english = line('peer', '5', 'en-GB: hello');
  await translations.translate(english);
  assert.equal(translations.all.value.get('peer:5')?.state, 'same');
});

test('[DV-43] translates lines without a press only where no download is needed', async () => {
  const { say, states, tools, automatic } = desk();
  await say(HALLO);
  tools.hasTranslator = false;
  automatic.value = true;
  await settle();
  assert.deepEqual(states(), [['peer:1', 'offered']]);
  tools.hasTranslator = true;
  await say(line('peer', '2', 'es: hola'));
  assert.deepEqual(states(), [
    ['peer:1', 'done'],
    ['peer:2', 'done'],
  ]);
  assert.deepEqual(tools.translated.sort(), ['de: hallo', 'es: hola']);
});

test('[DV-44] forgets translations with the chat, also those that come late', async () => {
  const { say, clear, states, tools, translations } = desk();
  const gate = Promise.withResolvers<void>();
  await say(HALLO);
  tools.gate = gate.promise;
  const late = translations.translate(HALLO);
  await clear();
  gate.resolve();
  await late;
  assert.deepEqual(states(), []);
});

test('[DV-40] has no translation in a browser without a translator', () => {
  assert.equal(browserLanguageTools(), null);
});
