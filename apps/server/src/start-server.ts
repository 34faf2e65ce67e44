import { EVERY_NODE } from '@farandole/cluster/broker';
import type { SharedBudgets } from '@farandole/cluster/shared-budgets';
import type { Clock, Instant } from '@farandole/kernel/clock';
import { type BudgetName, budgetSweeps, createBudgets } from './budgets.ts';
import { openAlerts } from './compose/alerts.ts';
import { openHttp } from './compose/http.ts';
import { openNodeFacts } from './compose/node-facts.ts';
import { openPush } from './compose/push.ts';
import { openRealtime } from './compose/realtime.ts';
import { openStorage, startStoreTasks } from './compose/storage.ts';
import { checkRuntime } from './config/runtime.ts';
import { type Config, originsOf } from './config.ts';
import { PagesSource } from './http/pages-source.ts';
import { REFUSED_LINGER_MS } from './limits.ts';
import { Site } from './net/site.ts';
import { CloseError } from './node/close-error.ts';
import { FanOut } from './observe/fan-out.ts';
import type { Log, LogEvent } from './observe/log.ts';
import { Metrics } from './observe/metrics.ts';
import { sayOnce } from './observe/say-once.ts';
import { PUBLIC_PUSH_ROUTE, type PushRoute } from './push/push-route.ts';
import { type StoreThread, storeStartError } from './store/open-store.ts';

export interface ServerOptions {
  readonly config: Config;
  readonly pagesDir: string;
  /** Whether the server reads the pages again after each build, for development. */
  readonly followPages?: boolean;
  readonly log: Log;
  /** The node's clock, which is the machine's clock by default. */
  readonly clock?: Clock;
  /**
   * Whether the node starts with the machine's date even if that is far from the stored date. False
   * by default.
   */
  readonly acceptsDate?: boolean;
  /** Whether the node starts although its store lost commits. False by default. */
  readonly acceptsLoss?: boolean;
  /**
   * Delay in ms before a client that violated the protocol is closed. `REFUSED_LINGER_MS` by
   * default.
   */
  readonly refusedLingerMs?: number;
  /** Where notifications may be sent: by default to known push services at public addresses. */
  readonly pushRoute?: PushRoute;
  /** Thread in which SQLite runs (see `openStore`). A separate thread by default. */
  readonly storeIn?: StoreThread;
}

export interface RunningServer {
  /** The listening port. On `localhost` it is the same for both loopback addresses. */
  readonly port: number;
  readonly url: string;
  readonly origins: readonly string[];
  /** Link that signs the first member in, once and within an hour; null if there are members. */
  readonly ownerLink: string | null;
  /** Listening port of the metrics server; null if metrics are off. */
  readonly metricsPort: number | null;
  /**
   * Makes the node refuse new searches. Resolves when no call is left or the deadline has passed.
   * Idempotent.
   */
  drain(): Promise<void>;
  /**
   * @throws CloseError if a file can't be closed; everything else is then closed, and the data
   * folder unlocked
   */
  close(): Promise<void>;
}

/**
 * Composes the server's parts and starts one node.
 *
 * @throws StartError for a problem that the operator can fix; no file then stays open or locked
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  try {
    return await start(options);
  } catch (error) {
    throw storeStartError(options.config, error);
  }
}

async function start(options: ServerOptions): Promise<RunningServer> {
  const {
    config,
    clock,
    storeIn,
    acceptsDate = false,
    acceptsLoss = false,
    refusedLingerMs = REFUSED_LINGER_MS,
  } = options;
  checkRuntime(config.runtime);
  const events = new FanOut<LogEvent>();
  const ticks = new FanOut<Instant>();
  const metrics = new Metrics();
  events.subscribe(options.log);
  events.subscribe((event) => metrics.observe(event));
  const onUnlisted = sayOnce(events.emit);
  const site = { current: new Site(originsOf(config, config.port)) };

  await using opened = new AsyncDisposableStack();
  const follow = options.followPages ?? false;
  const pages = await PagesSource.open(options.pagesDir, follow, config.modes);
  opened.defer(() => pages.close());
  const storage = await openStorage({
    ...{ config, clock, acceptsDate, acceptsLoss, storeIn, events, ticks },
  });
  opened.defer(() => storage.close());
  let shared: SharedBudgets | null = null;
  const budgets = createBudgets({
    ...config,
    clock: storage.clock,
    onRefused: (budget) => metrics.budgetRefused(budget),
    ...(config.valkey !== null && {
      onChanged: (budget: BudgetName, address: string, cost: number) =>
        shared?.changed(budget, address, cost),
    }),
  });
  const sweep = budgetSweeps(budgets);
  ticks.subscribe(({ monotonicMs }) => {
    metrics.ticked(monotonicMs);
    sweep();
  });
  const realtime = await openRealtime({
    ...{ config, storage, budgets, events, ticks, metrics, refusedLingerMs, onUnlisted },
    site: () => site.current,
  });
  shared = realtime.sharedBudgets;
  opened.defer(() => realtime.close());
  const { gateway, loop, drain } = realtime;
  const push = openPush({
    ...{ config, storage, gateway, route: options.pushRoute ?? PUBLIC_PUSH_ROUTE },
    site: () => site.current,
    log: events.emit,
  });
  opened.defer(async () => await push?.notifier.close());
  const tasks = startStoreTasks({
    ...{ storage, events, ticks },
    notifier: push?.notifier ?? null,
    people: () => gateway.online,
    onChanged: (subjects) => loop.standingsChanged(subjects),
    otherNodes: config.valkey === null ? null : loop,
  });
  realtime.cluster?.broker.subscribe(EVERY_NODE, (message) => {
    if (message.type === 'store.changed') tasks.changed();
  });
  const watched = await openNodeFacts({ config, storage, realtime, ticks });
  opened.defer(() => watched.close());
  metrics.addFacts(watched.facts);
  const alerts = openAlerts({
    ...{ config, storage, ticks, facts: watched.facts, log: events.emit },
    site: () => site.current,
  });
  opened.defer(() => alerts.close());
  const onDecided = (): void => {
    tasks.changed();
    realtime.tellStoreChanged();
  };
  const parts = { config, pages, storage, realtime, push, budgets, site, events, ticks, metrics };
  const watching = { alerts, facts: watched.facts };
  const http = await openHttp({ ...parts, ...watching, onUnlisted, onDecided });
  opened.defer(() => http.close());

  loop.start();
  const { port, metricsPort, ownerLink } = http;
  events.emit({ event: 'listening', port });
  const closers = opened.move();
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    try {
      await closers.disposeAsync();
    } catch (error) {
      throw new CloseError(error);
    } finally {
      drain.end();
      events.emit({ event: 'stopped' });
    }
  };
  return {
    port,
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    origins: site.current.origins,
    ownerLink,
    metricsPort,
    drain: () => drain.begin(),
    close: () => (closing ??= close()),
  };
}
