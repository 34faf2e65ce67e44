import { startFarandole } from '../support/farandole.ts';
import { HostileClient } from '../support/hostile-client.ts';
import {
  ALL_HOSTILE_TEXTS,
  HOSTILE_INTERESTS,
  HOSTILE_TEXTS,
  TEXTS_THAT_ARE_NONE,
} from '../support/hostile-texts.ts';
import { PageAlarm, SILENCE } from '../support/page-alarm.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';
import { TcpFaultProxy } from '../support/tcp-fault-proxy.ts';

/** Of several texts put together, well below what a line may have. */
const JOINED_CHARS_MAX = 400;

/** Several texts a line, since a node takes only so many lines a second. */
function linesOf(texts: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const joined = `${lines.at(-1) ?? ''}\n${text}`;
    if (lines.length === 0 || joined.length > JOINED_CHARS_MAX) lines.push(text);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** What fits the node's first ten lines, one of which is spent before. */
const REPLAYED = linesOf([
  ...(HOSTILE_TEXTS['handlers'] ?? []),
  ...(HOSTILE_TEXTS['foreign markup'] ?? []),
  ...(HOSTILE_TEXTS['what is not seen'] ?? []),
]);

/** What the person reads in the chat, each line as it was written. */
async function linesSeenBy(person: Person): Promise<readonly string[]> {
  return await person.chat
    .getByRole('listitem')
    .evaluateAll((items) => items.map((item) => item.querySelector('p')?.textContent ?? ''));
}

/** What the page made so far, of harmless lines. */
async function knownElements(person: Person): Promise<readonly string[]> {
  return await person.page.evaluate(() => window.readAlarms().elements);
}

test('whatever a stranger writes is text, in the call, after it, and in a report', async ({
  node,
  arrive,
}) => {
  const { url } = await node();
  const ana = await arrive('Ana', url);
  await ana.addInterests(...HOSTILE_INTERESTS);
  const hostile = await HostileClient.arrive({ origin: url });
  await ana.startText();
  const call = await hostile.meet('text', HOSTILE_INTERESTS);
  await ana.expectInCall();

  await test.step('interests', async () => {
    for (const interest of HOSTILE_INTERESTS) {
      const shown = ana.page.getByText(interest, { exact: false }).locator('visible=true');
      await expect(shown.first()).toBeVisible();
    }
    await expect(ana.page.locator('main img, main script')).toHaveCount(0);
  });

  const alarm = await PageAlarm.arm(ana.page);
  await hostile.sayLines(call, ['just words', 'and more words']);
  await expect.poll(() => linesSeenBy(ana)).toEqual(['just words', 'and more words']);
  const known = await knownElements(ana);
  const lines = linesOf(ALL_HOSTILE_TEXTS);
  expect(ALL_HOSTILE_TEXTS.length).toBeGreaterThanOrEqual(60);

  await test.step('in the call', async () => {
    await hostile.sayLines(call, lines);
    await expect.poll(() => linesSeenBy(ana)).toEqual(['just words', 'and more words', ...lines]);
    expect(await alarm.read(known)).toEqual(SILENCE);
    expect(await sticksOut(ana)).toEqual([]);
    for (const name of ['Report', 'Next', 'Stop']) await ana.button(name).click({ trial: true });
  });

  await test.step('what is no text is refused', async () => {
    for (const text of TEXTS_THAT_ARE_NONE) {
      await expect
        .poll(async () => (await hostile.sayLine(call, text))['reason'], { intervals: [500] })
        .toBe('bad-characters');
    }
    expect(await linesSeenBy(ana)).toHaveLength(lines.length + 2);
  });

  await test.step('after the call, and in a report', async () => {
    hostile.leave();
    await expect(ana.page.getByText(/Stranger left/).first()).toBeVisible();
    expect(await linesSeenBy(ana)).toEqual(['just words', 'and more words', ...lines]);
    await ana.button('Report').click();
    const dialog = ana.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Scam or spam' }).click();
    await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
    // The screens are the page's own; what was written is in none of their elements.
    const { elements, requests, ...rest } = await alarm.read(known);
    const { elements: _, requests: __, ...silence } = SILENCE;
    expect(rest).toEqual(silence);
    expect(elements.filter((element) => /canary|evil|alert/.test(element))).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(`${url}/`))).toEqual([]);
  });
});

/** Elements of the chat that are wider than what holds them. */
async function sticksOut(person: Person): Promise<readonly string[]> {
  return await person.chat.evaluate((log) => {
    const { left, right } = log.getBoundingClientRect();
    const wide = [...log.querySelectorAll('*')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && (box.left < left - 1 || box.right > right + 1);
    });
    const page = document.documentElement;
    const scrolls = page.scrollWidth > page.clientWidth ? ['the page scrolls sideways'] : [];
    return [...scrolls, ...wide.map((element) => element.textContent.slice(0, 40))];
  });
}

test('a line that comes back after a restart is text as well', async ({ arrive }) => {
  const proxy = await TcpFaultProxy.start();
  const url = `http://localhost:${proxy.port}`;
  const server = await startFarandole({ FARANDOLE_ORIGINS: url });
  proxy.aimAt(server.port);
  try {
    // Only she comes by the bad network; he says by which address the page was opened.
    const ana = await arrive('Ana', url);
    const hostile = await HostileClient.arrive({ origin: url, by: { port: server.port } });
    await ana.startText();
    const call = await hostile.meet('text');
    await ana.expectInCall();
    await hostile.sayLines(call, ['just words']);
    await ana.expectLine('just words');

    await test.step('lines that she does not get before the node is gone', async () => {
      proxy.silence();
      await hostile.sayLines(call, REPLAYED);
      await server.kill('SIGKILL');
      proxy.cut();
      await server.start();
    });

    const alarm = await PageAlarm.arm(ana.page);
    await hostile.enter();
    proxy.heal();
    expect(await hostile.restore(call)).toBe(REPLAYED.length);
    await expect.poll(() => linesSeenBy(ana)).toEqual(['just words', ...REPLAYED]);
    const { canaries, violations, dialogs, elements } = await alarm.read();
    expect({ canaries, violations, dialogs }).toEqual({ canaries: 0, violations: [], dialogs: 0 });
    expect(elements.filter((element) => /canary|evil/.test(element))).toEqual([]);
    hostile.leave();
  } finally {
    await server.stop();
    await proxy.stop();
  }
});
