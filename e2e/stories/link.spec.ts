import { meetByVideo } from '../support/meeting.ts';
import type { Person } from '../support/person.ts';
import { expect, type Stage, test } from '../support/story.ts';
import type { TcpFaultProxy } from '../support/tcp-fault-proxy.ts';

// The time limit is long, because a reconnect takes nearly a minute with three browsers on two
// cores.
test.describe.configure({ timeout: 180_000 });

async function meet(ana: Person, ben: Person): Promise<void> {
  await meetByVideo(ana, ben);
  await ana.showVideo();
  await ben.showVideo();
  await ana.expectFrames(5);
}

test('resumes the call without losing a chat line after a server kill', { tag: '@long' }, async ({
  two,
}) => {
  const { server, ana, ben } = await two();
  await meet(ana, ben);
  await ana.say('before');
  await ben.expectLine('before');

  await server.kill('SIGKILL');
  await expect(ana.page.getByText(/reconnecting/i).first()).toBeVisible();
  await ana.say('while it was gone');
  await ana.expectFrames(5);
  await server.start();

  await ben.expectLine('while it was gone');
  await ana.expectLine('while it was gone');
  await expect(ana.page.getByText(/reconnecting/i)).toHaveCount(0);
  await ben.say('and after');
  await ana.expectLine('and after');
  for (const person of [ana, ben]) {
    await person.expectFrames(5);
    await expect(person.chat.getByRole('listitem')).toHaveCount(3);
  }
});

test('shows a message if page code fails to load; retries on request', async ({ one }) => {
  const { server, ana } = await one();
  // The story uses another page, because Ana's page would record the failed request as a fault.
  const page = await ana.context.newPage();
  const missing = async (part: RegExp): Promise<void> => {
    await page.unrouteAll();
    await page.route(part, (route) => route.abort());
    await page.goto(server.url);
  };
  await missing(/\/assets\/main-/u);
  await expect(page.getByRole('heading', { name: 'Farandole didn’t start.' })).toBeVisible({
    // This timeout is shorter than the delay of the page's automatic retry.
    timeout: 5_000,
  });
  const settingsCode = /\/assets\/settings-/u;
  // The page first loads its other screens in advance. A later load would replace the message.
  const inAdvance = page.waitForEvent('requestfailed', (request) =>
    settingsCode.test(request.url()),
  );
  await missing(settingsCode);
  await inAdvance;
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByText('This part of the page didn’t load')).toBeVisible();
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Retry' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await expect(settings).toBeVisible();
  // The retry loaded the style sheet too.
  await expect(settings).toHaveCSS('overscroll-behavior-block', 'contain');
  await expect(page.getByText('This part of the page didn’t load')).toHaveCount(0);
});

interface Proxied {
  readonly proxy: TcpFaultProxy;
  readonly ana: Person;
  readonly ben: Person;
}

async function throughProxy(
  { proxied, arrive }: Pick<Stage, 'proxied' | 'arrive'>,
  story: (people: Proxied) => Promise<void>,
): Promise<void> {
  const { url, proxy } = await proxied();
  const ana = await arrive('Ana', url);
  const ben = await arrive('Ben', url);
  await meet(ana, ben);
  await story({ proxy, ana, ben });
  for (const person of [ana, ben]) {
    await expect(person.page.getByText(/reconnecting/i)).toHaveCount(0);
    await person.expectFrames(5);
  }
}

test('loses or duplicates no chat line when the connection is cut', { tag: '@long' }, async ({
  proxied,
  arrive,
}) => {
  await throughProxy({ proxied, arrive }, async ({ proxy, ana, ben }) => {
    proxy.cut();
    await expect(ana.page.getByText(/reconnecting/i).first()).toBeVisible();
    await ana.say('written while cut');
    await ben.say('and an answer');
    proxy.heal();
    await ben.expectLine('written while cut');
    await ana.expectLine('and an answer');
    for (const { chat } of [ana, ben]) await expect(chat.getByRole('listitem')).toHaveCount(2);
  });
});

test('loses or duplicates no chat line when the connection goes silent', { tag: '@long' }, async ({
  proxied,
  arrive,
}) => {
  await throughProxy({ proxied, arrive }, async ({ proxy, ana, ben }) => {
    proxy.silence();
    await ana.say('written into the silence');
    await expect(ana.page.getByText(/reconnecting/i).first()).toBeVisible();
    await expect(ben.page.getByText(/reconnecting/i).first()).toBeVisible();
    proxy.heal();
    await ben.expectLine('written into the silence');
    for (const { chat } of [ana, ben]) await expect(chat.getByRole('listitem')).toHaveCount(1);
  });
});

test('loses or duplicates no chat line when the browser goes offline', { tag: '@long' }, async ({
  proxied,
  arrive,
}) => {
  await throughProxy({ proxied, arrive }, async ({ proxy, ana, ben }) => {
    proxy.cut();
    await ana.context.setOffline(true);
    await expect(ana.page.getByText('You’re offline.').first()).toBeVisible();
    await ana.say('written offline');
    await ben.say('do you hear me?');
    proxy.heal();
    await ana.context.setOffline(false);
    await ben.expectLine('written offline');
    await ana.expectLine('do you hear me?');
    await expect(ana.page.getByText('You’re offline.')).toHaveCount(0);
    for (const { chat } of [ana, ben]) await expect(chat.getByRole('listitem')).toHaveCount(2);
  });
});

test('announces a planned restart; calls continue, and search works after the restart', {
  tag: '@long',
}, async ({ arrive, two }) => {
  const { server, ana, ben } = await two();
  await meet(ana, ben);
  const told = ana.page.getByText(/server will restart in a moment/i).first();
  const stopped = server.kill('SIGTERM');
  await expect(told).toBeVisible();
  await ana.say('one last word');
  await ben.expectLine('one last word');
  await ana.expectFrames(5);
  await stopped;

  await expect(ana.page.getByRole('heading', { name: 'The server restarted' })).toBeVisible();
  await ana.button('Next').click();
  await server.start();
  await expect(told).toHaveCount(0);
  const cleo = await arrive('Cleo', server.url);
  await cleo.startVideo();
  await cleo.expectInCall();
  await ana.expectInCall();
  await cleo.say('hello');
  await ana.expectLine('hello');
});
