/**
 * Long tier. A relayed call loses every tenth datagram in each direction for a while. Both users
 * are notified of the poor connection and of the reduced video quality, and may turn video off.
 * One user turns it off. Both are notified when the connection is good again. The last line of
 * output is JSON.
 */
import { expect } from '@playwright/test';
import { launchBrowser } from '../support/browser.ts';
import { startCoturn } from '../support/coturn.ts';
import { startFarandole } from '../support/farandole.ts';
import { meetByVideo } from '../support/meeting.ts';
import { Person } from '../support/person.ts';
import { UdpFaultProxy } from '../support/udp-fault-proxy.ts';

const LOST_EVERY = 10;
const NOTIFIED_WITHIN_MS = 60_000;

let isWeak = false;
const coturn = await startCoturn();
const proxy = await UdpFaultProxy.start({
  targetPort: Number(/:(\d+)\?/.exec(coturn.url)?.[1]),
  isLost: (index) => isWeak && index % LOST_EVERY === 0,
});
const node = await startFarandole({
  FARANDOLE_TURN_URLS: `turn:127.0.0.1:${proxy.port}?transport=udp`,
  FARANDOLE_TURN_SECRET: coturn.secret,
  FARANDOLE_TURN_RELAY_IPS: '127.0.0.1',
});
const browser = await launchBrowser();
try {
  const ana = await Person.arrive(browser, 'Ana', node.url);
  const ben = await Person.arrive(browser, 'Ben', node.url);
  const people = [ana, ben];
  /**
   * Waits until both users' pages show the text.
   * @returns the time taken in ms
   */
  const bothRead = async (words: string): Promise<number> => {
    const fromMs = performance.now();
    const timeout = NOTIFIED_WITHIN_MS;
    for (const { strangerTile } of people)
      await expect(strangerTile).toContainText(words, { timeout });
    return Math.round(performance.now() - fromMs);
  };
  /** Waits until neither page mentions the quality, which a page does only if it isn't good. */
  const bothReadNothing = async (): Promise<number> => {
    const fromMs = performance.now();
    const timeout = NOTIFIED_WITHIN_MS;
    for (const { strangerTile } of people)
      await expect(strangerTile).not.toContainText(/Fair|Poor|Lost/, { timeout });
    return Math.round(performance.now() - fromMs);
  };
  await meetByVideo(ana, ben);
  for (const person of people) await person.showVideo();
  await bothReadNothing();

  isWeak = true;
  const poorAfterMs = await bothRead('Poor — lowering video');
  const offeredFromMs = performance.now();
  await ben.button('Keep my video on').click({ timeout: NOTIFIED_WITHIN_MS });
  await ana.button('Turn video off to keep the sound').click({ timeout: NOTIFIED_WITHIN_MS });
  const offeredAfterMs = Math.round(performance.now() - offeredFromMs);
  await expect(ben.strangerTile).toContainText('Their camera is off');
  await expect(ana.button('Turn video off to keep the sound')).toHaveCount(0);
  await expect(ben.button('Keep my video on')).toHaveCount(0);

  isWeak = false;
  const goodAfterMs = await bothReadNothing();
  await ana.button('Turn camera on').click();
  await expect(ben.strangerTile).not.toContainText('Their camera is off');
  await ben.expectFrames(5);
  const violations = people.flatMap(({ complaints }) => complaints).length;
  console.log(JSON.stringify({ poorAfterMs, offeredAfterMs, goodAfterMs, violations }));
  if (violations > 0) process.exitCode = 1;
} finally {
  await browser.close();
  await node.stop();
  proxy.stop();
  await coturn.stop();
}
