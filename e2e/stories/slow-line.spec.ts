import type { Meter } from '../support/delay-line.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';
import { TcpFaultProxy } from '../support/tcp-fault-proxy.ts';
import type { TcpLink } from '../support/tcp-link.ts';

const SLOW_BYTES_PER_S = 400_000 / 8;
/** Latency of one direction, half of the round trip. */
const SLOW_LATENCY_MS = 200;
/** A line on which the shield takes some seconds, so that a story can stop it on the way. */
const STOPPABLE_BYTES_PER_S = 700_000;

/** The shield's progress in the button that starts the search. */
const progressOf = ({ page }: Person) => page.getByText(/Getting the shield ready · \d+\s?%/u);

test('[SH-3a, SH-3b] shows a stranger at 400 kb/s in the shield’s transfer time @long', async ({
  node,
  arrive,
}) => {
  test.setTimeout(240_000);
  const links = new Set<TcpLink>();
  const meter: Meter = { freeAtMs: 0 };
  const proxy = await TcpFaultProxy.start({
    conditionsFor: () => ({
      latencyMs: SLOW_LATENCY_MS,
      bytesPerSecond: SLOW_BYTES_PER_S,
      meter,
    }),
    onLink: (link) => links.add(link),
  });
  // Ben has a fast line, so that he is already searching when Ana arrives.
  const fast = await TcpFaultProxy.start();
  const [url, fastUrl] = [proxy, fast].map(({ port }) => `http://localhost:${port}`);
  if (url === undefined || fastUrl === undefined) throw new Error('a proxy has no address');
  const { port } = await node({ FARANDOLE_ORIGINS: `${url},${fastUrl}` });
  proxy.aimAt(port);
  fast.aimAt(port);
  const ben = await arrive('Ben', fastUrl);
  await ben.startVideo();
  const passed = (): number => [...links].reduce((sum, link) => sum + link.passed('down'), 0);

  const ana = await arrive('Ana', url, { classifier: 'real' });
  await expect(ana.button('Start video')).toBeVisible();
  // The rest of the page loads while the browser is idle. The story measures only the shield.
  await ana.page.waitForLoadState('networkidle');
  const fromBytes = passed();
  const fromMs = performance.now();
  await ana.toGreenRoom();
  await expect(progressOf(ana)).toBeVisible();
  await ana.meetSomeone();
  await expect(ana.page.getByText('Slow connection?')).toBeVisible();
  await ana.button('Show video').click({ timeout: 200_000 });
  await expect(ana.strangerVideo).toBeVisible();
  const tookMs = performance.now() - fromMs;
  const bytes = passed() - fromBytes;
  const bytesMs = (bytes * 1_000) / SLOW_BYTES_PER_S;
  console.log(JSON.stringify({ bytes, bytesMs: Math.round(bytesMs), tookMs: Math.round(tookMs) }));
  expect(bytes).toBeGreaterThan(2_000_000);
  expect(tookMs).toBeLessThan(1.2 * bytesMs);
  await ana.expectFrames(3);
  await proxy.stop();
  await fast.stop();
});

test('[SH-3a, SH-3c] reports a stopped shield download after 15 s; a press continues it', {
  tag: '@long',
}, async ({ node, arrive }) => {
  const links: TcpLink[] = [];
  const proxy = await TcpFaultProxy.start({
    conditionsFor: () => ({ bytesPerSecond: STOPPABLE_BYTES_PER_S }),
    onLink: (link) => links.push(link),
  });
  const url = `http://localhost:${proxy.port}`;
  const { port } = await node({ FARANDOLE_ORIGINS: url });
  proxy.aimAt(port);
  const passedBy = (some: readonly TcpLink[]): number =>
    some.reduce((sum, link) => sum + link.passed('down'), 0);

  const ana = await arrive('Ana', url, { classifier: 'real' });
  await ana.page.clock.install();
  await ana.toGreenRoom();
  await expect(progressOf(ana)).toBeVisible();
  const stopped = await stopDownload(links);
  await ana.page.clock.fastForward(15_000);
  await expect(ana.page.getByText('The shield’s download stopped')).toBeVisible();

  const before = passedBy(links);
  await ana.button('Try again').click();
  await ana.meetSomeone();
  await expect(ana.button('Stop')).toBeVisible();
  // The file has 2.6 MB, of which more than 1 MB had arrived.
  const after = passedBy(links) - before;
  console.log(JSON.stringify({ before: stopped.passed('down'), after }));
  expect(after).toBeGreaterThan(500_000);
  expect(after).toBeLessThan(1_700_000);
  await ana.leave();
  await proxy.stop();
});

/** Stops the connection of the largest file once a part of it has arrived. */
async function stopDownload(links: readonly TcpLink[]): Promise<TcpLink> {
  const large = (): TcpLink | undefined => links.find((link) => link.passed('down') > 1_000_000);
  await expect.poll(() => large() !== undefined, { intervals: [20] }).toBe(true);
  const link = large();
  if (link === undefined) throw new Error('no connection has a large file');
  link.cut('stall');
  return link;
}
