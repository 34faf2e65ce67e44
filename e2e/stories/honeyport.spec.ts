import { type Packet, readCapture } from '../audit/packets.ts';
import { type Call, HostileClient } from '../support/hostile-client.ts';
import {
  floodOfMedia,
  HONEY_ADDRESSES,
  HONEY_NAMES,
  HONEY_PORTS,
  HOSTILE_CANDIDATES,
  hostileDescription,
  newCredentials,
} from '../support/hostile-signals.ts';
import { Person } from '../support/person.ts';
import type { RunningProgram } from '../support/process.ts';
import {
  type Capture,
  type Home,
  NODE_ADDRESS,
  SITE_ORIGIN,
  SmallInternet,
} from '../support/small-internet.ts';
import { expect, test } from '../support/story.ts';

/**
 * Port of the candidates that the browser may contact. Traffic to this port shows that the
 * browser is checking candidates.
 */
const WITNESS_PORT = 5_999;
/**
 * Number of connectivity checks that the allowed candidate pair must get. Browsers check pairs
 * in turn, so all other pairs get checks too.
 */
const CHECKS_OF_WITNESS = 6;

/** Number of characters that a session description has left for candidates. */
const EMBEDDED_CHARS_MAX = 8_500;
/** Number of characters that each candidate line adds in JSON: `a=` and the escaped line end. */
const LINE_OVERHEAD_CHARS = 'a='.length + '\\r\\n'.length;
/**
 * Number of session descriptions that a node accepts at once. Later ones would arrive after the
 * page gave up.
 */
const DESCRIPTIONS_AT_ONCE = 3;
const TRICKLED_MAX = 60;

interface HoneyportSetup {
  readonly internet: SmallInternet;
  readonly ana: Person;
  readonly home: Home;
  readonly hostileHome: Home;
  readonly newHostile: () => Promise<HostileClient>;
  /**
   * Makes Ana's later searches carry no prepared offer, so that Ana answers the stranger's
   * offer.
   */
  readonly withholdOffers: () => void;
  /** Listeners that must receive no traffic. */
  readonly honey: readonly RunningProgram[];
  /**
   * Listeners that must receive traffic: one next to the relay, and one in the stranger's home
   * network.
   */
  readonly witnesses: readonly [relayed: RunningProgram, direct: RunningProgram];
}

/**
 * Returns what the listening programs received, such as `udp 127.0.0.1 5000`, one line per
 * packet and connection.
 */
function heardBy(programs: readonly RunningProgram[]): readonly string[] {
  return programs.flatMap((program) =>
    Array.from(program.output().matchAll(/^heard (.+)$/gm), ([, what = '']) => what),
  );
}

/**
 * Watches a page's searches.
 * @returns a function that makes the page search without prepared offers
 */
async function watchOffers({ page }: Person): Promise<() => void> {
  let withholds = false;
  await page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (!withholds || typeof message !== 'string') return server.send(message);
      const { offer: _, ...frame } = JSON.parse(message) as Readonly<Record<string, unknown>>;
      server.send(frame['type'] === 'ticket.create' ? JSON.stringify(frame) : message);
    });
  });
  return () => {
    withholds = true;
  };
}

async function setStage(relay: 'always' | 'direct'): Promise<HoneyportSetup> {
  const internet = await SmallInternet.open({ FARANDOLE_RELAY: relay });
  try {
    const home = await internet.home();
    const hostileHome = await internet.home();
    const elsewhere = await internet.home();
    for (const address of HONEY_ADDRESSES.further) internet.giveAddress(elsewhere, address);
    const honey = [
      await internet.listenAt(home.place, HONEY_ADDRESSES.own, HONEY_PORTS),
      await internet.listenAt(elsewhere.place, HONEY_ADDRESSES.further, HONEY_PORTS),
    ];
    const witnesses = [
      await internet.listenAt(internet.middle, [NODE_ADDRESS], [WITNESS_PORT]),
      await internet.listenAt(hostileHome.place, [hostileHome.address], [WITNESS_PORT]),
    ] as const;
    const ana = await Person.arrive(await home.openBrowser(), 'Ana', 'about:blank');
    const withholdOffers = await watchOffers(ana);
    await ana.page.goto(SITE_ORIGIN);
    const by = { socketPath: await internet.doorIn(hostileHome) };
    const newHostile = () => HostileClient.arrive({ origin: SITE_ORIGIN, by });
    return { internet, ana, home, hostileHome, newHostile, withholdOffers, honey, witnesses };
  } catch (error) {
    await internet.close();
    throw error;
  }
}

/**
 * Returns candidates that a stranger may name: the stranger's own address and the relay's. They
 * are sent first, because the node allows one unverified address per address family.
 */
function witnessCandidates({ address, ipv6 }: Home): readonly string[] {
  const related = 'raddr 0.0.0.0 rport 0';
  return [
    `candidate:1 1 udp 2122063615 ${address} ${WITNESS_PORT} typ host`,
    `candidate:2 1 udp 1677729535 ${address} ${WITNESS_PORT} typ srflx ${related}`,
    `candidate:3 1 udp 1677729535 ${ipv6} ${WITNESS_PORT} typ srflx ${related}`,
    `candidate:4 1 udp 33562367 ${NODE_ADDRESS} ${WITNESS_PORT} typ relay ${related}`,
  ];
}

function portionsOf(candidates: readonly string[]): readonly (readonly string[])[] {
  const portions: string[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    chars += candidate.length + LINE_OVERHEAD_CHARS;
    if (chars > EMBEDDED_CHARS_MAX) {
      portions.push([]);
      chars = 0;
    }
    portions.at(-1)?.push(candidate);
  }
  return portions;
}

/** Sends all hostile candidates in the answer, in new offers, and by trickling. */
async function sendEverything(
  { hostileHome, witnesses }: HoneyportSetup,
  hostile: HostileClient,
  call: Call,
): Promise<void> {
  const offer = call.offer ?? '';
  expect(offer).toContain('m=video');
  const { match, epoch } = call;
  const mine = newCredentials();
  const allowed = witnessCandidates(hostileHome);
  const [first = [], ...portions] = portionsOf(HOSTILE_CANDIDATES.slice(TRICKLED_MAX));
  expect(portions.length).toBe(DESCRIPTIONS_AT_ONCE - 1);
  const answer = hostileDescription(offer, mine, 'active', [...allowed, ...first]);
  hostile.say('signal.answer', { match, epoch, sdp: answer });
  for (const candidate of HOSTILE_CANDIDATES.slice(0, TRICKLED_MAX)) {
    const place = { candidate, sdpMid: '0', sdpMLineIndex: 0 };
    hostile.say('signal.candidate', { match, epoch, candidate: place });
  }
  for (const portion of portions) {
    const again = hostileDescription(offer, mine, 'actpass', [...allowed, ...portion]);
    expect(await hostile.offer(call, again)).toBe('signal.answer');
  }
  expect(await hostile.offer(call, floodOfMedia(answer))).toBe('signal.refused');
  const checks = (): number => heardBy(witnesses).length;
  await expect.poll(checks).toBeGreaterThanOrEqual(CHECKS_OF_WITNESS);
  // An ICE restart resets all limits. A page without a valid candidate pair may give up the call.
  const restart = hostileDescription(offer, newCredentials(), 'actpass', [...allowed, ...first]);
  expect(['signal.answer', 'call.ended']).toContain(await hostile.offer(call, restart));
  const before = checks();
  const hasGivenUp = (): boolean => hostile.heard.some(({ type }) => type === 'call.ended');
  await expect.poll(() => checks() >= before + CHECKS_OF_WITNESS || hasGivenUp()).toBe(true);
}

/**
 * Starts a match with a hostile prepared offer, which the node filters. Ana's page then searches
 * and answers the offer.
 */
async function meetByOffer(
  { newHostile, hostileHome, witnesses }: HoneyportSetup,
  offer: string,
  portion: readonly string[],
): Promise<readonly [HostileClient, Call]> {
  const allowed = witnessCandidates(hostileHome);
  const premade = hostileDescription(offer, newCredentials(), 'actpass', [...allowed, ...portion]);
  const hostile = await newHostile();
  const before = heardBy(witnesses).length;
  const call = await hostile.meet('video', [], premade);
  expect(call.role).toBe('offerer');
  await hostile.hear('signal.answer');
  const checks = () => heardBy(witnesses).length - before;
  await expect.poll(checks).toBeGreaterThanOrEqual(CHECKS_OF_WITNESS);
  return [hostile, call];
}

/**
 * Waits until both listeners that must receive traffic have received some. This takes time,
 * because browsers try one address family first and may check over the relay before directly.
 */
async function untilReached(
  { home }: HoneyportSetup,
  { file }: Capture,
  mayHear: readonly string[],
): Promise<void> {
  const missing = async (): Promise<readonly string[]> => {
    const sent = sentTo(await readCapture(file), home);
    return mayHear.filter((end) => !sent.has(end));
  };
  await expect.poll(missing).toEqual([]);
}

async function offerBeforehand(
  stage: HoneyportSetup,
  offer: string,
  portions: readonly (readonly string[])[],
  reached: () => Promise<void>,
): Promise<void> {
  const { ana } = stage;
  for (const portion of portions) {
    const [hostile] = await meetByOffer(stage, offer, portion);
    await reached();
    hostile.leave();
    await expect(ana.page.getByRole('heading', { name: 'Stranger left' })).toBeVisible();
    await ana.button('Next').click();
  }
}

/**
 * Sends prepared offers while only the relay is allowed, and other offers after the users'
 * consent to a direct connection.
 */
async function offerUntilConsent(
  stage: HoneyportSetup,
  offer: string,
  reached: () => Promise<void>,
): Promise<void> {
  const { ana, hostileHome, witnesses } = stage;
  const [first = [], ...others] = PORTIONS;
  const [hostile, call] = await meetByOffer(stage, offer, first);
  const [, direct] = witnesses;
  expect(heardBy([direct])).toEqual([]);
  const { match, epoch } = call;
  hostile.say('direct.consent', { match, epoch, allowed: true });
  await ana.allowDirect();
  await hostile.hear('direct.updated', 0, ({ you, stranger }) => you === true && stranger === true);
  const allowed = witnessCandidates(hostileHome);
  for (const portion of others) {
    const again = hostileDescription(offer, newCredentials(), 'actpass', [...allowed, ...portion]);
    expect(await hostile.offer(call, again)).toBe('signal.answer');
  }
  await expect.poll(() => heardBy([direct]).length).toBeGreaterThanOrEqual(CHECKS_OF_WITNESS);
  await reached();
  hostile.leave();
}

/**
 * Fails if a listener that must receive no traffic received some, or if a packet went to a
 * forbidden address.
 */
async function expectSilence(
  { home, honey }: HoneyportSetup,
  capture: Capture,
  mayHear: readonly string[],
): Promise<void> {
  const packets = await readCapture(await capture.stop());
  expect(heardBy(honey)).toEqual([]);
  expect(sentTo(packets, home)).toEqual(new Set(mayHear));
  expect(namesIn(packets)).toEqual([]);
}

const PORTIONS = portionsOf(HOSTILE_CANDIDATES);

const MODES = [
  ['always', 'until-consent'],
  ['direct', 'fallback'],
] as const;

for (const [relay, later] of MODES) {
  const title = `contacts no forbidden address that a stranger names: ${relay}, ${later}`;
  test(title, { tag: '@long' }, async () => {
    const stage = await setStage(relay);
    const { internet, ana, home, hostileHome, honey } = stage;
    const relayed = [NODE_ADDRESS];
    const both = [NODE_ADDRESS, hostileHome.address, hostileHome.ipv6];
    try {
      const capture = await home.capture('any');
      await ana.startVideo();
      const hostile = await stage.newHostile();
      const call = await hostile.meet('video');
      const offer = call.offer ?? '';
      await ana.expectInCall();
      await sendEverything(stage, hostile, call);
      await ana.button('Stop').click();
      hostile.leave();
      stage.withholdOffers();
      // If the page gave up the call, the page shows its start screen again.
      await ana.button('Next').or(ana.button('Start video')).click();
      const first = relay === 'always' ? relayed : both;
      await offerBeforehand(stage, offer, PORTIONS, () => untilReached(stage, capture, first));
      await expectSilence(stage, capture, first);

      await test.step(later, async () => {
        await ana.page.goto('about:blank');
        await internet.restartNode({ FARANDOLE_RELAY: later });
        const again = await home.capture('any');
        await ana.page.goto(SITE_ORIGIN);
        await ana.button('Start video').click();
        // The allowed listeners have just received traffic, so the forbidden ones had the same
        // time to receive some.
        const reached = (): Promise<void> => untilReached(stage, again, both);
        if (later === 'fallback') {
          await offerBeforehand(stage, offer, PORTIONS.slice(0, 1), reached);
        } else {
          await offerUntilConsent(stage, offer, reached);
        }
        await expectSilence(stage, again, both);
      });

      await test.step('detects contacts to forbidden addresses when the node’s filter is bypassed', async () => {
        const seen = await home.capture('any');
        await aimDirectly(ana);
        const isHeard = (protocol: string) => () =>
          heardBy(honey).filter((what) => what.startsWith(protocol)).length;
        await expect.poll(isHeard('udp')).toBeGreaterThanOrEqual(10);
        if (relay === 'direct') {
          await expect.poll(isHeard('tcp')).toBeGreaterThanOrEqual(1);
          const aimed = () => readCapture(seen.file);
          // DNS queries may come after the connectivity checks.
          await expect.poll(async () => namesIn(await aimed())).not.toEqual([]);
          await expect.poll(async () => sentTo(await aimed(), home).size).toBeGreaterThan(5);
        }
        await seen.stop();
        test.info().annotations.push({ type: 'control', description: countsOf(heardBy(honey)) });
      });
    } finally {
      await internet.close();
    }
  });
}

/** Returns the destinations of the packets from a home network, except those on its own link. */
function sentTo(packets: readonly Packet[], home: Home): ReadonlySet<string> {
  const own = [home.address, home.ipv6, home.router];
  const sent = packets.filter(({ ports }) => ports?.destination !== DNS_PORT);
  const ends = sent.flatMap(({ ip }) => ip?.destination ?? []);
  return new Set(ends.filter((end) => !own.includes(end) && !OF_THE_LINK.test(end)));
}

/** Returns the stranger's host names that occur in the packets' DNS queries. */
function namesIn(packets: readonly Packet[]): readonly string[] {
  return HONEY_NAMES.filter((name) => packets.some(({ frame }) => frame.includes(name)));
}

const DNS_PORT = 53;
const OF_THE_LINK = /^(?:fe80:|ff0|::$|224\.|239\.|255\.|0\.)/;

/**
 * Adds every hostile candidate to a direct connection of the page, bypassing the node's filter. A
 * relayed connection would reach none of the candidates, because the relay refuses them too.
 */
async function aimDirectly({ page }: Person): Promise<void> {
  const offer = await page.evaluate(async () => {
    const connection = new RTCPeerConnection();
    window.aimed = connection;
    connection.addTransceiver('audio');
    await connection.setLocalDescription();
    return connection.localDescription?.sdp ?? '';
  });
  const sdp = hostileDescription(offer, newCredentials(), 'active', []);
  await page.evaluate(
    async ({ answer, candidates }) => {
      await window.aimed.setRemoteDescription({ type: 'answer', sdp: answer });
      for (const candidate of candidates) {
        // The browser refuses invalid candidates.
        await window.aimed.addIceCandidate({ candidate, sdpMid: '0' }).catch(() => {});
      }
    },
    { answer: sdp, candidates: HOSTILE_CANDIDATES },
  );
}

declare global {
  interface Window {
    aimed: RTCPeerConnection;
  }
}

function countsOf(heard: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const what of heard) counts.set(what, (counts.get(what) ?? 0) + 1);
  return Array.from(counts, ([what, count]) => `${what}: ${count}`).join(', ');
}
