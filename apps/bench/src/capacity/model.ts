/** Measured costs. Times are µs of CPU. */
export interface Costs {
  /** A session ticket with a short proof of work. */
  readonly ticketUs: number;
  /** A connection with hello, signature check, first match and close. */
  readonly visitUs: number;
  /** The end of a call and the next match, for one user. */
  readonly nextUs: number;
  /** A line of chat, sent to both users and acknowledged. */
  readonly lineUs: number;
  readonly typingUs: number;
  /** A connected user, per second. */
  readonly idleUs: number;
  /** A line on two nodes with half of the calls crossing, × a line on one node. */
  readonly halfCrossing: number;
  /** A message between two nodes that is sent alone, of both nodes and Valkey. */
  readonly messageUs: number;
  /** Memory of a node without users. */
  readonly nodeMib: number;
  /** Memory of a connected user. */
  readonly userKib: number;
  /** A stored pair, with indexes. */
  readonly pairBytes: number;
}

/** Assumptions about users and the operator. Nothing measured stands behind them. */
export interface Habits {
  /** Length of a visit in seconds. */
  readonly visitS: number;
  /** Part of a visit that is spent in calls. */
  readonly inCalls: number;
  /** Length of a call in seconds. */
  readonly callS: number;
  /** Lines and typing messages of a user per minute of a call. */
  readonly linesAMinute: number;
  readonly typingsAMinute: number;
  /** People at the busiest time, × the mean of the day. */
  readonly peak: number;
  /** Part of the calls that need a relay when both users allow a direct connection. */
  readonly relayed: number;
  /** Bit rate of one user's picture and sound, in Mb/s. */
  readonly mbps: number;
  /** Number of calls for one report. */
  readonly callsAReport: number;
  readonly moderatorMinutesAReport: number;
  /** Part of a core that a node may use, so that the rest is free for what isn't in the model. */
  readonly coreUse: number;
  /** Connections of a node. */
  readonly connectionsMax: number;
}

/** Price of the bits that leave a relay: for each TB, or for each Mb/s at the busiest time. */
export interface RelayPrice {
  readonly amount: number;
  readonly per: 'TB' | 'Mbps';
}

export interface BillOptions {
  /** Part of the calls that are relayed. */
  readonly relayShare: number;
  /** FARANDOLE_RELAY_KBPS_MAX of the capped rows. */
  readonly kbpsMax: number;
  readonly price: RelayPrice;
  /** Number of calls for one report. */
  readonly callsAReport: number;
  readonly minutesAReport: number;
}

export interface Capacity {
  /** Users at the busiest time. */
  readonly people: number;
  readonly visitsADay: number;
  /** CPU at the busiest time, of all nodes and Valkey, in cores. */
  readonly cores: number;
  /** Number of nodes that carry the users. */
  readonly nodes: number;
  /** Memory of all nodes in MiB. */
  readonly memoryMib: number;
  /** Bits that leave the relay at the busiest time in Mb/s: some calls relayed, and all. */
  readonly relayMbps: { readonly some: number; readonly all: number };
  /** Bytes that leave the relay in a day in GB, likewise. */
  readonly relayGbADay: { readonly some: number; readonly all: number };
  readonly storedMbADay: number;
  readonly reportsADay: number;
  readonly moderatorMinutesADay: number;
}

const DAY_S = 86_400;
/** Messages of one match between two nodes; `packages/cluster/SPEC.md` names them. */
const MESSAGES_A_MATCH = 6;
const NODES_MAX = 10_000;

/** Users at the busiest time of a day with this many visits. */
export function peopleOf(visitsADay: number, { visitS, peak }: Habits): number {
  return (visitsADay * visitS * peak) / DAY_S;
}

/** Computes what `people` at the busiest time need. */
export function capacityOf(people: number, habits: Habits, costs: Costs): Capacity {
  const { visitS, inCalls, callS, peak, relayed, mbps } = habits;
  const visitsADay = (people * DAY_S) / (visitS * peak);
  const callsADay = (visitsADay * visitS * inCalls) / callS / 2;
  const nodes = nodesOf(people, habits, costs);
  const allMbps = people * inCalls * mbps;
  const allGb = ((allMbps / peak) * DAY_S) / 8 / 1_000;
  const reportsADay = callsADay / habits.callsAReport;
  return {
    people,
    visitsADay,
    cores: coresOf(people, nodes, habits, costs),
    nodes,
    memoryMib: nodes * costs.nodeMib + (people * costs.userKib) / 1_024,
    relayMbps: { some: allMbps * relayed, all: allMbps },
    relayGbADay: { some: allGb * relayed, all: allGb },
    storedMbADay: (callsADay * costs.pairBytes) / 1e6,
    reportsADay,
    moderatorMinutesADay: reportsADay * habits.moderatorMinutesAReport,
  };
}

/** CPU at the busiest time in cores, if `nodes` nodes share the users. */
export function coresOf(people: number, nodes: number, habits: Habits, costs: Costs): number {
  const { visitS, inCalls, callS, linesAMinute, typingsAMinute } = habits;
  // Of two users who meet at random, the second is on another node with this probability.
  const crossing = 1 - 1 / nodes;
  const messages = 1 + 2 * (costs.halfCrossing - 1) * crossing;
  const matchUs = (MESSAGES_A_MATCH / 2) * costs.messageUs * crossing;
  const visitUs = (costs.ticketUs + costs.visitUs + matchUs) / visitS;
  const searchesAS = Math.max(0, inCalls / callS - 1 / visitS);
  const talkUs =
    (inCalls * (linesAMinute * costs.lineUs + typingsAMinute * costs.typingUs) * messages) / 60;
  const nextUs = searchesAS * (costs.nextUs + matchUs);
  return (people * (visitUs + nextUs + talkUs + costs.idleUs)) / 1e6;
}

function nodesOf(people: number, habits: Habits, costs: Costs): number {
  for (let nodes = 1; nodes <= NODES_MAX; nodes++) {
    const isRoom = people <= nodes * habits.connectionsMax;
    if (isRoom && coresOf(people, nodes, habits, costs) <= nodes * habits.coreUse) return nodes;
  }
  throw new Error(`${people} people need more than ${NODES_MAX} nodes`);
}
