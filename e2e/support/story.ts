import { type Browser, test as base, expect } from '@playwright/test';
import { type BrowserOptions, CAMERA_FPS, launchBare, launchBrowser } from './browser.ts';
import { Cluster } from './cluster.ts';
import { startCoturn } from './coturn.ts';
import { type Farandole, followNodes, startFarandole } from './farandole.ts';
import { Person, type PersonOptions } from './person.ts';
import { TcpFaultProxy } from './tcp-fault-proxy.ts';

type Devices = NonNullable<BrowserOptions['devices']>;

interface ArriveOptions extends PersonOptions, Pick<BrowserOptions, 'devices'> {
  /**
   * Whether to use full Chromium with clipboard and device permissions. Otherwise the headless
   * shell is used.
   */
  readonly whole?: boolean;
  /** Browser of the user, by default the worker's Chromium. */
  readonly browser?: Browser;
}

interface Visit {
  readonly server: Farandole;
  readonly url: string;
  readonly ana: Person;
}

export interface Stage {
  /** @param main the program that runs the node, by default the server's own */
  readonly node: (env?: NodeJS.ProcessEnv, main?: string) => Promise<Farandole>;
  /** Opens a page for a user. The user's profile is deleted after the story. */
  readonly arrive: (name: string, url: string, options?: ArriveOptions) => Promise<Person>;
  readonly one: (options?: ArriveOptions) => Promise<Visit>;
  /** @param bens options of Ben's page, by default the same as Ana's */
  readonly two: (
    options?: ArriveOptions,
    bens?: ArriveOptions,
  ) => Promise<Visit & { readonly ben: Person }>;
  readonly proxied: () => Promise<{ readonly url: string; readonly proxy: TcpFaultProxy }>;
  /** Starts several nodes and the servers that they need. */
  readonly cluster: (nodes: number) => Promise<Cluster>;
  readonly relayed: (env?: NodeJS.ProcessEnv) => Promise<Farandole>;
}

interface Shared {
  /**
   * The stories of a worker share one Chromium, because starting a browser costs a second of CPU
   * time.
   */
  readonly chromium: (devices: Devices, whole: boolean) => Promise<Browser>;
}

/** Ends everything that a story started. Fails on any error that a page logged. */
export const test = base.extend<Stage, Shared>({
  chromium: [
    async ({}, use) => {
      const launched = new Map<string, Promise<Browser>>();
      await use(async (devices, whole) => {
        const key = `${devices} ${whole}`;
        const browser = await launched.get(key);
        if (browser?.isConnected() === true) return browser;
        const launch = whole ? launchBrowser : launchBare;
        const another = launch({ devices, cameraFps: CAMERA_FPS });
        launched.set(key, another);
        return await another;
      });
      for (const browser of launched.values()) await (await browser).close();
    },
    { scope: 'worker' },
  ],
  node: async ({}, use) => {
    const nodes: Farandole[] = [];
    await use(async (env, main) => {
      const node = await startFarandole(env, main);
      nodes.push(node);
      return node;
    });
    for (const node of nodes) await node.stop();
  },
  arrive: async ({ chromium }, use, story) => {
    const printed = followNodes();
    const people: Person[] = [];
    await use(async (name, url, options = {}) => {
      const { devices = 'fake', whole = false } = options;
      const browser = options.browser ?? (await chromium(devices, whole));
      const person = await Person.arrive(browser, name, url, options);
      people.push(person);
      return person;
    });
    const complaints = people.flatMap((person) => person.complaints);
    if (story.errors.length > 0 || complaints.length > 0) await tellOf(people, printed());
    for (const person of people) await person.leave();
    expect(complaints).toEqual([]);
  },
  one: async ({ node, arrive }, use) => {
    await use(async (options) => {
      const server = await node();
      const { url } = server;
      return { server, url, ana: await arrive('Ana', url, options) };
    });
  },
  two: async ({ one, arrive }, use) => {
    await use(async (options, bens = options) => {
      const visit = await one(options);
      return { ...visit, ben: await arrive('Ben', visit.url, bens) };
    });
  },
  proxied: async ({ node }, use) => {
    const proxies: TcpFaultProxy[] = [];
    await use(async () => {
      const proxy = await TcpFaultProxy.start();
      proxies.push(proxy);
      const url = `http://localhost:${proxy.port}`;
      const { port } = await node({ FARANDOLE_ORIGINS: url });
      proxy.aimAt(port);
      return { url, proxy };
    });
    for (const proxy of proxies) await proxy.stop();
  },
  cluster: async ({}, use) => {
    const clusters: Cluster[] = [];
    await use(async (nodes) => {
      const cluster = new Cluster(nodes);
      clusters.push(cluster);
      await cluster.ready();
      return cluster;
    });
    for (const cluster of clusters) await cluster.stop();
  },
  relayed: async ({ node }, use) => {
    const relays: Awaited<ReturnType<typeof startCoturn>>[] = [];
    await use(async (env) => {
      const coturn = await startCoturn();
      relays.push(coturn);
      return await node({
        FARANDOLE_TURN_URLS: coturn.url,
        FARANDOLE_TURN_SECRET: coturn.secret,
        ...env,
      });
    });
    for (const coturn of relays) await coturn.stop();
  },
});

/**
 * Prints the pages' events and the nodes' output to explain a failure, because CI has no other
 * report.
 */
async function tellOf(people: readonly Person[], nodes: readonly string[]): Promise<void> {
  for (const person of people) console.log(await person.account());
  for (const printed of nodes) console.log(`A node printed:\n${printed}`);
}

export { expect };
