import { type Packet, readCapture } from '../audit/packets.ts';
import { endpointsOf, findTraces, NO_TRACES, type Traces } from '../audit/traces.ts';
import { type HomeVisit, visitFrom } from '../support/home-visit.ts';
import { meetByVideo } from '../support/meeting.ts';
import { type Home, NODE_ADDRESS, SmallInternet } from '../support/small-internet.ts';
import { expect, test } from '../support/story.ts';

interface Visitor extends HomeVisit {
  /** Every WebSocket frame and HTTP response body that the page received, except static files. */
  readonly told: string[];
}

async function visit(home: Home, name: string): Promise<Visitor> {
  const told: string[] = [];
  const visited = await visitFrom(home, name, ({ page }) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => told.push(String(payload))),
    );
    page.on('response', (response) => {
      if (!response.url().includes('/api/')) return;
      response.text().then(
        (text) => told.push(text),
        () => {},
      );
    });
  });
  return { ...visited, told };
}

/** Runs in the page. Returns the statistics and the remote descriptions of its connections. */
async function describeConnections(): Promise<string> {
  const described = window.keptConnections.map(async (connection) => {
    const stats: unknown[] = [];
    (await connection.getStats()).forEach((report: unknown) => stats.push(report));
    const { remoteDescription, currentRemoteDescription, pendingRemoteDescription } = connection;
    return { stats, remoteDescription, currentRemoteDescription, pendingRemoteDescription };
  });
  return JSON.stringify(await Promise.all(described));
}

interface Known {
  readonly told: number;
  readonly described: boolean;
  readonly packets: Traces;
}

async function knownOf(
  { told, person }: Visitor,
  packets: readonly Packet[],
  address: string,
): Promise<Known> {
  return {
    told: told.filter((text) => text.includes(address)).length,
    described: (await person.page.evaluate(describeConnections)).includes(address),
    packets: findTraces(packets, address),
  };
}

/** Matches link-local, multicast and unspecified addresses. */
const OF_THE_LINK = /^(?:fe80:|ff0|::$|224\.|239\.|255\.|0\.)/;

/**
 * Leaves out DNS queries, because the browser sends them for itself and no resolver answers
 * here.
 */
function isNoQuestionOfNames({ ports }: Packet): boolean {
  return ports?.destination !== DNS_PORT;
}

const DNS_PORT = 53;

test('hides addresses in messages and packets of relayed calls, unlike direct calls', {
  tag: '@long',
}, async () => {
  const internet = await SmallInternet.open();
  try {
    const ana = await visit(await internet.home(), 'Ana');
    const ben = await visit(await internet.home(), 'Ben');
    const pairs = [
      [ana, ben],
      [ben, ana],
    ] as const;
    const captures = [await ana.home.capture(), await ben.home.capture()] as const;

    await test.step('makes a relayed call with video and text', async () => {
      await meetByVideo(ana.person, ben.person);
      for (const { person } of [ana, ben]) await person.showVideo();
      for (const { person } of [ana, ben]) await person.expectFrames(30);
      await ana.person.say('hello over there');
      await ben.person.expectLine('hello over there');
    });

    await test.step('finds the peer’s address in no message or packet', async () => {
      for (const [i, [me, other]] of pairs.entries()) {
        const packets = await readCapture(await (captures[i] ?? captures[0]).stop());
        expect(packets.length).toBeGreaterThan(200);
        for (const address of [other.home.address, other.home.ipv6]) {
          expect(await knownOf(me, packets, address)).toEqual({
            told: 0,
            described: false,
            packets: NO_TRACES,
          });
        }
        const met = [...endpointsOf(packets.filter(isNoQuestionOfNames))];
        const further = met.filter((end) => !OF_THE_LINK.test(end) && end !== me.home.router);
        expect(new Set(further)).toEqual(new Set([me.home.address, NODE_ADDRESS]));
        const relay = await knownOf(me, packets, NODE_ADDRESS);
        expect(relay.told).toBeGreaterThan(0);
        expect(relay.described).toBe(true);
        expect(relay.packets.endpoint).toBeGreaterThan(200);
        expect(relay.packets.binary).toBeGreaterThan(0);
      }
      expect(ana.told.length).toBeGreaterThan(5);
    });

    await test.step('finds the peer’s address by the same search in a direct call', async () => {
      const direct = [await ana.home.capture(), await ben.home.capture()] as const;
      await ana.person.allowDirect();
      await ben.person.allowDirect();
      for (const { person } of [ana, ben]) {
        await expect.poll(() => person.relayedPaths()).toEqual([false]);
        await person.expectFrames(10);
      }
      for (const [i, [me, other]] of pairs.entries()) {
        const packets = await readCapture(await (direct[i] ?? direct[0]).stop());
        const known = await knownOf(me, packets, other.home.address);
        expect(known.told).toBeGreaterThan(0);
        expect(known.described).toBe(true);
        expect(known.packets.endpoint).toBeGreaterThan(50);
        expect(known.packets.binary).toBeGreaterThan(0);
      }
    });
    expect([...ana.person.complaints, ...ben.person.complaints]).toEqual([]);
  } finally {
    await internet.close();
  }
});
