/**
 * Long tier. One of two users in a relayed call loses the network for 20 s. Both are notified
 * within 5 s, and both write lines. Afterwards both are in the same call and have every line
 * once. The last line of output is JSON.
 */
import { expect } from '@playwright/test';
import { launchBrowser } from '../support/browser.ts';
import { startCoturn } from '../support/coturn.ts';
import { startFarandole } from '../support/farandole.ts';
import { meetByVideo } from '../support/meeting.ts';
import { Person } from '../support/person.ts';
import { TcpFaultProxy } from '../support/tcp-fault-proxy.ts';
import { UdpFaultProxy } from '../support/udp-fault-proxy.ts';

/** Length of the outage in seconds, which the page shows to the user. */
const AWAY_S = 20;
const NOTIFIED_WITHIN_MS = 5_000;
/**
 * A reconnect attempt that began before the network returned may take three seconds to time out.
 */
const HEALED_WITHIN_MS = 5_000;
const WAIT_MS = 60_000;

let isAway = false;
const coturn = await startCoturn();
const media = await UdpFaultProxy.start({
  targetPort: Number(/:(\d+)\?/.exec(coturn.url)?.[1]),
  isLost: () => isAway,
});
const ways = [await TcpFaultProxy.start(), await TcpFaultProxy.start()] as const;
const [anasWay] = ways;
const [anasUrl, bensUrl] = ways.map(({ port }) => `http://localhost:${port}`) as [string, string];
const node = await startFarandole({
  FARANDOLE_ORIGINS: `${anasUrl},${bensUrl}`,
  FARANDOLE_TURN_URLS: `turn:127.0.0.1:${media.port}?transport=udp`,
  FARANDOLE_TURN_SECRET: coturn.secret,
  FARANDOLE_TURN_RELAY_IPS: '127.0.0.1',
});
for (const way of ways) way.aimAt(node.port);
const browser = await launchBrowser();
try {
  const ana = await Person.arrive(browser, 'Ana', anasUrl);
  const ben = await Person.arrive(browser, 'Ben', bensUrl);
  const people = [ana, ben];
  const lost = /reconnecting \((\d+)\ss\)/iu;
  const since = (fromMs: number): number => Math.round(performance.now() - fromMs);
  await meetByVideo(ana, ben);
  for (const person of people) await person.showVideo();
  for (const person of people) await person.expectFrames(5);
  await ana.say('before');
  await ben.expectLine('before');

  isAway = true;
  anasWay.silence();
  const cutMs = performance.now();
  for (const { strangerTile } of people)
    await expect(strangerTile).toContainText(lost, { timeout: WAIT_MS });
  const toldAfterMs = since(cutMs);
  await ana.say('written while away');
  await ben.say('are you there?');
  const secondsLost = async (): Promise<number> =>
    Number(lost.exec((await ana.strangerTile.textContent()) ?? '')?.[1] ?? 0);
  await expect.poll(secondsLost, { timeout: WAIT_MS }).toBeGreaterThanOrEqual(AWAY_S);
  await expect(ben.lines('written while away')).toHaveCount(0);

  isAway = false;
  anasWay.heal();
  const backMs = performance.now();
  await expect(ben.lines('written while away')).toHaveCount(1, { timeout: WAIT_MS });
  await expect(ana.lines('are you there?')).toHaveCount(1, { timeout: WAIT_MS });
  const linesAfterMs = since(backMs);
  for (const { strangerTile } of people)
    await expect(strangerTile).not.toContainText(lost, { timeout: WAIT_MS });
  const healedAfterMs = since(backMs);
  for (const person of people) await person.expectFrames(5);

  await ana.say('and after');
  for (const person of people) {
    await person.expectLine('and after');
    await expect(person.chat.getByRole('listitem')).toHaveCount(4);
  }
  const violations =
    people.flatMap(({ complaints }) => complaints).length +
    (toldAfterMs > NOTIFIED_WITHIN_MS ? 1 : 0) +
    (healedAfterMs > HEALED_WITHIN_MS ? 1 : 0);
  console.log(JSON.stringify({ toldAfterMs, linesAfterMs, healedAfterMs, violations }));
  if (violations > 0) process.exitCode = 1;
} finally {
  await browser.close();
  await node.stop();
  for (const way of ways) await way.stop();
  media.stop();
  await coturn.stop();
}
