import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '@farandole/e2e/process';
import { barChart, writeChart } from '../chart.ts';
import type { BenchOptions } from '../options.ts';
import { type Comparison, compare, inLines } from '../result.ts';

const ROUNDS = 21;
/** The first rounds aren't representative, because V8 compiles on other threads. */
const WARM_UP_ROUNDS = 5;
const SAMPLE_MS = 20;
/** Bound of the ratio to the filter of another checkout. */
const AT_MOST = 0.4;

const FILTER = 'packages/gateway/src/signal-policy';
const FIXTURES = 'packages/gateway/test/signal-policy/fixtures';
/** The machine of the recorded descriptions has these addresses. */
const SENDER = {
  clientAddress: '192.0.2.2',
  isLoopbackWithoutProxyHeader: false,
  localInterfaceAddresses: [],
};
const POLICY = {
  ...{ relayMode: 'fallback', directConsent: true, sender: SENDER },
  turnRelayAddresses: ['203.0.113.7', '2001:db8::7'],
};
/** The candidates that recorded descriptions don't have, as browsers write them. */
const FURTHER_CANDIDATES = [
  'candidate:0 1 UDP 2122187007 5b266e35-1796-414f-ab13-f3c5485f10cb.local 42456 typ host',
  'candidate:2986379459 1 udp 1685921535 8.8.4.4 51522 typ srflx raddr 192.0.2.2 rport 51522 generation 0 ufrag Jm8i network-id 1 network-cost 10',
  'candidate:842163049 1 udp 1686052607 2600:1f14:abc::9 40112 typ srflx raddr fd00::2 rport 40112 generation 0 ufrag Jm8i network-id 2 network-cost 10',
  'candidate:1 1 UDP 1685987327 8.8.8.8 37834 typ srflx raddr 0.0.0.0 rport 0',
  'candidate:3745 1 udp 41885439 203.0.113.7 61002 typ relay raddr 8.8.4.4 rport 51522 generation 0 ufrag Jm8i network-id 1 network-cost 10',
];

const KINDS = ['offer', 'answer', 'candidate'] as const;
type Kind = (typeof KINDS)[number];

interface Gate {
  pass(line: string): { readonly ok: boolean };
}

/** The parts of the filter's modules that this benchmark calls. */
interface Filter {
  readonly newGate: () => Gate;
  readonly filterSdp: (text: string, options: object) => { readonly ok: boolean };
}

type Work = Readonly<Record<Kind, () => number>>;

/**
 * Measures the signalling filter alone: µs of CPU for an offer, an answer and a candidate, as
 * Chromium and Firefox write them. The floor splits the same texts into lines and fields, and joins
 * them again. With `--server DIR`, the filter of another checkout takes turns too.
 */
export async function filter({ rounds, server }: BenchOptions): Promise<Record<string, unknown>> {
  const roundsRun = rounds ?? ROUNDS;
  const workers: Record<string, Work> = { ours: workOf(await loadFilter(ROOT)), bare: BARE };
  if (server !== null) workers['there'] = workOf(await loadFilter(server));
  const names = Object.keys(workers);
  const samples = Object.fromEntries(
    KINDS.map((kind) => [kind, Object.fromEntries(names.map((name) => [name, [] as number[]]))]),
  );
  for (let round = -WARM_UP_ROUNDS; round < roundsRun; round++) {
    for (const kind of KINDS) {
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        const spent = microsecondsOf((workers[name] ?? BARE)[kind]);
        if (round >= 0) samples[kind]?.[name]?.push(spent);
      }
    }
  }
  const compared = (kind: Kind): Comparison =>
    compare(`µs of CPU for each ${kind}`, samples[kind] ?? {}, { there: AT_MOST });
  const [offer, answer, candidate] = [compared('offer'), compared('answer'), compared('candidate')];
  console.log(inLines('filter: an offer', offer).join('\n'));
  console.log(inLines('filter: an answer', answer).join('\n'));
  console.log(inLines('filter: a candidate', candidate).join('\n'));
  const picture = await writeChart('filter', barChart('A candidate', candidate));
  return { scenario: 'filter', rounds: roundsRun, ...offer, answer, candidate, picture };
}

/** Loads the filter from the sources of a checkout. */
async function loadFilter(root: string): Promise<Filter> {
  const module = async (name: string): Promise<Record<string, never>> =>
    (await import(pathToFileURL(join(root, FILTER, `${name}.ts`)).href)) as Record<string, never>;
  const [{ CandidateGate }, { signalPolicyFor }, { filterSdp }] = await Promise.all([
    module('candidate-gate'),
    module('policy'),
    module('sdp'),
  ]);
  const Gate = CandidateGate as unknown as new (policy: object) => Gate;
  const policy = (signalPolicyFor as unknown as (input: object) => object)(POLICY);
  return {
    newGate: () => new Gate(policy),
    filterSdp: filterSdp as unknown as Filter['filterSdp'],
  };
}

function workOf({ newGate, filterSdp }: Filter): Work {
  const describe = (type: 'offer' | 'answer') => (): number => {
    for (const text of DESCRIPTIONS[type]) {
      const gate = newGate();
      const options = { type, gate, candidates: 'strip', kinds: ['audio', 'video'] };
      if (!filterSdp(fresh(text), options).ok)
        throw new Error(`the filter refuses: ${fresh(text)}`);
    }
    return DESCRIPTIONS[type].length;
  };
  return {
    offer: describe('offer'),
    answer: describe('answer'),
    candidate: () => {
      // As in a call, where each user has a gate and sends some candidates.
      for (const lines of CANDIDATES) {
        const gate = newGate();
        for (const line of lines) gate.pass(fresh(line));
      }
      return CANDIDATE_LINES.length;
    },
  };
}

const recorded = (name: string): Buffer => readFileSync(join(ROOT, FIXTURES, `${name}.sdp`));

/** Returns a new text, as each frame has one. V8 remembers how it split a text that stays. */
const fresh = (bytes: Buffer): string => bytes.toString('latin1');

const DESCRIPTIONS: Readonly<Record<'offer' | 'answer', readonly Buffer[]>> = {
  offer: [
    recorded('chromium-offer-audio-video-data'),
    recorded('firefox-offer-audio-video-data'),
    recorded('chromium-reoffer-audio-video-data'),
  ],
  answer: [
    recorded('chromium-answer-to-chromium-audio-video-data'),
    recorded('firefox-answer-to-firefox-audio-video-data'),
  ],
};

const CANDIDATES: readonly (readonly Buffer[])[] = [
  'chromium-offer-audio-video-data-gathered',
  'firefox-offer-audio-video-data-gathered',
  'chromium-answer-to-firefox-audio-video-data-gathered',
  'firefox-answer-to-chromium-audio-video-data-gathered',
].map((name) =>
  [
    ...Array.from(
      fresh(recorded(name)).matchAll(/^a=(candidate:[^\r]*)/gm),
      ([, line = '']) => line,
    ),
    ...FURTHER_CANDIDATES,
  ].map((line) => Buffer.from(line)),
);

const CANDIDATE_LINES: readonly Buffer[] = CANDIDATES.flat();

let sink = 0;

/** Splits and joins, so that the engine can't leave out the work. */
const BARE: Work = {
  offer: () => bareLines(DESCRIPTIONS.offer),
  answer: () => bareLines(DESCRIPTIONS.answer),
  candidate: () => {
    for (const line of CANDIDATE_LINES) sink += fresh(line).split(' ').join(' ').length;
    return CANDIDATE_LINES.length;
  },
};

function bareLines(texts: readonly Buffer[]): number {
  for (const text of texts) {
    const lines = fresh(text)
      .split('\r\n')
      .map((line) => line.split(':'));
    sink += lines.map((fields) => fields.join(':')).join('\r\n').length;
  }
  return texts.length;
}

/** Repeats the work for `SAMPLE_MS` of CPU. Returns µs for each item. */
function microsecondsOf(work: () => number): number {
  const before = process.threadCpuUsage();
  let done = 0;
  for (;;) {
    for (let n = 0; n < 10; n++) done += work();
    const { user, system } = process.threadCpuUsage(before);
    if (user + system >= SAMPLE_MS * 1_000) return (user + system) / done;
  }
}
