import { join } from 'node:path';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** A server whose push service is on this machine, and prints what it gets. */
const SERVER = join('apps', 'server', 'test', 'support', 'push-main.ts');

/**
 * Replaces the browser's push service, which is on the internet.
 * @param endpoint address of this browser at the push service of the story
 */
function subscribeHere(endpoint: string): void {
  let current: { endpoint: string; unsubscribe(): Promise<boolean> } | null = null;
  const subscription = {
    endpoint,
    unsubscribe: async () => {
      current = null;
      return true;
    },
  };
  Object.assign(PushManager.prototype, {
    subscribe: async () => {
      current = subscription;
      return subscription;
    },
    getSubscription: async () => current,
  });
}

const NOTIFIABLE = { whole: true, hasServiceWorker: true };

/** Lets a page show notifications. Its push service is at the endpoint. */
async function allowNotifications(person: Person, endpoint: string): Promise<void> {
  const { origin } = new URL(person.page.url());
  await person.context.grantPermissions(['notifications'], { origin });
  await person.context.addInitScript(subscribeHere, endpoint);
  await person.page.reload();
  await person.page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

async function ask(person: Person): Promise<void> {
  await person.startText();
  await person.button('Tell me when someone is here').click();
}

async function askAndClose(person: Person): Promise<void> {
  await ask(person);
  await expect(person.page.getByText('You get at most one notification an hour')).toBeVisible();
  await person.page.close();
}

test('a lonely search notifies a user whose page is closed, at most once an hour, until they stop', {
  tag: '@long',
}, async ({ node, arrive }) => {
  // A server notifies of searches once a minute, and this story needs three times.
  test.setTimeout(360_000);
  const server = await node({ FARANDOLE_WEB_PUSH: 'on' }, SERVER);
  const [, service = ''] = await server.printed(/push service is at (\S+)/);
  const ana = await arrive('Ana', server.url, NOTIFIABLE);
  await allowNotifications(ana, `${service}/push/ana`);
  await askAndClose(ana);
  const ben = await arrive('Ben', server.url);
  await ben.startText();
  await server.printed(/notified: \/push\/ana\n/);

  await test.step('the service worker shows the notification and nothing else', async () => {
    const blank = await ana.context.newPage();
    const session = await ana.context.newCDPSession(blank);
    const registered = new Promise<string>((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [first] = registrations;
        if (first !== undefined) resolve(first.registrationId);
      });
    });
    await session.send('ServiceWorker.enable');
    const registrationId = await registered;
    const origin = server.url;
    await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: '' });
    await blank.close();
    const woken = await ana.openAgain(server.url);
    const shown = (): Promise<readonly string[]> =>
      woken.page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        return (await registration.getNotifications()).map(({ title }) => title);
      });
    await expect.poll(shown).toEqual(['Farandole: someone is here']);
    await woken.page.close();
  });

  const times = (name: string): number =>
    server.output().split(`notified: /push/${name}\n`).length - 1;
  await test.step('a second lonely search within the hour notifies only others', async () => {
    await ben.button('Stop').click();
    const cyd = await arrive('Cyd', server.url, NOTIFIABLE);
    await allowNotifications(cyd, `${service}/push/cyd`);
    await askAndClose(cyd);
    await ben.button('Text only').click();
    await server.printed(/notified: \/push\/cyd\n/);
    expect([times('ana'), times('cyd')]).toEqual([1, 1]);
  });

  const back = await ana.openAgain(server.url);
  await back.button('Settings').click();
  const stop = back.button('Stop telling me');
  await stop.click();
  await expect(stop).toHaveCount(0);
  await expect
    .poll(() => back.posted.filter((body) => body.includes('"do":"stop"')).length)
    .toBe(1);
  expect([times('ana'), times('cyd')]).toEqual([1, 1]);
});

test('the server refuses a push service at a private address, and the page says so', {
  tag: '@long',
}, async ({ node, arrive }) => {
  const server = await node({ FARANDOLE_WEB_PUSH: 'on' }, SERVER);
  const [, port = ''] = await server.printed(/push service is at https:\/\/localhost:(\d+)/);
  const endpoint = `https://127.0.0.1:${port}/push/ana`;
  const ana = await arrive('Ana', server.url, NOTIFIABLE);
  await allowNotifications(ana, endpoint);
  await ask(ana);
  const status = ana.page.getByRole('status').filter({ hasText: 'couldn’t be turned on' });
  await expect(status).toHaveText(
    'Notifications couldn’t be turned on. Keep this page open. A sound and a notification will tell you.',
  );
  expect(ana.posted.filter((body) => body.includes(endpoint))).toHaveLength(1);
  // The browser logs the refusal as an error.
  expect(ana.complaints.splice(0)).toEqual([expect.stringContaining('403')]);
});
