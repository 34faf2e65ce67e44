import { meetByVideo } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

for (const relay of ['until-consent', 'always'] as const) {
  test(`hides strangers' addresses behind the relay with FARANDOLE_RELAY=${relay}`, {
    tag: '@long',
  }, async ({ relayed, arrive }) => {
    const { url } = await relayed({
      FARANDOLE_TURN_RELAY_IPS: '127.0.0.1',
      FARANDOLE_RELAY: relay,
    });
    const ana = await arrive('Ana', url);
    const ben = await arrive('Ben', url);
    await ana.toGreenRoom();
    await expect(ana.page.getByText('Calls here are relayed')).toBeVisible();
    await ana.button('Meet someone').click();
    await ben.startVideo();
    await ana.expectInCall();
    await ben.expectInCall();
    await ana.showVideo();
    await ben.showVideo();
    await ana.expectFrames(10);
    await ben.expectFrames(10);
    for (const person of [ana, ben]) {
      const pairs = await person.candidatePairs();
      expect(pairs).toHaveLength(1);
      expect(pairs[0]).toMatchObject({ local: 'relay', remote: 'relay' });
      expect(new Set(pairs[0]?.remoteAddresses)).toEqual(new Set(['127.0.0.1']));
    }
  });
}

test('keeps the operator’s bit rate through the relay, and says so', {
  tag: '@long',
}, async ({ relayed, arrive }) => {
  const { url } = await relayed({ FARANDOLE_RELAY_KBPS_MAX: '500' });
  const ana = await arrive('Ana', url);
  const ben = await arrive('Ben', url);
  await meetByVideo(ana, ben);
  await ana.showVideo();
  await ana.expectFrames(5);
  await ana.button('Connection details').click();
  await expect(ana.page.getByText(/carries up to 500\skb\/s/)).toBeVisible();
  for (const person of [ana, ben]) {
    const sent = () => person.page.evaluate(() => window.sentOf('video'));
    // A busy machine may lower it further.
    await expect
      .poll(async () => (await sent())?.bitrateMax ?? Number.POSITIVE_INFINITY)
      .toBeLessThanOrEqual(460_000);
  }
  await ben.allowDirect();
  await ana.page.getByRole('switch', { name: 'Allow a direct connection' }).check();
  await expect(ana.page.getByText(/carries up to/)).toHaveCount(0);
});

/** Runs in the page before its own code. The user chose to hide the address on an earlier visit. */
function hideAddress(): void {
  localStorage.setItem('farandole.preferences', JSON.stringify({ relayOnly: true }));
}

test('with FARANDOLE_RELAY=fallback, relays calls of a user who hides the address', {
  tag: '@long',
}, async ({ relayed, arrive }) => {
  const { url } = await relayed({ FARANDOLE_RELAY: 'fallback' });
  const ana = await arrive('Ana', url, { before: [hideAddress] });
  const ben = await arrive('Ben', url);
  await meetByVideo(ana, ben);
  await ana.showVideo();
  await ben.showVideo();
  await ana.expectFrames(10);
  await ben.expectFrames(10);
  expect((await ana.candidatePairs()).map(({ local }) => local)).toEqual(['relay']);
  expect((await ben.candidatePairs()).map(({ remote }) => remote)).toEqual(['relay']);
});

test('with FARANDOLE_RELAY=direct, connects strangers without the relay', {
  tag: '@long',
}, async ({ relayed, arrive }) => {
  const { url } = await relayed({ FARANDOLE_RELAY: 'direct' });
  const ana = await arrive('Ana', url);
  const ben = await arrive('Ben', url);
  await meetByVideo(ana, ben);
  await ana.showVideo();
  await ana.expectFrames(10);
  for (const person of [ana, ben]) {
    const pairs = await person.candidatePairs();
    expect(pairs.map(({ local }) => local)).not.toContain('relay');
    expect(pairs).toHaveLength(1);
  }
});

test('connects strangers directly only after both users agree', async ({ relayed, arrive }) => {
  const { url } = await relayed();
  const ana = await arrive('Ana', url);
  const ben = await arrive('Ben', url);
  await meetByVideo(ana, ben);
  await ana.showVideo();
  await ana.expectFrames(5);

  await ana.allowDirect();
  // Ben's page has received Ana's consent but hasn't changed its own connection yet.
  await ben.button('Connection details').click();
  await expect(ben.page.getByText('They said yes.')).toBeVisible();
  expect(await ben.candidatePairs()).toMatchObject([{ local: 'relay', remote: 'relay' }]);
  await ben.page.getByRole('switch', { name: 'Allow a direct connection' }).check();

  for (const person of [ana, ben]) {
    await expect(
      person.page.getByText('The other person can see your network address'),
    ).toBeVisible();
    await expect.poll(() => person.relayedPaths()).toEqual([false]);
  }
  await ana.expectFrames(5);
});

test('shows that the connection is direct without TURN', { tag: '@long' }, async ({ two }) => {
  const { ana, ben } = await two();
  await meetByVideo(ana, ben);
  await ana.showVideo();
  await ana.expectFrames(5);
  await ana.button('Connection details').click();
  await expect(ana.page.getByText('The other person can see your network address')).toBeVisible();
});
