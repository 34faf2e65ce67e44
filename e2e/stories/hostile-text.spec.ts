import { launchBare } from '../support/browser.ts';
import { HostileClient } from '../support/hostile-client.ts';
import {
  ALL_HOSTILE_TEXTS,
  HOSTILE_INTERESTS,
  HOSTILE_TEXTS,
  joinedTexts,
  TEXTS_THAT_ARE_NONE,
} from '../support/hostile-texts.ts';
import { markupAmong, PageAlarm, SILENCE } from '../support/page-alarm.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/**
 * Maximum length of a line that joins several texts. Texts are joined, because a node limits
 * lines per second.
 */
const JOINED_CHARS_MAX = 400;

/** The joined texts fit into the node's burst of ten lines, of which one is already used. */
const REPLAYED = joinedTexts(JOINED_CHARS_MAX, [
  ...(HOSTILE_TEXTS['handlers'] ?? []),
  ...(HOSTILE_TEXTS['foreign markup'] ?? []),
  ...(HOSTILE_TEXTS['what is not seen'] ?? []),
]);

async function linesSeenBy(person: Person): Promise<readonly string[]> {
  return await person.chat
    .getByRole('listitem')
    .evaluateAll((items) => items.map((item) => item.querySelector('p')?.textContent ?? ''));
}

/** Returns the elements that the page has created so far, for harmless lines. */
async function knownElements(person: Person): Promise<readonly string[]> {
  return await person.page.evaluate(() => window.readAlarms().elements);
}

/** Enough harmless lines for the page to create every kind of element in a chat log. */
const HARMLESS = ['just words', 'and more words', 'a third line', 'and a fourth'];

test('shows a stranger’s input as plain text in call, recap and report', async ({ one }) => {
  const { url, ana } = await one();
  await ana.addInterests(...HOSTILE_INTERESTS);
  const hostile = await HostileClient.arrive({ origin: url });
  const onTheWay = await PageAlarm.arm(ana.page);
  await ana.startText();
  const call = await hostile.meet('text', HOSTILE_INTERESTS);
  await ana.expectInCall();

  await test.step('shows hostile interests as plain text, not markup', async () => {
    for (const interest of HOSTILE_INTERESTS) {
      const shown = ana.page.getByText(interest, { exact: false }).locator('visible=true');
      await expect(shown.first()).toBeVisible();
    }
    await expect(ana.page.locator('main img, main script')).toHaveCount(0);
    const { canaries, violations, dialogs } = await onTheWay.read();
    expect({ canaries, violations, dialogs }).toEqual({ canaries: 0, violations: [], dialogs: 0 });
  });

  const alarm = await PageAlarm.arm(ana.page);
  await hostile.sayLines(call, HARMLESS);
  await expect.poll(() => linesSeenBy(ana)).toEqual(HARMLESS);
  // The page loads the picker of reactions when it has time.
  await ana.page.locator('#reactions').getByLabel('Wave').first().waitFor({ state: 'attached' });
  const known = await knownElements(ana);
  const lines = joinedTexts(JOINED_CHARS_MAX, ALL_HOSTILE_TEXTS);
  expect(ALL_HOSTILE_TEXTS.length).toBeGreaterThanOrEqual(60);

  await test.step('shows hostile chat lines in the call as plain text, not markup', async () => {
    await hostile.sayLines(call, lines);
    await expect.poll(() => linesSeenBy(ana)).toEqual([...HARMLESS, ...lines]);
    const seen = await alarm.read(known);
    // On a busy machine the page loads its own parts, and with them the user's warning, only now.
    const requests = seen.requests.filter(
      (request) => !request.startsWith(`${url}/assets/`) && request !== `${url}/api/own-warning`,
    );
    // The page moves its picker of reactions when the bar moves.
    const elements = seen.elements.filter((html) => !html.includes('id="reactions"'));
    expect({ ...seen, requests, elements }).toEqual(SILENCE);
    expect(await sticksOut(ana)).toEqual([]);
    for (const name of ['Report', 'Next', 'Stop']) await ana.button(name).click({ trial: true });
  });

  await test.step('refuses texts with control characters or lone surrogates', async () => {
    for (const text of TEXTS_THAT_ARE_NONE) {
      await expect
        .poll(async () => (await hostile.sayLine(call, text))['reason'], { intervals: [500] })
        .toBe('bad-characters');
    }
    expect(await linesSeenBy(ana)).toHaveLength(lines.length + HARMLESS.length);
  });

  await test.step('shows hostile chat lines as plain text after calls and in reports', async () => {
    hostile.leave();
    await expect(ana.page.getByText(/Stranger left/).first()).toBeVisible();
    expect(await linesSeenBy(ana)).toEqual([...HARMLESS, ...lines]);
    await ana.button('Report').click();
    const dialog = ana.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Scam or spam' }).click();
    await dialog.getByRole('button', { name: 'Send now' }).click();
    await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
    // No screen contains an element made from a hostile text.
    const { elements, requests, ...rest } = await alarm.read(known);
    const { elements: _, requests: __, ...silence } = SILENCE;
    expect(rest).toEqual(silence);
    expect(elements.filter((element) => /canary|evil|alert\(/.test(element))).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(`${url}/`))).toEqual([]);
  });
});

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

test('shows a hostile chat line as plain text after a resume', async ({ node, arrive }) => {
  const server = await node();
  const ana = await arrive('Ana', 'about:blank');
  // Each socket belongs to one period of the story, and its frames are dropped after that period.
  let time = 0;
  await ana.page.routeWebSocket('**/ws', (socket) => {
    const openedIn = time;
    socket.connectToServer().onMessage((message) => {
      if (openedIn === time) socket.send(message);
    });
  });
  await ana.page.goto(server.url);
  const hostile = await HostileClient.arrive({ origin: server.url });
  await ana.startText();
  const call = await hostile.meet('text');
  await ana.expectInCall();
  await hostile.sayLines(call, ['just words']);
  await ana.expectLine('just words');

  await test.step('delivers unsent chat lines after the node was killed', async () => {
    time += 1;
    await hostile.sayLines(call, REPLAYED);
    await server.kill('SIGKILL');
    expect(await linesSeenBy(ana)).toEqual(['just words']);
  });

  const alarm = await PageAlarm.arm(ana.page);
  await server.start();
  await hostile.enter();
  expect(await hostile.restore(call)).toBe(REPLAYED.length);
  await expect.poll(() => linesSeenBy(ana)).toEqual(['just words', ...REPLAYED]);
  await alarm.expectQuiet(server.url);
  const { elements } = await alarm.read();
  expect(elements.filter((element) => /canary|evil/.test(element))).toEqual([]);
  hostile.leave();
});

test('detects hostile texts that run as markup', async ({ node, arrive }) => {
  const { url } = await node();

  await test.step('detects hostile texts that run on a page without a CSP', async () => {
    const browser = await launchBare();
    try {
      const context = await browser.newContext({ bypassCSP: true });
      // The route blocks the requests that the hostile texts would cause.
      await context.route(/evil/, (route) => route.abort());
      const page = await context.newPage();
      await page.goto(url);
      const alarm = await PageAlarm.arm(page);
      await page.evaluate(
        (texts) => {
          for (const text of texts) {
            const box = document.createElement('div');
            document.body.append(box);
            box.innerHTML = text;
          }
          // The text that would navigate away is left out, because the alarm would be lost with
          // the page.
        },
        ALL_HOSTILE_TEXTS.filter((text) => !text.includes('http-equiv')),
      );
      await expect.poll(async () => (await alarm.read()).canaries).toBeGreaterThanOrEqual(10);
      await expect.poll(async () => (await alarm.read()).dialogs).toBeGreaterThanOrEqual(1);
      const evil = async (): Promise<number> =>
        (await alarm.read()).requests.filter((request) => /evil/.test(request)).length;
      await expect.poll(evil).toBeGreaterThanOrEqual(3);
      const { elements } = await alarm.read();
      expect(elements.length).toBeGreaterThanOrEqual(40);
      expect(markupAmong(elements).length).toBeGreaterThanOrEqual(25);
    } finally {
      await browser.close();
    }
  });

  await test.step('detects hostile texts that run on the real page', async () => {
    const ana = await arrive('Ana', url);
    const alarm = await PageAlarm.arm(ana.page);
    const refusals = await ana.page.evaluate(() => {
      const image = document.createElement('img');
      document.body.append(image);
      image.src = '//evil.test/a.png';
      const tries = [
        () => image.setAttribute('onerror', 'canary()'),
        () => {
          document.body.innerHTML = '<b>bold</b>';
        },
      ];
      return tries.map((attempt) => {
        try {
          attempt();
          return 'done';
        } catch (error) {
          return String(error);
        }
      });
    });
    expect(refusals).toEqual([
      expect.stringContaining('TrustedScript'),
      expect.stringContaining('TrustedHTML'),
    ]);
    await expect.poll(async () => (await alarm.read()).violations.length).toBeGreaterThanOrEqual(3);
    const { canaries, elements, violations } = await alarm.read();
    expect(canaries).toBe(0);
    expect(elements.join()).toMatch(/<img src=/);
    expect(violations.join()).toMatch(/img-src [^,]*evil/);
    expect(violations.join()).toMatch(/require-trusted-types-for/);
    // The browser logs the failed request too. The log entry is removed, because any logged error
    // fails a story.
    expect(ana.complaints.length).toBeGreaterThanOrEqual(1);
    ana.complaints.splice(0);
  });
});
