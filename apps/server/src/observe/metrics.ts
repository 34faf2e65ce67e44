import type { ClusterProblem } from '@farandole/cluster/valkey/valkey-cluster';
import type { GatewayCounts } from '@farandole/gateway/ports';
import type { ModeId } from '@farandole/matchmaking/mode';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BudgetName } from '../budgets.ts';
import { FACT_METRICS } from './fact-metrics.ts';
import type { LogEvent } from './log.ts';
import type { NodeFacts } from './node-facts.ts';
import { addProcessMetrics } from './tick-delay.ts';

/** Functions that return the gauges' values. They are called when metrics are scraped. */
export interface MetricsSources {
  readonly counts: () => GatewayCounts;
  readonly sockets: () => number;
  /** Returns the number of frames so far that waited for a later turn of the event loop. */
  readonly framesDeferred: () => number;
  /** Returns the number of connected users whose facts the store hasn't returned yet. */
  readonly unread: () => number;
  /** Returns the number of waiting users by mode; null on a node that doesn't own the pool. */
  readonly waitingByMode: () => ReadonlyMap<ModeId, number> | null;
}

export interface ClusterSource {
  members(): { readonly size: number };
  readonly problem: ClusterProblem | null;
  readonly broker: { readonly gaps: number };
}

export interface SessionsSource {
  readonly sizes: Readonly<Record<string, number>>;
}

const SECONDS_TO_MATCH = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const SECONDS_TO_FIRST_FRAME = [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8];
const SECONDS_OF_A_CALL = [1, 5, 10, 30, 60, 180, 600, 1_800, 3_600, 10_800];

/** The server's metrics. All labels have a closed set of values, and none identifies a user. */
export class Metrics {
  /** Called at each tick of the node with the monotonic time in ms. */
  readonly ticked: (nowMonotonicMs: number) => void;
  readonly #registry = new Registry();
  /**
   * Relayed messages by kind. A `Counter` builds a text from its labels at each call, so the counts
   * are kept here and read at a scrape.
   */
  readonly #relayed = new Map<string, number>();
  readonly #closes: Counter<'reason'>;
  readonly #dropped: Counter<'reason'>;
  readonly #notifications: Counter;
  readonly #alerts: Counter<'channel' | 'outcome'>;
  readonly #journalFailures: Counter;
  readonly #refusals: Counter<'status'>;
  readonly #secondsToMatch: Histogram<'mode'>;
  readonly #secondsToFirstFrame: Histogram<'way'>;
  readonly #callSeconds: Histogram<'mode' | 'reason'>;
  readonly #sessions: Counter<'event'>;
  readonly #modeChanges: Counter<'to' | 'way'>;
  readonly #reports: Counter<'result'>;
  readonly #budgetRefusals: Counter<'budget'>;

  constructor() {
    const registers = [this.#registry];
    this.ticked = addProcessMetrics(this.#registry);
    this.#secondsToMatch = new Histogram({
      name: 'farandole_time_to_match_seconds',
      help: 'Time from the start of a search to the match.',
      labelNames: ['mode'],
      buckets: SECONDS_TO_MATCH,
      registers,
    });
    this.#secondsToFirstFrame = new Histogram({
      name: 'farandole_first_frame_seconds',
      help: 'Time from the match to the stranger’s first frame, by route.',
      labelNames: ['way'],
      buckets: SECONDS_TO_FIRST_FRAME,
      registers,
    });
    this.#callSeconds = new Histogram({
      name: 'farandole_call_seconds',
      help: 'Duration of calls, by how they ended.',
      labelNames: ['mode', 'reason'],
      buckets: SECONDS_OF_A_CALL,
      registers,
    });
    const relayed = this.#relayed;
    const relayedTotal = new Counter({
      name: 'farandole_relayed_messages_total',
      help: 'Messages relayed between the users of a call.',
      labelNames: ['kind'],
      registers: [],
      collect() {
        this.reset();
        for (const [kind, count] of relayed) this.inc({ kind }, count);
      },
    });
    this.#registry.registerMetric(relayedTotal);
    this.#dropped = new Counter({
      name: 'farandole_signals_dropped_total',
      help: 'Candidates and descriptions refused by the signal policy.',
      labelNames: ['reason'],
      registers,
    });
    this.#closes = new Counter({
      name: 'farandole_closes_total',
      help: 'WebSockets closed, by reason.',
      labelNames: ['reason'],
      registers,
    });
    this.#sessions = new Counter({
      name: 'farandole_sessions_total',
      help: 'Sessions opened and resumed, calls restored after a restart, and calls upgraded to video.',
      labelNames: ['event'],
      registers,
    });
    this.#modeChanges = new Counter({
      name: 'farandole_mode_changes_total',
      help: 'Calls that moved up to a mode because all users agreed, or down because one did.',
      labelNames: ['to', 'way'],
      registers,
    });
    this.#reports = new Counter({
      name: 'farandole_reports_total',
      help: 'Reports stored, and reports that failed to be stored.',
      labelNames: ['result'],
      registers,
    });
    this.#refusals = new Counter({
      name: 'farandole_http_refusals_total',
      help: 'Requests refused, including WebSocket upgrades, by status.',
      labelNames: ['status'],
      registers,
    });
    this.#budgetRefusals = new Counter({
      name: 'farandole_budget_refusals_total',
      help: 'Refusals because a budget had nothing left for an address, by budget.',
      labelNames: ['budget'],
      registers,
    });
    this.#notifications = new Counter({
      name: 'farandole_notifications_total',
      help: 'Browsers notified that someone searches, by the outcome at the push service.',
      labelNames: ['outcome'],
      registers,
    });
    this.#alerts = new Counter({
      name: 'farandole_alerts_total',
      help: 'Messages of alerts to the operator, by channel and outcome. A failed one is repeated.',
      labelNames: ['channel', 'outcome'],
      registers,
    });
    this.#journalFailures = new Counter({
      name: 'farandole_journal_failures_total',
      help: 'Times at which the store failed to take reports, blocks or age refusals.',
      registers,
    });
  }

  /** Adds the gauges. Called once the parts exist whose values the gauges read. */
  addGauges(sources: MetricsSources): void {
    const gauge = this.#gauge.bind(this);
    gauge('farandole_people_online', 'Sessions with a connection.', () => sources.counts().online);
    gauge(
      'farandole_sessions_detached',
      'Sessions without a connection, within their grace period.',
      () => sources.counts().detached,
    );
    gauge('farandole_calls', 'Current calls.', () => sources.counts().calls);
    gauge(
      'farandole_people_unread',
      'Connected users who can’t search yet, because the store hasn’t returned what it knows about them.',
      sources.unread,
    );
    gauge('farandole_sockets', 'WebSockets, open or closing.', sources.sockets);
    const deferred = new Counter({
      name: 'farandole_frames_deferred_total',
      help: 'Frames of clients that waited for a later turn of the event loop.',
      registers: [],
      collect() {
        this.reset();
        this.inc(sources.framesDeferred());
      },
    });
    this.#registry.registerMetric(deferred);
    const waiting = new Gauge({
      name: 'farandole_waiting',
      help: 'Users waiting for a match, by pool.',
      labelNames: ['pool'],
      registers: [],
      collect() {
        for (const [mode, people] of sources.waitingByMode() ?? []) {
          this.set({ pool: mode }, people);
        }
      },
    });
    this.#registry.registerMetric(waiting);
  }

  /** Adds the metrics of what an operator watches. Called once the node's facts can be read. */
  addFacts(facts: () => NodeFacts): void {
    for (const { type, name, help, labelNames, read } of FACT_METRICS) {
      const options = { name, help, labelNames: [...labelNames], registers: [] };
      const made =
        type === 'counter'
          ? new Counter({
              ...options,
              collect() {
                this.reset();
                for (const [labels, value] of read(facts())) this.inc(labels, value);
              },
            })
          : new Gauge({
              ...options,
              collect() {
                this.reset();
                for (const [labels, value] of read(facts())) this.set(labels, value);
              },
            });
      this.#registry.registerMetric(made);
    }
  }

  /** Adds the gauges of a node that works with others. */
  addClusterGauges(
    cluster: ClusterSource,
    sessions: SessionsSource,
    epoch: () => number | null,
  ): void {
    const gauge = this.#gauge.bind(this);
    gauge('farandole_nodes', 'Live nodes, with this one.', () => cluster.members().size);
    gauge(
      'farandole_node_fenced',
      'Whether Valkey can’t be reached, so that searches wait (1) or not (0).',
      () => (cluster.problem === 'away' ? 1 : 0),
    );
    gauge(
      'farandole_pool_epoch',
      'Epoch in which this node writes the pool; 0 while another node does.',
      () => epoch() ?? 0,
    );
    const gaps = new Counter({
      name: 'farandole_node_gaps_total',
      help: 'Times that messages between this node and another may have been lost.',
      registers: [],
      collect() {
        this.reset();
        this.inc(cluster.broker.gaps);
      },
    });
    this.#registry.registerMetric(gaps);
    gauge(
      'farandole_moves_in_doubt',
      'Sessions that this node gave to another node, which hasn’t answered yet.',
      () => sessions.sizes['inDoubt'] ?? 0,
    );
    const bridges = new Gauge({
      name: 'farandole_bridges',
      help: 'Sockets here whose session is on another node (edge), and the reverse (home).',
      labelNames: ['side'],
      registers: [],
      collect() {
        this.set({ side: 'edge' }, sessions.sizes['edges'] ?? 0);
        this.set({ side: 'home' }, sessions.sizes['homes'] ?? 0);
      },
    });
    this.#registry.registerMetric(bridges);
    const moves = new Counter({
      name: 'farandole_moves_total',
      help: 'Sessions that this node gave to another node (given), or gave and took back (returned).',
      labelNames: ['outcome'],
      registers: [],
      collect() {
        this.reset();
        this.inc({ outcome: 'given' }, sessions.sizes['given'] ?? 0);
        this.inc({ outcome: 'returned' }, sessions.sizes['returned'] ?? 0);
      },
    });
    this.#registry.registerMetric(moves);
  }

  budgetRefused(budget: BudgetName): void {
    this.#budgetRefusals.inc({ budget });
  }

  observe(event: LogEvent): void {
    switch (event.event) {
      case 'session-opened':
      case 'session-resumed':
      case 'call-restored':
        this.#sessions.inc({ event: event.event });
        return;
      case 'video-started':
        this.#sessions.inc({ event: event.event });
        this.#modeChanges.inc({ to: 'video', way: 'up' });
        return;
      case 'mode-raised':
        this.#modeChanges.inc({ to: event.mode, way: 'up' });
        return;
      case 'mode-lowered':
        this.#modeChanges.inc({ to: event.mode, way: 'down' });
        return;
      case 'match-found':
        this.#secondsToMatch.observe({ mode: event.mode }, event.waitedMs / 1_000);
        return;
      case 'call-ended':
        this.#callSeconds.observe(
          { mode: event.mode, reason: event.reason },
          event.lastedMs / 1_000,
        );
        return;
      case 'first-frame':
        this.#secondsToFirstFrame.observe({ way: event.way }, event.elapsedMs / 1_000);
        return;
      case 'relayed':
        this.#relayed.set(event.kind, (this.#relayed.get(event.kind) ?? 0) + 1);
        return;
      case 'signal-dropped':
        this.#dropped.inc({ reason: event.reason });
        return;
      case 'report-stored':
      case 'report-failed':
        this.#reports.inc({ result: event.event === 'report-stored' ? 'stored' : 'failed' });
        return;
      case 'socket-closed':
        this.#closes.inc({ reason: event.reason });
        return;
      case 'notification-sent':
        this.#notifications.inc({ outcome: event.outcome });
        return;
      case 'request-refused':
        this.#refusals.inc({ status: event.status });
        return;
      case 'journal-failed':
        this.#journalFailures.inc();
        return;
      case 'alert-sent':
        this.#alerts.inc({ channel: event.channel, outcome: event.outcome });
        return;
      // These events have no metric. The first two are already counted as socket closes.
      case 'session-closed':
      case 'frame-refused':
      case 'alert-given-up':
      case 'listening':
      case 'draining':
      case 'stopped':
      case 'key-rotated':
      case 'key-rotation-failed':
      case 'clock-doubted':
      case 'date-followed':
      case 'backed-up-before-upgrade':
      case 'file-imported':
      case 'journal-damage-skipped':
      case 'clock-trusted':
      case 'store-failed':
      case 'store-works':
      case 'newcomers-wait':
      case 'newcomers-served':
      case 'nodes-lost':
      case 'nodes-joined':
      case 'users-sent-away':
      case 'pictures-failed':
      case 'picture-keys-lost':
      case 'house-hours-lost':
      case 'journal-tail-cut':
      case 'relay-unresolved':
      case 'database-in-clear':
      case 'store-awaited':
      case 'blocks-nearly-full':
      case 'proxy-not-listed':
      case 'origin-not-listed':
      case 'member-signed-in':
      case 'sign-in-refused':
      case 'request-failed':
      case 'crashed':
      case 'store-ended':
        return;
    }
  }

  /** Returns all metrics in Prometheus' text format. */
  async expose(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #gauge(name: string, help: string, read: () => number): void {
    const made = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    });
    this.#registry.registerMetric(made);
  }
}
