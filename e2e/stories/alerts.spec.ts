import { createHmac } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { MailServer, Webhook } from '../support/alert-receivers.ts';
import { launchBrowser } from '../support/browser.ts';
import { Moderator } from '../support/moderator.ts';
import { expect, test } from '../support/story.ts';

const SECRET = 'a-secret-that-nobody-guesses';
const WITHIN_MS = 5_000;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Shown {
  readonly title: string;
  readonly options: NotificationOptions;
}

declare global {
  interface Window {
    shownNotifications: Shown[];
  }
}

/** Records the notifications that a page shows. */
function recordNotifications(): void {
  window.shownNotifications = [];
  window.Notification = class extends Notification {
    constructor(title: string, options: NotificationOptions = {}) {
      super(title, options);
      window.shownNotifications.push({ title, options });
    }
  };
}

/** Quiet hours around the present minute, in UTC. */
function quietNow(): { readonly from: string; readonly to: string } {
  const at = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  return { from: at(Date.now() - 3_600_000), to: at(Date.now() + 3_600_000) };
}

async function expectNoFaults({ page }: Moderator): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual(
    [],
  );
}

test('wakes a moderator within 5 s of a pinned case in quiet hours', { tag: '@long' }, async ({
  node,
  arrive,
}) => {
  test.setTimeout(180_000);
  const [webhook, mails] = [await Webhook.start(), await MailServer.start()];
  const server = await node({
    FARANDOLE_ALERT_WEBHOOK_URL: webhook.url,
    FARANDOLE_ALERT_WEBHOOK_SECRET: SECRET,
    FARANDOLE_ALERT_SMTP_URL: mails.url,
    FARANDOLE_ALERT_MAIL_FROM: 'Farandole <alerts@example.org>',
  });
  const browser = await launchBrowser();
  const maya = await Moderator.hire(browser, server, 'Maya', 'moderator');
  const olga = await Moderator.hire(browser, server, 'Olga', 'admin');
  const console = (hash: string) => `${server.url}/console${hash}`;

  await test.step('an admin writes the rota and sends a test', async () => {
    await olga.page.getByRole('link', { name: 'Alerts', exact: true }).click();
    await olga.page.getByLabel('Member', { exact: true }).selectOption('Maya');
    await olga.button('Add to the rota').click();
    await olga.page.getByLabel('E-mail address of Maya').fill('maya@example.org');
    await olga.page.getByLabel('Hold back what can wait').check();
    const { from, to } = quietNow();
    await olga.page.getByLabel('From', { exact: true }).fill(from);
    await olga.page.getByLabel('To', { exact: true }).fill(to);
    await olga.page.getByLabel('Time zone').fill('UTC');
    await olga.button('Save').click();
    await expect(olga.page.getByText('Saved.', { exact: true })).toBeVisible();
    await olga.button('Send a test').click();
    await expect(olga.page.getByText('Webhook: received')).toBeVisible();
    await expect(olga.page.getByText('maya@example.org: received')).toBeVisible();
    await expectNoFaults(olga);
  });

  await test.step('a moderator turns notifications on', async () => {
    await maya.page.context().grantPermissions(['notifications'], { origin: server.url });
    await maya.page.addInitScript(recordNotifications);
    await maya.page.reload();
    await maya.page.getByRole('link', { name: 'Alerts', exact: true }).click();
    await maya.button('Turn on notifications').click();
    await expect(maya.page.getByText('Notifications are on.')).toBeVisible();
    await expect(maya.page.getByText('Nothing needs you')).toBeVisible();
    await expectNoFaults(maya);
  });

  await test.step('a pinned case wakes by webhook, mail and notification', async () => {
    const ana = await arrive('Ana', server.url);
    const ben = await arrive('Ben', server.url);
    await ana.startText();
    await ben.startText();
    await ben.say('I feel so low today');
    await ana.expectLine('I feel so low today');
    await ana.button('Report').click();
    const dialog = ana.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'May harm themselves' }).click();
    await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
    const reportedAtMs = Date.now();
    const shown = () => maya.page.evaluate(() => window.shownNotifications);
    await expect
      .poll(async () => [webhook.received.length, mails.received.length, (await shown()).length], {
        intervals: [100],
        timeout: WITHIN_MS,
      })
      .toEqual([2, 2, 1]);
    expect(Date.now() - reportedAtMs).toBeLessThan(WITHIN_MS);

    const { headers, text } = webhook.received[1] ?? { headers: {}, text: '' };
    const signed = [headers['webhook-id'], headers['webhook-timestamp'], text].join('.');
    const expected = createHmac('sha256', SECRET).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    const { data } = JSON.parse(text) as { data: { kind: string; link: string } };
    expect(data.kind).toBe('pinned-case');
    expect(mails.received[1]?.to).toEqual(['maya@example.org']);
    expect((await shown())[0]?.title).toBe('1 urgent case is waiting');
    for (const sent of [text, mails.received[1]?.text ?? '', JSON.stringify(await shown())]) {
      expect(sent).not.toContain('feel so low');
    }
  });

  await test.step('the moderator acknowledges it, and the admin sees who did', async () => {
    const { data } = JSON.parse(webhook.received[1]?.text ?? '') as { data: { link: string } };
    expect(data.link).toBe(console('#/alerts/alert-0001'));
    await maya.page.goto(data.link);
    await maya.button('Acknowledge: 1 urgent case is waiting').click();
    await expect(maya.page.getByText('Acknowledged. Nobody else will be notified.')).toBeVisible();
    await expect(olga.page.getByText(/Acknowledged by Maya/)).toBeVisible();
  });

  await test.step('the operator sees people, calls, disk and versions', async () => {
    await olga.page.getByRole('link', { name: 'Server', exact: true }).click();
    const tile = olga.page.locator('.tile', { hasText: 'People online' });
    await expect(tile.locator('.big')).toHaveText('2');
    await expect(olga.page.getByText(/ free of /)).toBeVisible();
    await expect(olga.page.getByText(/Node\.js 24/)).toBeVisible();
    await expectNoFaults(olga);
  });

  expect([...olga.complaints, ...maya.complaints]).toEqual([]);
  await browser.close();
  await webhook.close();
  await mails.close();
});
