import { basename } from 'node:path';
import type { Clock, Instant } from '@farandole/kernel/clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { CommunityMirror } from '../cache/community-mirror.ts';
import { HoursKeeper } from '../cache/hours-keeper.ts';
import { HoursMirror } from '../cache/hours-mirror.ts';
import { HouseMirror } from '../cache/house-mirror.ts';
import { PeopleCache } from '../cache/people-cache.ts';
import { RestrictionsMirror } from '../cache/restrictions-mirror.ts';
import { backUpBeforeUpgrade } from '../cli/upgrade-backup.ts';
import type { Config } from '../config.ts';
import { importPictures } from '../evidence/import-pictures.ts';
import { PictureVault } from '../evidence/picture-vault.ts';
import { recordEvidence } from '../evidence/record.ts';
import { RoleKeys } from '../evidence/role-keys.ts';
import { KeyStore } from '../keys/key-store.ts';
import { keysPathOf, readKeys } from '../keys/keys.ts';
import { openKeys } from '../keys/open-keys.ts';
import { freshPrng } from '../keys/random-ids.ts';
import { NodeSigner } from '../keys/signer.ts';
import { KEY_CHECK_EVERY_MS, POLICY_VERSION, STORE_AWAITED_EVERY_MS } from '../limits.ts';
import { asStartError, openDataDir } from '../node/data-dir.ts';
import { NodeClock } from '../node/node-clock.ts';
import { systemClock } from '../node/system-clock.ts';
import { FanOut } from '../observe/fan-out.ts';
import type { Log, LogEvent } from '../observe/log.ts';
import { AnchorRecorder } from '../outbox/anchor-recorder.ts';
import { CleanCalls } from '../outbox/clean-calls.ts';
import { PairRecorder } from '../outbox/pair-recorder.ts';
import { StoreHealth } from '../outbox/store-health.ts';
import { type SettledEntries, StoreJournal } from '../outbox/store-journal.ts';
import { StoreTasks, type StoreTasksOptions } from '../outbox/store-tasks.ts';
import { codeOf } from '../start-error.ts';
import { CheckpointKeeper } from '../store/audit-checkpoint.ts';
import { importFiles, removeImported } from '../store/import-files.ts';
import { KeyedStore } from '../store/keyed-store.ts';
import { openWholeStore, recordLosses } from '../store/lost-commits.ts';
import { NetworkAnchor } from '../store/network-anchor.ts';
import { isInClear, type StoreThread, textEncryptionOf } from '../store/open-store.ts';

export interface StorageOptions {
  readonly config: Config;
  /** The node's clock. Undefined means the machine's clock. */
  readonly clock: Clock | undefined;
  /** Whether the node starts with the machine's date even if that is far from the stored date. */
  readonly acceptsDate: boolean;
  /** Whether the node starts although its store lost commits. */
  readonly acceptsLoss: boolean;
  readonly storeIn: StoreThread | undefined;
  readonly events: FanOut<LogEvent>;
  readonly ticks: FanOut<Instant>;
}

/** The parts of a node whose data outlives the process, with their caches. */
export interface StoragePart {
  readonly dataDir: string;
  readonly clock: NodeClock;
  readonly keys: KeyStore;
  readonly signer: NodeSigner;
  readonly store: ModerationStore;
  readonly storeHealth: StoreHealth;
  readonly journal: StoreJournal;
  readonly settled: FanOut<SettledEntries>;
  readonly vault: PictureVault;
  readonly checkpoints: CheckpointKeeper;
  readonly networkAnchor: NetworkAnchor;
  readonly standings: RestrictionsMirror;
  readonly peopleCache: PeopleCache;
  readonly house: HouseMirror;
  readonly communities: CommunityMirror;
  readonly hours: HoursKeeper;
  readonly publishedHours: HoursMirror;
  readonly anchorRecorder: AnchorRecorder;
  readonly pairRecorder: PairRecorder;
  readonly cleanCalls: CleanCalls;
  /** Writes pending records, closes the storage and unlocks the data folder. */
  close(): Promise<void>;
}

/** @throws StartError for a problem that the operator can fix; no file then stays open or locked */
export async function openStorage(options: StorageOptions): Promise<StoragePart> {
  let seconds = 0;
  // A server that accepts the connection and then says nothing would hang the start in silence.
  const awaited = setInterval(() => {
    seconds += STORE_AWAITED_EVERY_MS / 1000;
    options.events.emit({ event: 'store-awaited', seconds });
  }, STORE_AWAITED_EVERY_MS);
  try {
    return await open(options);
  } catch (error) {
    throw asStartError(options.config, error);
  } finally {
    clearInterval(awaited);
  }
}

async function open(options: StorageOptions): Promise<StoragePart> {
  const { config, events, ticks } = options;
  const log = events.emit;
  await using opened = new AsyncDisposableStack();

  const folder = await openDataDir(config.dataDir);
  opened.defer(() => folder.release());
  const dataDir = folder.path;
  const { clock: machineClock = systemClock, acceptsDate, acceptsLoss, storeIn } = options;
  const lasting = await openKeys({ ...config, dataDir });
  const texts = textEncryptionOf(lasting);
  const readTextKeys = async () => (await readKeys(dataDir, config.keysFile)).words;
  const saved = await backUpBeforeUpgrade({ ...config, dataDir }, lasting, machineClock.wallMs());
  if (saved !== null) log({ event: 'backed-up-before-upgrade', folder: basename(saved) });
  const whole = await openWholeStore({ config, dataDir, keys: lasting, storeIn, acceptsLoss });
  opened.defer(() => whole.store.close());
  // The store has the last date, and the rotating keys need a date.
  const clock = await NodeClock.open({
    dataDir,
    store: whole.store,
    clock: machineClock,
    acceptsDate,
    log,
  });
  opened.defer(() => clock.keep().catch(() => {}));
  await recordLosses(whole, clock.wallMs());
  const file = { path: keysPathOf({ ...config, dataDir }), keys: lasting };
  const keys = await KeyStore.open(whole.store, file, instantOf(clock), readTextKeys);
  const store = new KeyedStore(whole.store, async () => {
    const words = await readTextKeys();
    texts.use(words);
    keys.useTextKeys(words);
    return words;
  });
  const signer = new NodeSigner(() => keys.ring);
  if (await isInClear(config)) log({ event: 'database-in-clear' });

  const freshId = (): string => signer.randomId();
  const prng = freshPrng();
  const chance = (): number => prng.unit();
  await importFiles({ dataDir, store, seal: texts, freshId, chance, nowMs: clock.wallMs(), log });
  const hasQuestions = config.modes.includes('question');
  const hasOtherNodes = config.valkey !== null;
  const peopleCache = new PeopleCache(store, freshPrng(), clock, hasOtherNodes, hasQuestions);
  const onKnown = peopleCache.changed.bind(peopleCache);
  const networkAnchor = new NetworkAnchor(keys.ring.subject);
  const anchorRecorder = new AnchorRecorder(store, networkAnchor, onKnown);
  const settled = new FanOut<SettledEntries>();
  const journal = new StoreJournal({
    ...{ store, clock, log, freshId, chance },
    onSettled: settled.emit,
    // A report needs the networks and meetings of its users, and keeps the mode and the community of
    // its call only if the store knows the pair. If the store fails, the tasks of the networks and
    // pairs send them again and log the error.
    onReport: async () => {
      await Promise.allSettled([anchorRecorder.tell(), pairRecorder.tell()]);
    },
    onTaken: onKnown,
  });
  opened.defer(() => journal.close());

  await recordEvidence(store, config.evidence, clock.wallMs());
  const roleKeys = await RoleKeys.open(dataDir, true, config.keysFile);
  await importPictures(dataDir, store, clock.wallMs());
  const vault = new PictureVault(store, roleKeys);
  if (roleKeys.wereMade && !(await vault.isEmpty())) log({ event: 'picture-keys-lost' });
  const checkpoints = await CheckpointKeeper.open(dataDir, store);
  // The audit checkpoint on disk may be a minute old, so it is updated when the node closes. If the
  // store or the disk fails, the old checkpoint stays.
  opened.defer(() => checkpoints.keep().catch(() => {}));
  const standings = new RestrictionsMirror(store, networkAnchor, signer);
  await standings.read(clock.wallMs());
  const house = new HouseMirror(store);
  await house.readRules();
  const communities = new CommunityMirror(store);
  await communities.read();
  const publishedHours = new HoursMirror(store, communities);
  await publishedHours.read(clock.wallMs());
  const hours = await HoursKeeper.open({ store, dataDir, nowMs: clock.wallMs(), log });
  opened.defer(() => hours.close(clock.wallMs()).catch(() => {}));

  const pairRecorder = new PairRecorder({
    store,
    wallMs: () => clock.wallMs(),
    age: config.ageRequired,
    policy: POLICY_VERSION,
  });
  events.subscribe((event) => pairRecorder.observe(event));
  opened.defer(() => pairRecorder.close().catch(() => {}));
  const cleanCalls = new CleanCalls({
    store,
    nowMonotonicMs: () => clock.monotonicMs(),
    onBegan: (match, subjects, devices) => pairRecorder.began(match, subjects, devices),
    onEnded: (match) => pairRecorder.ended(match),
    onCounted: onKnown,
  });
  const rotateKeys = keyRotation(keys, log);
  ticks.subscribe((now) => {
    clock.tick();
    rotateKeys(now);
    journal.tick(now.monotonicMs);
  });

  const closers = opened.move();
  return {
    dataDir,
    clock,
    keys,
    signer,
    store,
    storeHealth: new StoreHealth(log),
    journal,
    settled,
    vault,
    checkpoints,
    networkAnchor,
    standings,
    peopleCache,
    house,
    communities,
    hours,
    publishedHours,
    anchorRecorder,
    pairRecorder,
    cleanCalls,
    close: () => closers.disposeAsync(),
  };
}

export interface StoreTasksNeeds {
  readonly storage: StoragePart;
  readonly events: FanOut<LogEvent>;
  readonly ticks: FanOut<Instant>;
  readonly people: () => number;
  readonly onChanged: StoreTasksOptions['onChanged'];
  readonly otherNodes: StoreTasksOptions['otherNodes'];
  readonly notifier: StoreTasksOptions['notifier'];
}

export function startStoreTasks({ storage, events, ticks, ...needs }: StoreTasksNeeds): StoreTasks {
  const { dataDir, storeHealth } = storage;
  const tasks = new StoreTasks({
    ...storage,
    ...needs,
    removeImported: () => removeImported(dataDir, systemClock.wallMs()),
    onWorked: (task) => storeHealth.worked(task),
    onFailed: (task, error) => storeHealth.failed(task, error),
  });
  events.subscribe((event) => tasks.observe(event));
  ticks.subscribe((now) => tasks.tick(now));
  return tasks;
}

export function instantOf(clock: Clock): Instant {
  return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
}

/**
 * Returns a function to call at each tick. The function rotates the keys when due and logs the
 * result.
 */
function keyRotation(keys: KeyStore, log: Log): (now: Instant) => void {
  let nextAtMonotonicMs = 0;
  return (now) => {
    if (now.monotonicMs < nextAtMonotonicMs) return;
    nextAtMonotonicMs = now.monotonicMs + KEY_CHECK_EVERY_MS;
    keys.rotateIfDue(now).then(
      (isRotated) => {
        if (isRotated) log({ event: 'key-rotated' });
      },
      (error: unknown) => log({ event: 'key-rotation-failed', code: codeOf(error) ?? 'unknown' }),
    );
  };
}
