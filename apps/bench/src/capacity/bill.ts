import { RELAY_KBPS_RANGE } from './costs.ts';
import { type BillOptions, type Costs, capacityOf, type Habits, type RelayPrice } from './model.ts';
import { inShort, inWhole, markdownTable } from './table.ts';

export interface Bill {
  readonly cores: number;
  readonly memoryGib: number;
  readonly uncapped: RelayBill;
  readonly capped: RelayBill;
  readonly moderatorMinutesADay: number;
}

export interface RelayBill {
  /** Bits that leave the relays at the busiest time. */
  readonly mbps: number;
  readonly tbAMonth: number;
  /** In the currency of the price. */
  readonly costAMonth: number;
}

const PEOPLE = [100, 1_000, 10_000, 100_000];
const MONTH_DAYS = 30;

/** Computes what `people` at the busiest time need and cost. */
export function billOf(people: number, options: BillOptions, habits: Habits, costs: Costs): Bill {
  const { relayShare, kbpsMax, price, callsAReport, minutesAReport } = options;
  const own = {
    ...{ ...habits, relayed: relayShare, callsAReport },
    moderatorMinutesAReport: minutesAReport,
  };
  const relayOf = (mbps: number): RelayBill => {
    const { relayMbps, relayGbADay } = capacityOf(people, { ...own, mbps }, costs);
    const tbAMonth = (relayGbADay.some * MONTH_DAYS) / 1_000;
    const amount = price.per === 'TB' ? tbAMonth : relayMbps.some;
    return { mbps: relayMbps.some, tbAMonth, costAMonth: amount * price.amount };
  };
  const { cores, memoryMib, moderatorMinutesADay } = capacityOf(people, own, costs);
  return {
    cores,
    memoryGib: memoryMib / 1_024,
    uncapped: relayOf(habits.mbps),
    capped: relayOf(Math.min(habits.mbps, kbpsMax / 1_000)),
    moderatorMinutesADay,
  };
}

/** Renders the bill that `docs/capacity.md` contains. */
export function billTable(options: BillOptions, habits: Habits, costs: Costs): string {
  const bills = PEOPLE.map((people) => billOf(people, options, habits, costs));
  const { kbpsMax, price, relayShare } = options;
  const unit = price.per === 'TB' ? 'a TB' : 'a Mb/s';
  const relayRows = (name: string, of: (bill: Bill) => RelayBill): readonly string[][] => [
    [`relay ${name}, Mb/s at the busiest time`, ...bills.map((bill) => inShort(of(bill).mbps))],
    [`relay ${name}, TB a month`, ...bills.map((bill) => inShort(of(bill).tbAMonth))],
    [
      `relay ${name}, cost a month at ${price.amount} ${unit}`,
      ...bills.map((bill) => inShort(of(bill).costAMonth)),
    ],
  ];
  return markdownTable([
    [`people at the busiest time, ${percent(relayShare)} relayed`, ...PEOPLE.map(inWhole)],
    ['CPU of all nodes, cores', ...bills.map(({ cores }) => inShort(cores))],
    ['memory of all nodes, GiB', ...bills.map(({ memoryGib }) => inShort(memoryGib))],
    ...relayRows('uncapped', ({ uncapped }) => uncapped),
    ...relayRows(`at ${kbpsMax} kb/s`, ({ capped }) => capped),
    ['moderator minutes a day', ...bills.map((bill) => inShort(bill.moderatorMinutesADay))],
  ]);
}

/**
 * Reads the options of `npm run capacity`.
 * @throws Error that names the wrong option and what it takes
 */
export function readBillOptions(
  texts: Readonly<Partial<Record<string, string>>>,
  byDefault: BillOptions,
): BillOptions {
  const read = (name: string, min: number, max: number, otherwise: number): number => {
    const text = texts[name];
    if (text === undefined) return otherwise;
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new Error(`--${name} takes a number from ${min} to ${max}, not "${text}".`);
  };
  const [kbpsMin, kbpsTop] = RELAY_KBPS_RANGE;
  return {
    relayShare: read('relay-share', 0, 1, byDefault.relayShare),
    kbpsMax: read('relay-kbps-max', kbpsMin, kbpsTop, byDefault.kbpsMax),
    price: priceOf(texts['relay-price'], byDefault.price),
    callsAReport: read('calls-a-report', 1, 1e6, byDefault.callsAReport),
    minutesAReport: read('minutes-a-report', 0, 1_440, byDefault.minutesAReport),
  };
}

const DECIMAL = /^\d{1,7}(?:\.\d{1,4})?$/;

function priceOf(text: string | undefined, otherwise: RelayPrice): RelayPrice {
  if (text === undefined) return otherwise;
  const [amount = '', per = '', ...rest] = text.split('/');
  const isRight = DECIMAL.test(amount) && (per === 'TB' || per === 'Mbps') && rest.length === 0;
  if (isRight) return { amount: Number(amount), per };
  throw new Error(`--relay-price takes a price such as 5/TB or 0.4/Mbps, not "${text}".`);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
