import type { Locator, Page } from '@playwright/test';
import { launchBare } from '../support/browser.ts';
import { HostileClient } from '../support/hostile-client.ts';
import {
  ALL_HOSTILE_TEXTS,
  HOSTILE_NAME,
  hostileWithin,
  joinedTexts,
} from '../support/hostile-texts.ts';
import { Moderator } from '../support/moderator.ts';
import { markupAmong, PageAlarm } from '../support/page-alarm.ts';
import { expect, test } from '../support/story.ts';

/** All these lines fit into one burst of the rate limit and into one report. */
const LINES = joinedTexts(900, ALL_HOSTILE_TEXTS);
const SHORT = ALL_HOSTILE_TEXTS.filter(({ length }) => length < 200);
/** The fields differ in length, so each field gets as many hostile texts as fit. */
const REPORT_NOTE = hostileWithin(500);
const DECISION_NOTE = hostileWithin(2_000, SHORT);
const APPEAL = hostileWithin(1_000, SHORT.slice(SHORT.length / 3));
const HOUSE_RULES = hostileWithin(2_000, SHORT.toReversed());
/** A text longer than an appeal may be, so that the page returns the text to its author. */
const TOO_LONG = ALL_HOSTILE_TEXTS.join('\n');

test('console, decision page and rules show hostile input as plain text', { tag: '@long' }, async ({
  node,
}) => {
  const server = await node({ FARANDOLE_OPERATOR_NAME: HOSTILE_NAME });
  const { url } = server;
  const browser = await launchBare({ devices: 'none' });
  try {
    const roles = ['moderator', 'admin', 'auditor'];
    const maya = await Moderator.hire(browser, server, HOSTILE_NAME, ...roles);
    await expect(maya.page.getByText('Nothing is waiting')).toBeVisible();
    const inConsole = await PageAlarm.arm(maya.page);
    const reported = await reportSomebody(url);

    await test.step('shows a case’s chat lines and report note as plain text', async () => {
      await maya.page.getByRole('link', { name: 'Scam or spam' }).click();
      await expectText(maya.page.getByRole('blockquote'), REPORT_NOTE);
      const lines = maya.page.getByRole('list', { name: 'Chat lines' }).locator('.text');
      await expect(lines).toHaveCount(LINES.length);
      for (const [at, line] of LINES.entries()) await expectText(lines.nth(at), line);
    });

    const ofCase = new URL(maya.page.url()).hash;
    await test.step('shows a decision’s note and author as plain text, not markup', async () => {
      const path = `cases/${ofCase.split('/').at(-1)}`;
      await ask(maya.page, `${path}/step`, { event: 'assign' });
      const reason = 'scam-or-spam';
      await ask(maya.page, `${path}/decision`, {
        measure: 'suspend-1d',
        reason,
        note: DECISION_NOTE,
      });
      await open(maya.page, '#/audit');
      await expectShown(maya.page, HOSTILE_NAME);
      await open(maya.page, ofCase);
      const history = maya.page.getByRole('region', { name: 'Earlier decisions' });
      await expectText(history.locator('[dir=auto]'), DECISION_NOTE);
      await expect(history).toContainText(HOSTILE_NAME);
    });

    await test.step('the decision page shows a rejected appeal as plain text, not markup', async () => {
      const { appeal } = await reported.hear('standing.changed');
      await appealByPage(await browser.newPage({ locale: 'en-GB' }), url, String(appeal));
    });

    await test.step('the console shows appeals, members’ names and rules as plain text', async () => {
      await open(maya.page, '#/appeals');
      await expectText(maya.page.getByRole('blockquote'), APPEAL);
      await expectText(maya.page.getByText('Note', { exact: true }).locator('~ p'), DECISION_NOTE);
      await open(maya.page, '#/members');
      await expectShown(maya.page, HOSTILE_NAME);
      await ask(maya.page, 'house-rules', { en: HOUSE_RULES, fr: '', before: 0 });
      await open(maya.page, '#/rules');
      await expectValue(maya.page.getByLabel('In English'), HOUSE_RULES);
      await readHouseRules(await browser.newPage({ locale: 'en-GB' }), url);
    });

    await inConsole.expectQuiet(url);
    expect(maya.complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

/**
 * One user sends every hostile line, and the other reports with a hostile note.
 * @returns the reported user's client
 */
async function reportSomebody(origin: string): Promise<HostileClient> {
  const reporter = await HostileClient.arrive({ origin });
  const reported = await HostileClient.arrive({ origin });
  const [{ receipt }, call] = await Promise.all([reporter.meet('text'), reported.meet('text')]);
  await reported.sayLines(call, LINES);
  const linesHeard = () => reporter.heard.filter(({ type }) => type === 'chat.line');
  await expect.poll(() => linesHeard().length).toBe(LINES.length);
  reporter.say('report.create', {
    id: 'a-report-of-mine',
    receipt,
    reason: 'scam-or-spam',
    note: REPORT_NOTE,
    lines: linesHeard().map(({ line }) => line),
  });
  const { type, reason } = await reporter.hear(['report.accepted', 'report.refused']);
  expect([type, reason]).toEqual(['report.accepted', undefined]);
  reporter.leave();
  return reported;
}

/** Opens a decision by its code. Sends an overlong appeal, a late appeal and a valid one. */
async function appealByPage(page: Page, url: string, code: string): Promise<void> {
  const alarm = await PageAlarm.armAhead(page);
  const box = page.getByRole('textbox', { name: 'What should they know?' });
  const send = page.getByRole('button', { name: 'Send the appeal' });
  const showDecision = async (): Promise<void> => {
    await page.goto(`${url}/appeal`);
    await page.getByRole('textbox', { name: 'The code of the decision' }).fill(code);
    await page.getByRole('button', { name: 'Show the decision' }).click();
    await expect(box).toBeVisible();
  };
  await showDecision();
  // A script sets the field's value, because the field limits what can be typed.
  await box.evaluate((element: HTMLTextAreaElement, text) => {
    element.value = text;
  }, TOO_LONG);
  await send.click();
  await expect(page.getByText(/longer than 1,000 characters/)).toBeVisible();
  await expectValue(box, TOO_LONG);
  await expectText(page.locator('footer strong'), HOSTILE_NAME);
  await alarm.expectQuiet(url);

  await page.locator('input[name=form]').evaluate((element: HTMLInputElement) => {
    element.value = 'not one of ours';
  });
  const [answer] = await Promise.all([page.waitForResponse(`${url}/appeal`), send.click()]);
  const kept = page.getByText('What you wrote', { exact: true }).locator('~ p');
  await expectText(kept, TOO_LONG);
  await alarm.expectQuiet(url);

  await test.step('detects hostile texts if the decision page doesn’t escape them', async () => {
    const { 'content-security-policy': policy = '' } = await answer.allHeaders();
    const escaped = await answer.text();
    // The text that would navigate away is left out, because the alarm would be lost with the
    // page.
    const body = escaped.replace('&lt;meta', '').replaceAll('&lt;', '<').replaceAll('&quot;', '"');
    const headers = { 'content-type': 'text/html', 'content-security-policy': policy };
    await page.route(`${url}/appeal`, (route) => route.fulfill({ body, headers }));
    await page.goto(`${url}/appeal`);
    await expect
      .poll(async () => (await alarm.read()).violations.length)
      .toBeGreaterThanOrEqual(10);
    const { canaries, elements } = await alarm.read();
    expect(canaries).toBe(0);
    expect(markupAmong(elements).length).toBeGreaterThanOrEqual(10);
    await page.unrouteAll();
  });

  await showDecision();
  await box.fill(APPEAL);
  await send.click();
  await expect(page.getByText(/Your appeal was received/)).toBeVisible();
  await page.close();
}

async function readHouseRules(page: Page, url: string): Promise<void> {
  await page.goto(url);
  const alarm = await PageAlarm.arm(page);
  await page.getByRole('link', { name: 'Rules', exact: true }).first().click();
  const house = page.getByRole('region', { name: 'This server’s own rules' });
  await expectText(house.locator('p'), HOUSE_RULES);
  await alarm.expectQuiet(url);
  await page.close();
}

async function expectText(holder: Locator, text: string): Promise<void> {
  await expect
    .poll(() =>
      holder.evaluate(({ childNodes }) =>
        Array.from(childNodes, ({ nodeName, nodeType, textContent }) => {
          if (nodeType === Node.TEXT_NODE) return textContent;
          return nodeName === 'BR' ? '\n' : `an element: ${nodeName}`;
        }).join(''),
      ),
    )
    .toBe(text);
}

async function expectValue(box: Locator, text: string): Promise<void> {
  await expect.poll(() => box.evaluate(({ value }: HTMLTextAreaElement) => value)).toBe(text);
}

async function expectShown(page: Page, text: string): Promise<void> {
  const main = page.getByRole('main');
  await expect(main.getByText(text).locator('visible=true').first()).toBeVisible();
}

/** Navigates within the console without reloading it. */
async function open(page: Page, hash: string): Promise<void> {
  await page.evaluate((where) => {
    location.hash = where;
  }, hash);
}

async function ask(page: Page, path: string, body: unknown): Promise<void> {
  const answered = await page.evaluate(
    async ({ to, sent }) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(to, { method: 'POST', headers, body: sent });
      return response.ok ? 'ok' : await response.text();
    },
    { to: `/console/api/${path}`, sent: JSON.stringify(body) },
  );
  expect(answered).toBe('ok');
}
