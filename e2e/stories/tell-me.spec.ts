import { join } from 'node:path';
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

test('a lonely search notifies a user whose page is closed, until the user stops it', {
  tag: '@long',
}, async ({ node, arrive }) => {
  const server = await node({ FARANDOLE_WEB_PUSH: 'on' }, SERVER);
  const [, service = ''] = await server.printed(/push service is at (\S+)/);
  const ana = await arrive('Ana', server.url, { whole: true, hasServiceWorker: true });
  await ana.context.grantPermissions(['notifications'], { origin: server.url });
  await ana.context.addInitScript(subscribeHere, `${service}/push/ana`);
  await ana.page.reload();
  await ana.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await ana.startText();
  const ask = ana.button('Tell me when someone is here');
  await ask.click();
  await expect(ana.page.getByText('You get at most one notification an hour')).toBeVisible();
  await ana.page.close();

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
  });

  const back = await ana.openAgain(server.url);
  const shown = (): Promise<readonly string[]> =>
    back.page.evaluate(async () => {
      const { getNotifications } = await navigator.serviceWorker.ready;
      const registration = await navigator.serviceWorker.ready;
      return (await getNotifications.call(registration)).map(({ title }) => title);
    });
  await expect.poll(shown).toEqual(['Farandole: someone is here']);
  await back.button('Settings').click();
  const stop = back.button('Stop telling me');
  await stop.click();
  await expect(stop).toHaveCount(0);
  await expect
    .poll(() => back.posted.filter((body) => body.includes('"do":"stop"')).length)
    .toBe(1);
});
