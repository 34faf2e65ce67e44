import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import type { ChatView, LineView } from '../src/chat/chat-view.ts';
import { statesUnder18 } from '../src/chat/stated-age.ts';
import { StatedAgeModel } from '../src/chat/stated-age-model.ts';

/** Year in which the lines are written. It decides whether a year of birth is under 18. */
const YEAR = 2026;

const CHAT: ChatView = {
  lines: [],
  draft: '',
  draftFault: null,
  caution: null,
  draftRemaining: 0,
  peerTyping: false,
  peerQuietMinutes: 0,
  unread: 0,
  open: true,
};

const chatOf = (...lines: readonly (readonly [LineView['from'], string])[]): ChatView => ({
  ...CHAT,
  lines: lines.map(([from, text], at) => ({
    ...{ key: `line-${at}`, id: `line-${at}`, from, text },
    ...{ atMs: null, sinceStartMs: null, state: 'sent', refusal: null },
  })),
});

/** A model whose patterns load or fail when the test decides. */
class Loading {
  readonly chat = signal<ChatView | null>(null);
  readonly asked: PromiseWithResolvers<(text: string) => boolean>[] = [];
  readonly searched: string[] = [];
  readonly model = new StatedAgeModel(this.chat, () => {
    const loading = Promise.withResolvers<(text: string) => boolean>();
    this.asked.push(loading);
    return loading.promise;
  });

  get isStated(): boolean {
    return this.model.isStated.value;
  }

  async load(): Promise<void> {
    this.asked.at(-1)?.resolve((text) => {
      this.searched.push(text);
      return statesUnder18(text, YEAR);
    });
    await Promise.resolve();
  }

  async fail(): Promise<void> {
    const loading = this.asked.at(-1) ?? assert.fail();
    loading.reject(new Error('offline'));
    await loading.promise.catch(() => {});
  }
}

test('loads the patterns with the first chat and finds an age stated before that', async () => {
  const page = new Loading();
  assert.equal(page.asked.length, 0);
  page.chat.value = chatOf(['peer', 'hello'], ['peer', '17 m']);
  assert.equal(page.isStated, false);
  await page.load();
  assert.equal(page.isStated, true);
  page.chat.value = null;
  assert.equal(page.isStated, false);
  page.chat.value = chatOf(['peer', '18 m']);
  assert.equal(page.isStated, false);
  assert.equal(page.asked.length, 1);
});

test("ignores the user's own age", async () => {
  const page = new Loading();
  page.chat.value = chatOf(['you', '17 m'], ['peer', 'hello']);
  await page.load();
  assert.equal(page.isStated, false);
});

test("loads the patterns again at the peer's next line after a failure", async () => {
  const page = new Loading();
  page.chat.value = chatOf();
  await page.fail();
  page.chat.value = { ...chatOf(), draft: 'a' };
  assert.equal(page.asked.length, 1);
  page.chat.value = chatOf(['peer', '17 m']);
  assert.equal(page.asked.length, 2);
  await page.load();
  assert.equal(page.isStated, true);
});

test('searches each text of a chat once', async () => {
  const page = new Loading();
  page.chat.value = chatOf(['peer', 'hello']);
  await page.load();
  for (const draft of ['a', 'ab', 'abc']) {
    page.chat.value = { ...chatOf(['peer', 'hello'], ['peer', 'hi']), draft };
    assert.equal(page.isStated, false);
  }
  assert.deepEqual(page.searched, ['hello', 'hi']);
});
