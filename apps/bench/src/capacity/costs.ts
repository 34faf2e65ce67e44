import type { BillOptions, Costs, Habits } from './model.ts';

export interface MeasuredCost {
  readonly value: number;
  readonly command: string;
  readonly date: string;
}

const WIDE = 'npm run bench -- wide';
const RELAY = 'npm run bench -- relay';
const CONNECT = 'npm run bench -- connect';
const SOAK = 'npm run soak -- --sockets 5000 --minutes 45';
const EARLIER = '2026-11-30';
const TODAY = '2026-12-01';

/** What the benchmarks measured, on a virtual machine with two cores. `Costs` has the units. */
export const MEASURED: Readonly<Record<keyof Costs, MeasuredCost>> = {
  ticketUs: { value: 1_385, command: CONNECT, date: EARLIER },
  visitUs: { value: 1_199, command: CONNECT, date: EARLIER },
  nextUs: { value: 265, command: 'npm run bench -- skip', date: EARLIER },
  lineUs: { value: 97.5, command: RELAY, date: EARLIER },
  typingUs: { value: 58.2, command: RELAY, date: EARLIER },
  idleUs: { value: 6.7, command: WIDE, date: TODAY },
  halfCrossing: { value: 1.23, command: WIDE, date: TODAY },
  messageUs: { value: 655, command: WIDE, date: TODAY },
  nodeMib: { value: 159, command: 'npm run bench -- memory', date: TODAY },
  // (312 − 195) MiB for 5,000 users in the first minute, when an empty node still had 195 MiB.
  userKib: { value: 24, command: SOAK, date: TODAY },
  pairBytes: { value: 426, command: 'npm run bench -- store', date: EARLIER },
};

export const COSTS = Object.fromEntries(
  Object.entries(MEASURED).map(([name, { value }]) => [name, value]),
) as unknown as Costs;

/** Replace these by the figures of your site. */
export const ASSUMED: Habits = {
  visitS: 600,
  inCalls: 0.8,
  callS: 60,
  linesAMinute: 4,
  typingsAMinute: 8,
  peak: 2,
  relayed: 0.2,
  mbps: 1,
  callsAReport: 200,
  moderatorMinutesAReport: 2,
  coreUse: 0.5,
  connectionsMax: 20_000,
};

/** Smallest and largest FARANDOLE_RELAY_KBPS_MAX that the server takes. */
export const RELAY_KBPS_RANGE = [100, 3_000] as const;

/**
 * Options of the bill. The price is an assumption without a currency: offers differ by a factor of
 * a hundred. `packages/moderation/src/simulation/assumptions.ts` assumes likewise how often users
 * report: an honest user reports 3 of 1,000 strangers who did no harm, and a victim reports a
 * quarter of the harm that is seen.
 */
export const BILL: BillOptions = {
  relayShare: ASSUMED.relayed,
  kbpsMax: 500,
  price: { amount: 5, per: 'TB' },
  callsAReport: ASSUMED.callsAReport,
  minutesAReport: ASSUMED.moderatorMinutesAReport,
};
